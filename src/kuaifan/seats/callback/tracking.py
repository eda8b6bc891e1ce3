"""What the page of a link shows (警情进度页): stages, and when; nothing of anybody, and no place.

Of a criminal case only the day is shown: the minute of an arrest is nobody's to read.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_incident
from kuaifan.board.public_page import PublicPage, PublicQuestion, PublicSeen, PublicStep
from kuaifan.board.silence import can_ring, has_number
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.callback import words
from kuaifan.seats.callback.papers import Satisfaction, slice_of
from kuaifan.seats.callback.sample import make_token, read_token
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.talk import SendText

STAGE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "taken": ("已受理", "taken"),
    "sent": ("已派警", "police sent"),
    "there": ("民警已到场", "police there"),
    "handled": ("已处置", "handled"),
    "closed": ("已办结", "closed"),
}
TITLE: Final = "警情进度"
RATINGS: Final[dict[Satisfaction, str]] = {
    "satisfied": "满意",
    "fairly": "基本满意",
    "dissatisfied": "不满意",
}


def stages_of(board: Board, incident: Incident) -> dict[str, int]:
    """When it came how far; stages it has not come to are left out."""
    active = board.active_orders(incident)
    found = {
        "taken": incident.opened_at_ms,
        "sent": min((o.t4_ms for o in active if o.t4_ms), default=0),
        "there": min((o.t7_ms for o in active if o.t7_ms), default=0),
        "handled": max((o.t8_ms for o in active if o.t8_ms), default=0),
        "closed": incident.t10_ms,
    }
    if incident.state not in {"handled", "fed_back", "reviewed", "closed"}:
        found["handled"] = 0
    return {name: at_ms for name, at_ms in found.items() if at_ms}


def look(board: Board, token: str, now_ms: int) -> PublicSeen | None:
    """What a token shows now, or None: not ours, over, or of a record that became restricted."""
    mine = slice_of(board)
    read = read_token(mine.key, token)
    track = mine.tracks.get(read[0]) if read else None
    if read is None or track is None or not now_ms < read[1] <= track.until_ms:
        return None
    incident = board.incidents.get(track.incident_id)
    if incident is not None and incident.record_class == "restricted":
        return None
    stages = stages_of(board, incident) if incident else track.stages
    steps = tuple(
        PublicStep(words=STAGE_WORDS[name][0], at_ms=at_ms, only_day=track.is_criminal)
        for name, at_ms in stages.items()
    )
    if track.rating:
        return PublicSeen(title=TITLE, steps=steps, said="您已评价，谢谢。")
    is_done = "handled" in stages or "closed" in stages
    question = _ask(track.incident_id) if is_done else None
    return PublicSeen(title=TITLE, steps=steps, question=question)


def _ask(incident_id: str) -> PublicQuestion:
    return PublicQuestion(
        words="您对处置满意吗？",
        thanks="感谢您的评价",
        choices=tuple((code, said) for code, said in RATINGS.items()),
        answers={
            code: words.RateHandling(incident_id=incident_id, satisfaction=code) for code in RATINGS
        },
    )


PUBLIC_PAGE: Final = PublicPage(look=look)


def send_link(board: Board, command: words.SendTrackLink, now_ms: int) -> list[Event]:
    """A link goes out as a text (发送进度链接), once; never of a restricted record."""
    incident, mine = get_incident(board, command.incident_id), slice_of(board)
    need_name(command.by)
    if incident.record_class == "restricted":
        raise Refused(
            "restricted_record",
            f"警情 {incident.incident_id} 属限制记录，不发短信、链接和评价",
            f"incident {incident.incident_id} is restricted: no text, link or rating",
        )
    if not mine.key or not mine.address:
        raise Refused(
            "no_track_page",
            "尚未启用进度页，请先设置地址",
            "there is no page for links yet: set its address first",
        )
    if incident.incident_id in mine.tracks and now_ms < mine.tracks[incident.incident_id].until_ms:
        raise Refused("link_sent", "链接已发送", "a link was sent already")
    calls = [board.calls[each] for each in incident.call_ids if each in board.calls]
    call = next((each for each in calls if has_number(each) and can_ring(each)), None)
    if call is None:
        raise Refused("no_number", "没有可发短信的号码", "there is no number that a text may go to")
    known = board.reference.types.get(incident.type_code)
    return [
        words.TrackLinkSent(
            incident_id=incident.incident_id,
            call_id=call.call_id,
            until_ms=now_ms + mine.terms.link_days * DAY_MS,
            is_criminal=known is not None and known.class_key == "criminal",
            by=command.by,
        )
    ]


def on_link(board: Board, event: words.TrackLinkSent, _now_ms: int) -> list[Follow]:
    """The text itself."""
    mine = slice_of(board)
    token = make_token(mine.key, event.incident_id, event.until_ms)
    link = f"{mine.address.rstrip('/')}/track/{token}"
    return [SendText(call_id=event.call_id, text=f"110：警情进度 {link}", kind="receipt")]


def keep(board: Board, command: words.KeepTrack, _now_ms: int) -> list[Event]:
    """Its stages, for when the board has it no more (留存进度)."""
    incident, mine = get_incident(board, command.incident_id), slice_of(board)
    if incident.incident_id not in mine.tracks:
        return []
    stages = stages_of(board, incident)
    return [words.TrackKept(incident_id=incident.incident_id, stages=stages)]


def on_closed(board: Board, event: incidents.IncidentClosed, _now_ms: int) -> list[Follow]:
    """Over, and its link still works."""
    is_watched = event.incident_id in slice_of(board).tracks
    return [words.KeepTrack(incident_id=event.incident_id)] if is_watched else []


def rate(board: Board, command: words.RateHandling, now_ms: int) -> list[Event]:
    """The caller rates it (群众评价): once, by a link that works."""
    track = slice_of(board).tracks.get(command.incident_id)
    if track is None or now_ms >= track.until_ms:
        raise Refused("no_link", "链接无效或已过期", "the link is not valid any more")
    incident = board.incidents.get(command.incident_id)
    if incident is not None and incident.record_class == "restricted":
        raise Refused("restricted_record", "限制记录不评价", "a restricted record is not rated")
    if track.rating:
        raise Refused("rated", "您已评价，谢谢", "you have rated it already, thank you")
    return [words.HandlingRated(incident_id=command.incident_id, satisfaction=command.satisfaction)]


def set_address(board: Board, command: words.SetTrackAddress, _now_ms: int) -> list[Event]:
    """Where the page is (设置进度页地址); empty switches links off."""
    need_name(command.by)
    if command.address and not command.address.startswith("https://"):
        raise Refused("no_https", "地址须以 https:// 开头", "the address begins with https://")
    mine = slice_of(board)
    if not (command.key or mine.key):
        raise Refused("key_needed", "首次设置须填写密钥", "the first time it needs a key")
    if mine.address == command.address and command.key in {"", mine.key}:
        raise Refused("same_value", "地址和密钥未变", "address and key are set already")
    return [words.TrackAddressSet(address=command.address, by=command.by, key=command.key)]


DECIDERS: Final = {
    words.SendTrackLink: send_link,
    words.KeepTrack: keep,
    words.RateHandling: rate,
    words.SetTrackAddress: set_address,
}
