"""Commands, events and observations (命令、事件、观测): described, decided, folded and carried."""

import re

import msgspec
import pytest
from toy_city import START_MS, corner, fix_batch

from kuaifan import vocabulary
from kuaifan.app.rules import FOLDS, core_codec, core_rulebook
from kuaifan.vocabulary.seat_archive import SeatPapersSwept
from kuaifan.vocabulary.unit import (
    AVAILABLE_STATUSES,
    GAT974_CODES,
    MAX_FIXES,
    FixBatch,
    UnitStatus,
)
from kuaifan.work.review_seats import archive_rules

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MESSAGES = [*vocabulary.COMMANDS, *vocabulary.EVENTS, *vocabulary.OBSERVATIONS]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.__name__)
def test_every_message_says_in_english_and_chinese_what_it_is(message):
    text = message.__doc__ or ""
    assert CHINESE.search(text)
    assert text.splitlines()[0].rstrip().endswith((".", "。"))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.__name__)
def test_every_message_is_a_frozen_value_called_by_its_class_name(message):
    config = message.__struct_config__
    assert config.frozen
    assert config.tag == message.__name__


def test_every_command_has_a_rule_and_every_event_a_fold():
    assert set(vocabulary.COMMANDS) <= set(core_rulebook().commands)
    folded = {event for part in (*FOLDS, archive_rules(())) for event in part.evolvers}
    # A sweep changes nothing by itself: its papers left by events of their own.
    assert set(vocabulary.EVENTS) - {SeatPapersSwept} == folded


def test_a_command_with_a_wrong_or_extra_field_does_not_come_in():
    codec = core_codec()
    for text in (
        b'{"type":"AnswerCall","call_id":"C1","seat_id":"s","extra":1}',
        b'{"type":"AnswerCall","call_id":"C1"}',
        b'{"type":"AnswerCall","call_id":7,"seat_id":"s"}',
        b'{"type":"PlaceIncident","incident_id":"J1","lat":91,"lon":0}',
        b'{"type":"OpenIncident","type_code":"1","priority":6}',
    ):
        with pytest.raises(msgspec.ValidationError):
            codec.decode_command(text)
    with pytest.raises(ValueError, match="unknown"):
        codec.decode_command(b'{"type":"DestroyCity"}')


def test_a_unit_that_can_be_sent_has_a_status_that_exists():
    statuses = set(UnitStatus.__args__)
    assert set(AVAILABLE_STATUSES) < statuses
    assert set(GAT974_CODES) <= statuses


# --- batches of fixes ------------------------------------------------------------------------


def columns_of(batch):
    columns = {name: getattr(batch, name) for name in batch.__struct_fields__}
    return columns | {"doubt": (0, 1)}


@pytest.fixture
def columns():
    return columns_of(fix_batch(("P1", *corner(1, 1), 3.5, START_MS), ("P2", *corner(2, 2), 0, 1)))


def test_a_batch_comes_back_from_its_bytes(columns):
    codec, batch = core_codec(), FixBatch(**columns)
    sighting = codec.decode_sighting(7, START_MS, "radio", codec.encode_observation(batch))
    assert sighting.observation == batch


@pytest.mark.parametrize("column", FixBatch.__struct_fields__)
def test_columns_of_different_length_are_refused(columns, column):
    with pytest.raises(ValueError, match="parallel columns"):
        FixBatch(**columns | {column: columns[column][:1]})


def test_an_empty_batch_is_one_and_too_large_a_one_is_not(columns):
    nothing = FixBatch(**dict.fromkeys(columns, ()))
    assert nothing.unit_ids == ()
    with pytest.raises(ValueError, match=str(MAX_FIXES)):
        FixBatch(**{name: column[:1] * (MAX_FIXES + 1) for name, column in columns.items()})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("fix_at_ms", -1),
        ("fix_at_ms", 2**64),
        ("lat", 90.1),
        ("lat", float("nan")),
        ("lon", -181.0),
        ("arc", -1),
        ("arc", 2**31),
        ("fraction_ppm", 1_000_001),
        ("speed_mps", -0.1),
        ("speed_mps", float("nan")),
        ("heading_deg", 361),
        ("doubt", 7),
    ],
)
def test_a_fix_that_no_marker_could_show_is_refused_before_it_is_written(columns, column, value):
    first, _ = columns[column]
    with pytest.raises(ValueError, match=column):
        FixBatch(**columns | {column: (first, value)})


def test_a_bad_batch_is_refused_when_it_comes_as_bytes_too(columns):
    codec = core_codec()
    data = msgspec.msgpack.encode({"type": "FixBatch", **columns | {"arc": (1, -1)}})
    with pytest.raises(msgspec.ValidationError, match="arc"):
        codec.decode_sighting(1, START_MS, "radio", data)
