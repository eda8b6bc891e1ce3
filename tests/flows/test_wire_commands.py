"""What a device may send as a command: every wrong, missing or extra field is refused by name."""

import json

import msgspec
import pytest

from kuaifan import vocabulary
from kuaifan.app.rules import core_codec
from kuaifan.kernel.codec import UnknownMessageError
from kuaifan.vocabulary.order import AssignUnit

CODEC = core_codec()
GOOD = {"type": "AssignUnit", "incident_id": "J1", "unit_id": "P1"}


def _decode(fields):
    return CODEC.decode_command(json.dumps(fields).encode())


def test_a_command_as_it_should_be_is_taken():
    assert _decode(GOOD) == AssignUnit(incident_id="J1", unit_id="P1")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (GOOD | {"colour": "red"}, "unknown field `colour`"),
        (GOOD | {"unit_id": 7}, r"Expected `str`, got `int` - at `\$.unit_id`"),
        (GOOD | {"unit_id": None}, r"at `\$.unit_id`"),
        (GOOD | {"painted_seq": "9"}, r"at `\$.painted_seq`"),
        ({"type": "AssignUnit", "incident_id": "J1"}, "missing required field `unit_id`"),
        (GOOD | {"unit_id": "P" * 10_000}, r"at `\$.unit_id`"),
    ],
)
def test_a_wrong_missing_or_extra_field_is_named(fields, words):
    with pytest.raises(msgspec.ValidationError, match=words):
        _decode(fields)


@pytest.mark.parametrize(
    "fields", [GOOD | {"type": "AssignEveryone"}, {"incident_id": "J1"}, [GOOD]]
)
def test_what_is_no_command_is_refused_with_its_name(fields):
    with pytest.raises(UnknownMessageError, match="unknown to this build"):
        _decode(fields)


@pytest.mark.parametrize("text", [b"", b"{", b'{"type": "AssignUnit"', b"\xff\xfe"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(msgspec.DecodeError):
        CODEC.decode_command(text)


@pytest.mark.parametrize("command", vocabulary.COMMANDS, ids=lambda command: command.__name__)
def test_no_command_takes_a_field_that_it_does_not_have(command):
    assert command.__struct_config__.forbid_unknown_fields
