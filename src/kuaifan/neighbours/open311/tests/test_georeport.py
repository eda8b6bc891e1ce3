"""GeoReport v2 as a language (服务请求交换): forms and JSON in, noes in its own shape."""

from types import SimpleNamespace
from urllib.parse import urlencode

import msgspec
import pytest
from toy_city import toy_reference

from kuaifan.gateway import open311_body
from kuaifan.neighbours.open311 import georeport
from kuaifan.neighbours.open311.georeport import ReportError, Wanted

TYPES = toy_reference().types
LAMP = "100102"
TOLD = {"service_code": LAMP, "description": "路灯不亮", "lat": "32.6", "long": "117.0"}


def read(fields, content_type=open311_body.FORM):
    body = urlencode(fields).encode()
    return georeport.read_request(open311_body.read_body(content_type, body), "12345", TYPES)


def no_of(act):
    with pytest.raises(ReportError) as caught:
        act()
    [said] = msgspec.json.decode(caught.value.told())
    assert said["code"] == caught.value.status
    zh, en = said["description"].split(" · ")
    assert zh
    assert en
    return said["code"], said["error"]


def test_a_form_becomes_the_fields_of_the_command():
    more = {"first_name": "某", "last_name": "林", "phone": "139", "service_request_id": "GD-7"}
    asked = read({**TOLD, **more, "attribute[danger]": "yes", "attribute[kind]": "consult"})
    assert asked.their_id == "GD-7"
    fields = asked.fields
    assert (fields["service_code"], fields["lat"], fields["lon"]) == (LAMP, 32.6, 117.0)
    assert (fields["contact"], fields["danger"], fields["kind"]) == ("林某 139", True, "consult")
    assert (fields["from_agency"], fields["by"]) == ("12345", "12345")


def test_json_says_the_same_as_a_form():
    body = msgspec.json.encode({**TOLD, "lat": 32.6, "long": 117.0})
    fields = open311_body.read_body("application/json; charset=utf-8", body)
    assert georeport.read_request(fields, "12345", TYPES) == read(TOLD)


def test_without_a_number_the_words_are_the_number():
    assert read(TOLD).their_id == read(TOLD).their_id != read({**TOLD, "description": "x"}).their_id
    assert read(TOLD).their_id.startswith("G-")


@pytest.mark.parametrize(
    ("change", "no"),
    [
        ({"service_code": ""}, (400, "field_missing")),
        ({"description": "  "}, (400, "field_missing")),
        ({"service_code": "999999"}, (404, "unknown_service")),
        ({"lat": "91"}, (400, "bad_place")),
        ({"lat": "north"}, (400, "bad_place")),
        ({"lat": "nan"}, (400, "bad_place")),
        ({"long": ""}, (400, "field_missing")),
        ({"lat": "", "long": ""}, (400, "place_needed")),
        ({"attribute[kind]": "order"}, (400, "bad_kind")),
    ],
)
def test_what_is_missing_or_wrong_is_said(change, no):
    assert no_of(lambda: read({**TOLD, **change})) == no


@pytest.mark.parametrize(
    ("content_type", "body", "no"),
    [
        ("text/plain", b"x", (400, "content_type")),
        (open311_body.FORM, b"\xff\xfe=1", (400, "no_form")),
        (open311_body.FORM, b"nonsense", (400, "no_form")),
        (open311_body.JSON, b"[1]", (400, "no_json")),
        (open311_body.JSON, b"[" * 70_000, (413, "too_large")),
        (open311_body.FORM, b"&".join(b"a%d=1" % n for n in range(99)), (400, "no_form")),
        (open311_body.JSON, msgspec.json.encode(dict.fromkeys(map(str, range(99)), 1)),
         (400, "too_many_fields")),
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(content_type, body, no):
    assert no_of(lambda: open311_body.read_body(content_type, body)) == no


def test_a_field_of_another_shape_is_refused():
    assert no_of(lambda: georeport.read_request({"service_code": [1]}, "12345", TYPES)) == (
        400,
        "bad_field",
    )


def row(their_id, at_ms, **more):
    given = {
        "row_id": their_id, "agency": "12345", "status": "open", "notes": "accepted",
        "service": "路灯", "service_code": LAMP, "responsible": "110", "requested_at_ms": at_ms,
        "updated_at_ms": at_ms, "expected_at_ms": 0, "lat": None, "lon": None,
    }  # fmt: skip
    return SimpleNamespace(**{**given, **more})


ROWS = [row("1", 1_000), row("2", 2_000, status="closed"), row("3", 3_000, agency="health")]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, ["2", "1"]),
        ({"status": "open"}, ["1"]),
        ({"status": "open,closed", "service_request_id": "2, 3"}, ["2"]),
        ({"service_code": "010101"}, []),
    ],
)
def test_a_neighbour_reads_its_own_requests_the_newest_first(query, ids):
    found = georeport.list_requests(ROWS, "12345", georeport.read_query(query))
    assert [each["service_request_id"] for each in found] == ids


def test_instants_are_written_with_the_citys_offset_and_none_is_null():
    [told] = georeport.find_request(ROWS, "12345", "1")
    assert told["requested_datetime"] == "1970-01-01T08:00:01+08:00"
    assert told["expected_datetime"] is None
    assert no_of(lambda: georeport.find_request(ROWS, "12345", "3")) == (404, "unknown_request")
    assert no_of(lambda: georeport.read_query({"status": "lost"})) == (400, "bad_status")


def test_services_are_the_types_in_use_with_what_more_may_be_said():
    services = georeport.list_services(TYPES.values())
    assert [each["service_code"] for each in services] == sorted(TYPES)
    told = georeport.define_service(TYPES, LAMP)
    assert [each["code"] for each in told["attributes"]] == ["danger", "kind"]
    assert no_of(lambda: georeport.define_service(TYPES, "x")) == (404, "unknown_service")
    assert georeport.list_requests(ROWS, "12345", Wanted(states=frozenset({"closed"})))
