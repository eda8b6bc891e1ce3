"""Who decides what at the enterprise seat, and what it reacts to (护企专席规则)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kuaifan.kernel.message import Command, Event
from kuaifan.seats.enterprise import care_rules, match_rules, register_rules, words
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.alarm import AlarmRaised

DECIDERS: Final[Mapping[type[Command], Callable[..., list[Event]]]] = {
    words.AddFirm: register_rules.add_firm,
    words.ChangeFirm: register_rules.change_firm,
    words.RetireFirm: register_rules.retire_firm,
    words.ImportFirms: register_rules.import_firms,
    words.MatchFirm: match_rules.match_firm,
    words.LiftMatch: match_rules.lift_match,
    words.SayAgainst: match_rules.say_against,
    words.ReadNotice: care_rules.read_notice,
    words.PassUpNotice: care_rules.pass_up,
    words.RecordFirmCallBack: care_rules.record_call_back,
    words.ReportUnresolved: care_rules.report_unresolved,
    words.ResolveFirmCase: care_rules.resolve,
    words.SetEnterpriseTerms: care_rules.set_terms,
}
REACTIONS: Final[Mapping[type[Event], Sequence[Callable[..., list[Any]]]]] = {
    incidents.IncidentOpened: [match_rules.on_intake],
    incidents.IncidentPlaced: [match_rules.on_intake],
    incidents.IncidentUpdated: [match_rules.on_updated],
    incidents.IncidentMerged: [match_rules.on_merged],
    calls.CallAttached: [match_rules.on_intake],
    words.FirmMatched: [match_rules.on_matched],
    words.MatchLifted: [match_rules.on_lifted],
    words.AgainstFirmSaid: [match_rules.on_against],
    AlarmRaised: [care_rules.on_alarm],
}
