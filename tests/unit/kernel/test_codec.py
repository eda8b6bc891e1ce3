"""Whatever is written down is read back the same, also what older builds wrote."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_messages import messages_of
from toy_machine import CODEC, EVENTS, RULES, Glimpse, LightFor, Noted, Press, Pressed
from toy_scripts import play, scripts

from kuaifan.app.rules import core_codec
from kuaifan.kernel.codec import MAX_UPCASTS, Codec, UnknownMessageError
from kuaifan.kernel.message import Command, Event, Observation
from kuaifan.kernel.personal import ERASED
from kuaifan.kernel.record import ContentHash, Record, Scope, Sighting
from kuaifan.vocabulary.unit import FixBatch

CORE = core_codec()
LOADED = Codec(CODEC.commands.values(), CODEC.events.values())
LOADED.load()
FIX_COLUMNS = st.tuples(
    st.text(max_size=5),
    st.integers(0, 2**40),
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.integers(0, 2**31 - 1),
    st.integers(0, 1_000_000),
    st.floats(0, 50),
    st.integers(-1, 359),
    st.integers(0, 6),
)


def made_batch(rows):
    columns = zip(FixBatch.__struct_fields__, zip(*rows, strict=True), strict=True)
    return FixBatch(**dict(columns))


MADE = {FixBatch: st.lists(FIX_COLUMNS, min_size=1, max_size=3).map(made_batch)}
MESSAGES = [
    (codec, struct)
    for codec in (CODEC, CORE)
    for struct in (*codec.commands.values(), *codec.events.values())
]
OBSERVATIONS = [(c, struct) for c in (CODEC, CORE) for struct in c.observations.values()]


class OldPressed(Event, frozen=True, tag="Pressed@1"):
    lamp: str


def name_of(value):
    return value.__name__ if isinstance(value, type) else ""


def record_of(command, *events, **more):
    return Record(
        seq=1, input_no=1, at_ms=5, actor="a", scope=Scope(), command=command, events=events, **more
    )


@pytest.mark.parametrize(("codec", "struct"), MESSAGES, ids=name_of)
@settings(max_examples=10)
@given(data=st.data())
def test_a_message_comes_back_the_same(codec, struct, data):
    message = data.draw(messages_of(struct))
    encoded = codec.encode(message)
    decode = codec.decode_command if issubclass(struct, Command) else codec.decode_event
    assert decode(encoded) == message
    assert codec.encode(decode(encoded)) == encoded
    assert decode(msgspec.Raw(encoded)) == message


@pytest.mark.parametrize(("codec", "struct"), OBSERVATIONS, ids=name_of)
@settings(max_examples=10)
@given(data=st.data())
def test_an_observation_comes_back_the_same(codec, struct, data):
    observation = data.draw(messages_of(struct, MADE))
    stored = codec.encode_observation(observation)
    assert codec.decode_sighting(3, 4, "radio", stored) == Sighting(3, 4, "radio", observation)


@given(scripts)
def test_a_record_comes_back_with_everything_in_it(script):
    for record in play(script).journal.records:
        encoded = CODEC.encode(record)
        assert CODEC.decode_record(encoded) == record
        assert CODEC.encode(CODEC.decode_record(encoded)) == encoded
        CODEC.check(record)


def test_the_field_order_is_that_of_the_class_and_there_is_no_white_space():
    encoded = CODEC.encode(LightFor(lamp_id="灯", for_ms=5))
    assert encoded == '{"type":"LightFor","lamp_id":"灯","for_ms":5}'.encode()


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Pressed(lamp_id="a", press_no=1.5), "Expected `int`, got `float`"),
        (Pressed(lamp_id="a", press_no=1, words="x" * 21), "length <= 20"),
        (Pressed(lamp_id=None, press_no=1), "Expected `str`, got `null`"),
        (Pressed(lamp_id="a", press_no=1j), "cannot be written down: use plain values only"),
        (OldPressed(lamp="a"), "'Pressed@1' is unknown to this build"),
    ],
)
def test_what_could_not_be_read_back_is_found_before_it_is_written(event, words):
    with pytest.raises((ValueError, TypeError), match=words):
        CODEC.check(record_of(Press(lamp_id="a"), event))


def test_two_messages_of_one_name_are_an_error_at_start():
    double = type("Pressed", (Event,), {}, frozen=True)
    with pytest.raises(ValueError, match="two messages are called 'Pressed'"):
        Codec([], [Pressed, double])
    assert Codec([], [Pressed, Pressed]).events["Pressed"] is Pressed


# --- what older builds wrote


def upcasting(**upcasters):
    named = {name.replace("_v", "@"): upcaster for name, upcaster in upcasters.items()}
    return Codec(RULES.deciders, EVENTS, [Glimpse], named)


def to_pressed(plain):
    return {"type": "Pressed", "lamp_id": plain["lamp"], "press_no": plain.get("no", 0)}


def test_an_older_event_is_brought_to_its_present_shape():
    codec = upcasting(Pressed_v1=to_pressed)
    encoded = msgspec.json.encode(OldPressed(lamp="a"))
    assert codec.decode_event(encoded) == Pressed(lamp_id="a", press_no=0)
    record = codec.encode(record_of(Press(lamp_id="a"), OldPressed(lamp="b"), Noted(press_no=1)))
    assert codec.decode_record(record).events == (
        Pressed(lamp_id="b", press_no=0),
        Noted(press_no=1),
    )


def test_upcasters_are_chained_until_the_shape_is_ours():
    def count(plain):
        next_no = plain["no"] + 1
        name = "Pressed@last" if next_no == MAX_UPCASTS - 1 else f"Pressed@{next_no}"
        return {**plain, "type": name, "no": next_no}

    names = {f"Pressed@{no}": count for no in range(MAX_UPCASTS - 1)}
    codec = Codec([], EVENTS, (), {**names, "Pressed@last": to_pressed})
    event = codec.decode_event(b'{"type":"Pressed@0","lamp":"a","no":0}')
    assert event == Pressed(lamp_id="a", press_no=MAX_UPCASTS - 1)


def test_upcasters_that_go_round_are_stopped():
    codec = upcasting(A=lambda _: {"type": "B"}, B=lambda _: {"type": "A"})
    with pytest.raises(UnknownMessageError, match=r"upcasters of '[AB]' do not come to an end"):
        codec.decode_event(b'{"type":"A"}')


def test_an_older_command_and_an_older_observation_are_upcast_too():
    codec = upcasting(
        Push=lambda plain: {"type": "Press", "lamp_id": plain["lamp"]},
        Glance=lambda plain: {"type": "Glimpse", "places": [plain["place"]]},
    )
    assert codec.decode_command(b'{"type":"Push","lamp":"a"}') == Press(lamp_id="a")
    stored = msgspec.msgpack.encode({"type": "Glance", "place": 4})
    assert codec.decode_sighting(1, 2, "radio", stored).observation == Glimpse(places=(4,))


def test_an_upcaster_that_gives_something_wrong_does_not_get_it_in():
    codec = upcasting(Pressed_v1=lambda _: {"type": "Pressed", "lamp_id": "a"})
    with pytest.raises(ValueError, match="missing required field `press_no`"):
        codec.decode_event(b'{"type":"Pressed@1","lamp":"a"}')


@pytest.mark.parametrize(
    "text", ['{"type":"Gone"}', '{"type":"Pressed@7"}', "[]", "3", '{"type":[]}', "{}", "null"]
)
def test_an_unknown_message_is_named_with_the_cure(text):
    for decode in (CODEC.decode_command, CODEC.decode_event):
        with pytest.raises(UnknownMessageError, match="is unknown to this build; start the build"):
            decode(text.encode())


def test_an_unknown_observation_is_named_with_the_cure():
    stored = msgspec.msgpack.encode({"type": "Gone"})
    with pytest.raises(UnknownMessageError, match="message 'Gone' is unknown to this build"):
        CODEC.decode_sighting(1, 2, "radio", stored)
    with pytest.raises(UnknownMessageError, match="this build knows no observations"):
        Codec([], []).decode_sighting(1, 2, "radio", stored)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type":"Press","lamp_id":"a","more":1}', "unknown field `more`"),
        ('{"type":"Press"}', "missing required field `lamp_id`"),
        ('{"type":"Press","lamp_id":3}', "Expected `str`, got `int`"),
        ('{"type":"Noted","press_no":3}', "Invalid value 'Noted'"),
        ("{", "Input data was truncated"),
    ],
)
def test_a_command_with_a_wrong_or_extra_field_is_a_value_error_that_names_it(text, words):
    with pytest.raises(ValueError, match=words):
        CODEC.decode_command(text.encode())


# --- erased texts and the content hash


def test_an_erased_text_is_written_as_the_words_it_shows():
    for value in (Press(lamp_id="a", words=ERASED), Pressed(lamp_id="a", press_no=1, words=ERASED)):
        assert msgspec.json.decode(CODEC.encode(value))["words"] == str(ERASED)
    record = record_of(Press(lamp_id="a", words=ERASED))
    assert CODEC.decode_record(CODEC.encode(record)) == record


class Teller(Observation, frozen=True):
    words: str


def test_an_erased_text_of_an_observation_is_written_so_too():
    codec = Codec([], [], [Teller])
    stored = codec.encode_observation(Teller(words=ERASED))
    assert codec.decode_sighting(1, 2, "a", stored).observation == Teller(words=str(ERASED))


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_content_hashes_are_equal_only_for_the_same_records(one, other):
    hashes = []
    for parts in (one, other):
        content = ContentHash()
        for part in parts:
            content.add(part)
        hashes.append(content.hexdigest())
    assert (hashes[0] == hashes[1]) == (one == other)
    assert ContentHash().hexdigest() == hashlib.sha256().hexdigest()


@given(scripts)
@settings(max_examples=20)
def test_a_codec_that_has_loaded_reads_what_another_one_does(script):
    for record in play(script).journal.records:
        encoded = CODEC.encode(record)
        assert LOADED.decode_record(encoded) == CODEC.decode_record(encoded) == record
        LOADED.check(record)
        assert LOADED.encode(record) == encoded


def test_a_codec_that_has_loaded_still_upcasts_and_names_what_it_does_not_know():
    codec = Codec([Press], [Pressed], upcasters={"Pressed@0": _name_lamp})
    codec.load()
    old = CODEC.encode(record_of(Press(lamp_id="a"), Pressed(lamp_id="a", press_no=1)))
    aged = old.replace(b'"Pressed","lamp_id"', b'"Pressed@0","lamp"')
    assert codec.decode_record(aged).events == (Pressed(lamp_id="a", press_no=1),)
    with pytest.raises(UnknownMessageError, match="'Prossed' is unknown to this build"):
        codec.decode_record(old.replace(b'"Pressed"', b'"Prossed"'))


def _name_lamp(old):
    return {"type": "Pressed", "lamp_id": old["lamp"], "press_no": old["press_no"]}
