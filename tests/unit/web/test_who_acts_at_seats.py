"""Who acts at a special seat is the log-on's to say: each field for a person is known for what."""

from kuaifan.app.rules import asked_commands, installed_plugins
from kuaifan.board.seat_check import name_of, seat_of
from kuaifan.vocabulary.acting import ACTS_BY
from kuaifan.vocabulary.approval import consent_field, needs_consent

NOBODY_ACTS = {"ReviewAttention", "PressSchoolKey"}
"""Applying a rule once more, and a key at a gate, which has no log-on."""
TOLD_OF = {
    "AcceptBranch": {"officer"},
    "AddFirm": {"leader", "chief", "officer"},
    "BeginInquiry": {"inspector"},
    "ChangeFirm": {"leader", "chief", "officer"},
    "ConcludeComplaint": {"responsible"},
    "GiveOpenReason": {"owner"},
    "HoldMediation": {"mediator"},
    "LinkCase": {"officer"},
    "NoteVictim": {"victim"},
    "OpenJointTask": {"lead"},
    "OpenMeeting": {"chair"},
    "ReceiveReferral": {"receiver"},
    "SendInspector": {"inspector"},
    "ServeWarning": {"witness"},
    "StepSmallCase": {"officer"},
    "TellCommittee": {"received_by"},
}
"""Whom a command gives something to do, or who was there: told by who acts, never who acts."""
PERSONS = {
    *("person", "officer", "inspector", "mediator", "leader", "chief", "lead", "chair"),
    *("keeper", "witness", "receiver", "responsible", "victim", "handler", "reviewer_id"),
}


def commands_of_seats():
    outer = set(asked_commands())
    plugins = [each for each in installed_plugins() if seat_of(each) is not None]
    return [(p, c) for p in plugins for c in p.commands if c in outer]


def test_each_command_that_somebody_submits_says_who_acts_and_no_form_asks_for_it():
    for plugin, command in commands_of_seats():
        acts_by = getattr(command, ACTS_BY, None)
        assert acts_by or name_of(command) in NOBODY_ACTS, command
        for action in seat_of(plugin).actions:
            if action.command == name_of(command):
                assert acts_by not in {field.name for field in action.fields}, command


def test_each_other_field_for_a_person_is_of_somebody_who_does_not_act():
    """A new one has to be put into this list, with what it means, or be who acts."""
    found = {}
    for plugin, command in commands_of_seats():
        asked = {
            field.name
            for action in seat_of(plugin).actions
            for field in action.fields
            if action.command == name_of(command) and field.kind == "person"
        }
        fields = set(command.__struct_fields__)
        named = asked | {each for each in fields if each in PERSONS or each.endswith("_by")}
        named -= {getattr(command, ACTS_BY, None)}
        if needs_consent(command):
            named -= {consent_field(command)}
        if named:
            found[name_of(command)] = named
    assert found == TOLD_OF
