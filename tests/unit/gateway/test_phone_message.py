"""Messages of a telephone system: cleaned where a caller would be lost, refused in a sentence."""

import json

import pytest

from kuaifan.gateway.phone_key import check_key, is_signed, read_key, sign
from kuaifan.gateway.phone_message import read_message
from kuaifan.gateway.phone_plan import PhonePlan, plan_calls
from kuaifan.kernel.errors import BadInputError


def cleaned(**fields):
    body = {"pbx": "p", "call": "1", "seq": 1, "event": "ring", **fields}
    return read_message(json.dumps(body).encode())


def test_a_ring_is_read_with_its_line_number_and_time():
    read = cleaned(line="122", number="+86 138-0000 0000", at="2026-01-05T08:00:00+08:00")
    facts = read.command.facts
    assert (facts.line, facts.caller_number) == ("122", "+8613800000000")
    assert read.command.device_at_ms == 1_767_571_200_000
    assert read.notes == ()


def test_full_width_digits_and_sip_addresses_are_numbers():
    assert cleaned(number="１３８００００００００").command.facts.caller_number == "13800000000"
    assert cleaned(number="sip:13800000000@10.0.0.1").command.facts.caller_number == "13800000000"


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"number": "anonymous"}, "number_unreadable"),
        ({"number": "😱" * 10_000}, "number_unreadable"),
        ({"number": "1" * 10_000}, "number_unreadable"),
        ({"line": "87654321"}, "line_unknown"),
        ({"reason": "救命\x00\x1b[31m\u202e"}, "reason_cleaned"),
        ({"reason": "长" * 10_000}, "reason_cleaned"),
        ({"extension": "三号"}, "extension_unreadable"),
        ({"at": "yesterday"}, "at_unreadable"),
        ({"at": -5}, "at_unreadable"),
        ({"call": "9" * 10_000}, "call_cut"),
    ],
)
def test_what_no_telephone_can_mean_is_cleaned_and_noted(fields, note):
    assert note in cleaned(**fields).notes


def test_two_long_ids_are_still_two_calls():
    ids = {cleaned(call="9" * 10_000 + end).command.phone_call_id for end in "12"}
    assert len(ids) == 2
    assert all(len(each) <= 64 for each in ids)


def test_a_text_keeps_its_words_without_control_characters():
    assert cleaned(reason="救命\x00\r\n\x1b[31m").command.facts.reason == "救命  [31m"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"event": "explode"}, "'explode' is unknown"),
        ({"seq": -1}, "seq counts"),
        ({"pbx": "\x00 "}, "pbx is empty"),
        ({"call": ""}, "call is empty"),
        ({"seq": "one"}, "seq"),
    ],
)
def test_a_message_that_names_no_call_is_refused_in_a_sentence(fields, said):
    with pytest.raises(BadInputError, match=said):
        cleaned(**fields)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"pbx": 1}'])
def test_a_body_that_is_no_message_is_refused(body):
    with pytest.raises(BadInputError, match="cannot be read"):
        read_message(body)


def test_a_signature_holds_for_its_body_and_key_only():
    key, body = b"k" * 32, b"{}"
    assert is_signed(key, body, sign(key, body))
    assert not is_signed(key, body + b" ", sign(key, body))
    assert not is_signed(b"x" * 32, body, sign(key, body))
    assert not is_signed(key, body, "")
    assert not is_signed(key, body, "sha256=é")


def test_a_key_that_can_be_guessed_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="make one of 16"):
        check_key(b"secret", "KUAIFAN_PHONE_KEY")
    with pytest.raises(BadInputError, match="cannot be read"):
        read_key(tmp_path / "none")
    file = tmp_path / "key"
    file.write_bytes(b"k" * 32 + b"\n")
    assert read_key(file) == b"k" * 32


def test_a_plan_is_the_same_from_the_same_seed_and_faults_change_its_order_only():
    plan = PhonePlan(n_calls=30, seed=7)
    assert plan_calls(plan) == plan_calls(plan)
    faulty = plan_calls(PhonePlan(n_calls=30, seed=7, faults=True))
    events = {(p.message["call"], p.message["seq"], p.message["event"]) for p in plan_calls(plan)}
    sent = [(p.message["call"], p.message["seq"], p.message["event"]) for p in faulty]
    assert set(sent) == events
    assert len(sent) > len(events)
