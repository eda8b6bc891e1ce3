"""Letters, referrals and material (告诫书、转介、宣传资料): papers with a receipt, or a reason."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item
from kuaifan.board.seat_terms import check_term
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.items_of import get_household_of, opened
from kuaifan.seats.domestic_violence.kinds import LETTER, REFERRAL
from kuaifan.seats.domestic_violence.papers import (
    Material,
    get_happening,
    get_household,
    need_second,
    slice_of,
)
from kuaifan.seats.domestic_violence.terms import TERMS

BOTH: Final = {"victim", "respondent"}


def issue_warning(board: Board, command: words.IssueWarning, now_ms: int) -> list[Event]:
    """A warning letter (出具告诫书): of an incident that is not unfounded, once."""
    household, happening = get_happening(board, command.incident_id)
    need_name(command.by)
    if not command.number.strip() or not command.facts.strip():
        raise Refused("letter_incomplete", "须填写文号和事实", "a letter has a number and facts")
    if happening.verdict == "unfounded":
        raise Refused(
            "violence_unfounded",
            f"警情 {command.incident_id} 家暴不成立，不能出具告诫书",
            f"incident {command.incident_id} was found to be no violence",
        )
    if happening.has_letter:
        raise Refused(
            "letter_exists",
            f"警情 {command.incident_id} 已有告诫书",
            f"incident {command.incident_id} has a warning letter already",
        )
    mine = slice_of(board)
    n = sum(each.incident_id == command.incident_id for each in mine.letters.values())
    letter_id = f"{command.incident_id}-G{n + 1}"
    return [
        happened.WarningIssued(
            incident_id=command.incident_id,
            household_id=household.household_id,
            letter_id=letter_id,
            number=command.number,
            facts=command.facts,
            by=command.by,
        ),
        opened(
            board,
            LETTER,
            household,
            due_at_ms=now_ms + mine.terms.serve_h * HOUR_MS,
            subject_id=letter_id,
            incident_id=command.incident_id,
        ),
    ]


def serve_warning(board: Board, command: words.ServeWarning, now_ms: int) -> list[Event]:
    """Served on one side (送达告诫书): who does not sign, before a witness."""
    item = get_item(board, command.item_id, LETTER)
    mine = slice_of(board)
    letter = mine.letters[item.subject_id]
    need_name(command.by)
    if command.party in letter.served:
        raise Refused(
            "already_served",
            "该方已送达",
            "it was served on this side already",
        )
    if not command.is_signed:
        need_name(
            command.witness,
            zh="拒签须写明见证人",
            en="who refuses to sign does so before a witness",
        )
    is_whole = {*letter.served, command.party} == BOTH
    due_at_ms = now_ms + mine.terms.committee_h * HOUR_MS if is_whole else item.due_at_ms
    stage = "to_tell" if is_whole else "to_serve"
    return [
        happened.WarningServed(
            incident_id=item.incident_id,
            letter_id=letter.letter_id,
            party=command.party,
            is_signed=command.is_signed,
            by=command.by,
            witness=command.witness,
        ),
        move_item(LETTER, item, stage, by=command.by, due_at_ms=due_at_ms),
    ]


def tell_committee(board: Board, command: words.TellCommittee, _now_ms: int) -> list[Event]:
    """The committee knows (告知居（村）委会), after both sides have it."""
    item = get_item(board, command.item_id, LETTER)
    letter = slice_of(board).letters[item.subject_id]
    need_name(command.by, command.committee, command.received_by)
    if {*letter.served} != BOTH:
        raise Refused(
            "not_served",
            "须先送达双方",
            "it is served on both sides first",
        )
    return [
        happened.CommitteeTold(
            incident_id=item.incident_id,
            letter_id=letter.letter_id,
            committee=command.committee,
            received_by=command.received_by,
            by=command.by,
        ),
        close_item(LETTER, item, "told", by=command.by),
    ]


def withdraw_warning(board: Board, command: words.WithdrawWarning, _now_ms: int) -> list[Event]:
    """It was wrong (撤销告诫书): for a reason, with a supervisor's name."""
    item = get_item(board, command.item_id, LETTER)
    need_name(command.by)
    need_reason(command.reason)
    need_second(command.by, command.approved_by)
    return [
        happened.WarningWithdrawn(
            incident_id=item.incident_id,
            letter_id=item.subject_id,
            reason=command.reason,
            by=command.by,
            approved_by=command.approved_by,
        ),
        close_item(LETTER, item, "withdrawn", by=command.by, note=command.reason),
    ]


def refer(board: Board, command: words.ReferHousehold, now_ms: int) -> list[Event]:
    """Somebody else helps (转介), and says that they have it."""
    household, mine = get_household(board, command.household_id), slice_of(board)
    need_name(command.by)
    if not command.what.strip():
        raise Refused("no_text", "须填写转介内容", "write what help is asked for")
    here = [r for r in mine.referrals.values() if r.household_id == household.household_id]
    if any(each.to == command.to and not each.outcome for each in here):
        raise Refused(
            "referral_open", "已向该单位转介，尚未办结", "a referral to them is open already"
        )
    referral_id = f"{household.incident_id}-R{len(mine.referrals) + 1}"
    return [
        happened.HouseholdReferred(
            incident_id=household.incident_id,
            household_id=household.household_id,
            referral_id=referral_id,
            to=command.to,
            what=command.what,
            by=command.by,
        ),
        opened(
            board,
            REFERRAL,
            household,
            due_at_ms=now_ms + mine.terms.receipt_h * HOUR_MS,
            subject_id=referral_id,
        ),
    ]


def receive_referral(board: Board, command: words.ReceiveReferral, now_ms: int) -> list[Event]:
    """They have it (转介回执), by name."""
    item = get_item(board, command.item_id, REFERRAL)
    get_household_of(board, item)
    need_name(command.by, command.receiver)
    due_at_ms = now_ms + slice_of(board).terms.referral_days * DAY_MS
    return [
        happened.ReferralReceived(
            incident_id=item.incident_id,
            referral_id=item.subject_id,
            receiver=command.receiver,
            by=command.by,
        ),
        move_item(REFERRAL, item, "received", by=command.by, due_at_ms=due_at_ms),
    ]


def end_referral(board: Board, command: words.EndReferral, _now_ms: int) -> list[Event]:
    """What came of it (转介办结): help wants a receipt first, a return a reason."""
    item = get_item(board, command.item_id, REFERRAL)
    need_name(command.by)
    if command.outcome == "helped" and item.stage != "received":
        raise Refused("no_receipt", "对方尚未回执", "they have not said that they have it")
    if command.outcome == "returned":
        need_reason(command.note)
    return [
        happened.ReferralEnded(
            incident_id=item.incident_id,
            referral_id=item.subject_id,
            outcome=command.outcome,
            by=command.by,
        ),
        close_item(REFERRAL, item, command.outcome, by=command.by, note=command.note),
    ]


def put_material(board: Board, command: words.PutMaterial, _now_ms: int) -> list[Event]:
    """Something to hand out (登记宣传资料); a title that is known gets its new version."""
    mine = slice_of(board)
    need_name(command.by, command.title)
    same = next((m for m in mine.materials.values() if m.title == command.title), None)
    if same is not None and same.version == command.version:
        raise Refused("material_known", "该版本已登记", "this version is listed already")
    return [
        happened.MaterialPut(
            material_id=same.material_id if same else f"M{mine.n_materials + 1}",
            title=command.title,
            version=command.version,
            where=command.where,
            by=command.by,
        )
    ]


def hand_out(board: Board, command: words.HandOutMaterial, _now_ms: int) -> list[Event]:
    """So many were handed out (发放宣传资料)."""
    material = _get_material(board, command.material_id)
    need_name(command.by)
    return [
        happened.MaterialHandedOut(material_id=material.material_id, n=command.n, by=command.by)
    ]


def drop_material(board: Board, command: words.DropMaterial, _now_ms: int) -> list[Event]:
    """Out of date (撤下宣传资料)."""
    material = _get_material(board, command.material_id)
    need_name(command.by)
    return [happened.MaterialDropped(material_id=material.material_id, by=command.by)]


def _get_material(board: Board, material_id: str) -> Material:
    found = slice_of(board).materials.get(material_id)
    if found is None:
        raise Refused(
            "unknown_material",
            f"没有宣传资料 {material_id}",
            f"there is no material {material_id}",
        )
    return found


def set_term(board: Board, command: words.SetViolenceTerm, _now_ms: int) -> list[Event]:
    """Another number (调整专席参数), within its bounds."""
    need_name(command.by)
    check_term(TERMS, command.name, command.value, getattr(slice_of(board).terms, command.name))
    return [happened.ViolenceTermSet(name=command.name, value=command.value, by=command.by)]


DECIDERS: Final = {
    words.IssueWarning: issue_warning,
    words.ServeWarning: serve_warning,
    words.TellCommittee: tell_committee,
    words.WithdrawWarning: withdraw_warning,
    words.ReferHousehold: refer,
    words.ReceiveReferral: receive_referral,
    words.EndReferral: end_referral,
    words.PutMaterial: put_material,
    words.HandOutMaterial: hand_out,
    words.DropMaterial: drop_material,
    words.SetViolenceTerm: set_term,
}
