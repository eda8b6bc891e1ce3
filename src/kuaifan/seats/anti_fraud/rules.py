"""Who decides what at the fraud seat, and what it reacts to (反诈专席规则)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kuaifan.kernel.message import Command, Event
from kuaifan.seats.anti_fraud import (
    case_rules,
    money_rules,
    retyping,
    victim_rules,
    words,
    words_kind,
)
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders

DECIDERS: Final[Mapping[type[Command], Callable[..., list[Event]]]] = {
    words.OpenFraudCase: case_rules.open_case,
    words.NoteVictim: case_rules.note_victim,
    words.AddTransfer: case_rules.add_transfer,
    words.CorrectLoss: case_rules.correct_loss,
    words.WaiveStop: case_rules.waive_stop,
    words.FileFraudCase: case_rules.file_case,
    words.CloseFraudCase: case_rules.close_case,
    words.RequestStop: money_rules.request_stop,
    words.TakeBankAnswer: money_rules.take_answer,
    words.LapseStop: money_rules.lapse_stop,
    words.FreezeMoney: money_rules.freeze,
    words.RenewFreeze: money_rules.renew_freeze,
    words.LapseFreeze: money_rules.lapse_freeze,
    words.ReturnMoney: money_rules.return_money,
    words.ClaimWrongFreeze: money_rules.claim,
    words.ProposeRelease: money_rules.propose_release,
    words.ConfirmRelease: money_rules.confirm_release,
    words.KeepHold: money_rules.keep_hold,
    words.SendToVictim: victim_rules.send_to_victim,
    words.FollowUnit: victim_rules.follow_unit,
    words.NoteLine: victim_rules.note_line,
    words.EndDissuasion: victim_rules.end_dissuasion,
    words.SetFraudTerms: victim_rules.set_terms,
    words_kind.RetypeFraudCase: retyping.retype,
}
REACTIONS: Final[Mapping[type[Event], Sequence[Callable[..., list[Any]]]]] = {
    incidents.IncidentOpened: [case_rules.on_typed],
    incidents.IncidentUpdated: [case_rules.on_typed, retyping.on_type_changed],
    incidents.IncidentMerged: [case_rules.on_merged],
    orders.UnitAssigned: [victim_rules.on_sent],
    orders.UnitArrived: [victim_rules.on_there],
    orders.OrderWithdrawn: [victim_rules.on_back],
    calls.CallEnded: [victim_rules.on_call_ended],
    words.BankAnswered: [money_rules.on_answered],
    words.MoneyFrozen: [money_rules.on_frozen],
    words.MoneyMoved: [money_rules.on_moved],
    words_kind.FraudKindChanged: [retyping.on_retyped],
}
