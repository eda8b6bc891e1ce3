"""The access matrix (访问矩阵): made from the table of rights, every forbidden pair is tried.

Role × route, role × event kind, role × record class, own desk and another's. What the table does
not grant is a 403, or is not there at all.
"""

from __future__ import annotations

import json

import msgspec
import pytest
from door_desk import Direct, QuietDesk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_messages import messages_of
from toy_city import DOMESTIC, EAST_DESK, FIGHT, corner

from kuaifan import vocabulary
from kuaifan.board.view_rows import VIEW_NAMES
from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary import access
from kuaifan.vocabulary.command_rights import find_right
from kuaifan.vocabulary.record_class import RECORD_CLASSES
from kuaifan.vocabulary.rights import ALLOWED, FREE_RIGHTS, MACHINE_ROLES, ROLES, may
from kuaifan.web.case_scope import told_event
from kuaifan.web.people import NewKey, Visitor
from kuaifan.web.route_rights import find_route_right
from kuaifan.web.stream import make_frame
from kuaifan.web.view_store import Cursor
from kuaifan.web.viewer import Viewer

TYPES = {
    "ordinary": FIGHT,
    "domestic_violence": DOMESTIC,
    "sexual": "010104",
    "minor": "020109",
    "suicide": "070101",
    "tip": "080101",
    "complaint": "090102",
}
PLACES = {"city": (4, 1), EAST_DESK: (4, 7)}
PEOPLE = [role for role in ROLES if role not in MACHINE_ROLES]
PLAIN = [role for role in PEOPLE if role != "crew"]
"""A crew sees by its orders, which test_the_crew_... tries."""
NUMBERS = {"city": "13911110000", EAST_DESK: "13922220000"}


def secret_of(record_class, desk_id):
    return f"秘密{record_class}{desk_id}"


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory):
    with QuietDesk(tmp_path_factory.mktemp("matrix")) as desk:
        for role in PEOPLE:
            for desk_id in PLACES:
                desk.account(f"{role}-{desk_id}", role, desk_id=desk_id)
        desk.account("first", "call_taker", "dispatcher")
        desk.key = desk.people.add_key(NewKey(key_id="avl", rights=("see_forces",)), "user:first")
        desk.man("P1", "P2", "S1")
        _fill(desk)
        yield desk


def _fill(desk):
    """An incident of every class at both desks, each with its caller and its own secret."""
    desk.incident_ids = {}
    first = desk.session("first", role="call_taker")
    for desk_id, place in PLACES.items():
        lat, lon = corner(*place)
        for record_class, code in TYPES.items():
            told = {"line": "110", "caller_number": NUMBERS[desk_id]}
            call_id = first.made("RegisterCall", "call_id", **told)
            secret = secret_of(record_class, desk_id)
            told = {"type_code": code, "narrative": secret, "address": secret}
            incident_id = first.made(
                "OpenIncident", "incident_id", call_id=call_id, lat=lat, lon=lon, **told
            )
            desk.incident_ids[record_class, desk_id] = (incident_id, call_id)


@pytest.fixture(scope="module", name="clients")
def fixture_clients(desk):
    """A client of each role at each desk."""
    return {
        (role, desk_id): desk.session(f"{role}-{desk_id}") for role in PEOPLE for desk_id in PLACES
    }


def viewer(role, desk_id, **about):
    visitor = Visitor(name=role, roles=(role,), desk_id=desk_id, session="s", **about)
    return Viewer(role, "", desk_id, visitor)


def routes_of(desk):
    """(method, path, right) of every route and command of the app."""
    by_name = {str(each.__struct_config__.tag): each for each in desk.parts.commands}
    for route in desk.web.routes:
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            name = route.path.rpartition("/")[2]
            is_command = route.path.startswith(("/v1/commands/", "/v1/preview/"))
            right = find_right(by_name[name]) if is_command and name in by_name else None
            yield method, route.path, right or find_route_right(method, route.path)


def test_every_role_is_turned_away_from_every_route_that_it_has_no_right_to(desk, clients):
    tried = 0
    for method, path, right in routes_of(desk):
        if right in FREE_RIGHTS or method == "HEAD":
            continue
        at = path.replace("{key}", "x").replace("{act}", "disable")
        for role in PEOPLE:
            if may(role, right, True) or may(role, right, False):
                continue
            reply = clients[role, "city"].request(method, at, content=b"{}")
            assert (reply.status_code, reply.json()["error"]) == (403, "forbidden"), (role, at)
            tried += 1
    assert tried > 800


def test_a_key_is_turned_away_from_all_that_it_was_not_made_for(desk):
    system = Direct(desk, {"Authorization": f"Bearer {desk.key}"})
    assert system.get("/v1/units").status_code == 200
    for method, path, right in routes_of(desk):
        if right in {*FREE_RIGHTS, "see_forces", "see_board"} or method == "HEAD":
            continue
        at = path.replace("{key}", "x").replace("{act}", "disable")
        assert system.request(method, at, content=b"{}").status_code == 403, path


@pytest.mark.parametrize("role", PLAIN)
def test_a_stream_and_a_board_tell_what_the_table_grants_and_nothing_else(desk, clients, role):
    for desk_id in PLACES:
        watcher = viewer(role, desk_id)
        entries = desk.desk.store.find_since(Cursor(0))
        streamed = make_frame(watcher, entries).decode()
        client = clients[role, desk_id]
        reply = client.get("/v1/board")
        shown = reply.text if reply.status_code == 200 else ""
        for (record_class, of_desk), (incident_id, _) in desk.incident_ids.items():
            is_met = may(role, "see_cases") and desk_id in {"city", of_desk}
            is_own = desk_id == of_desk or (record_class == "ordinary" and desk_id == "city")
            is_read = is_met and may(role, "see_personal", is_own, record_class)
            secret, about = secret_of(record_class, of_desk), (role, desk_id, record_class, of_desk)
            assert (f'"key":"{incident_id}"' in streamed) == is_met, about
            assert (secret in streamed) == (secret in shown) == is_read, about


def test_a_view_is_shown_to_nobody_who_may_not_see_its_kind(clients):
    case_views = {"calls", "incidents", "alarms", "emergencies", "majors", "broadcasts"}
    case_views |= {"premises", "cards", "approvals"}
    for role in PLAIN:
        reply = clients[role, "city"].get("/v1/board")
        assert (reply.status_code == 200) == may(role, "see_board"), role
        views = reply.json()["views"] if reply.status_code == 200 else {}
        for view in VIEW_NAMES if views else ():
            right = "see_cases" if view in case_views else "see_forces"
            right = "watch_glass" if view == "glass" else right
            assert may(role, right) or not views[view], (role, view)


@settings(max_examples=1, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_no_kind_of_event_tells_a_desk_of_another_s_case(desk, data):
    """Every event of the language, about a case of another desk: it is not told at all."""
    for kind in vocabulary.EVENTS:
        field = next((f for f in ("incident_id", "call_id") if f in kind.__struct_fields__), None)
        if field is None or kind in access.EVENTS:
            continue
        made = data.draw(messages_of(kind))
        for record_class in TYPES:
            ids = desk.incident_ids[record_class, "city"]
            named = {"incident_id": ids[0], "call_id": ids[1], field: ids[field == "call_id"]}
            event = msgspec.structs.replace(
                made, **{name: named[name] for name in named.keys() & {*kind.__struct_fields__}}
            )
            for role in PLAIN:
                assert told_event(desk.desk, viewer(role, EAST_DESK), event) is None, (role, kind)
            for role in PLAIN:
                told = told_event(desk.desk, viewer(role, "city"), event)
                is_read = may(role, "see_personal", True, record_class)
                for name, _mark in personal_marks(kind) if told and not is_read else ():
                    assert isinstance(getattr(told, name), (tuple, type(None))) or not getattr(
                        told, name
                    ), (role, kind, name)


def test_a_person_of_another_district_finds_nothing_of_this_one_anywhere(desk, clients):
    theirs = [ids for (_, of_desk), ids in desk.incident_ids.items() if of_desk == "city"]
    words = [f'"{incident_id}"' for incident_id, _ in theirs]
    words += [f'"call_id":"{call_id}"' for _, call_id in theirs]
    words += [secret_of(record_class, "city") for record_class in TYPES]
    words += [NUMBERS["city"], '"status":"at_post"']
    incident_id, call_id = theirs[0]
    lat, lon = corner(*PLACES["city"])
    keys = [*theirs[0], *theirs[1], "P1", "KS-M", "query"]
    for role in PEOPLE:
        client = clients[role, EAST_DESK]
        board = client.get("/v1/board").json()
        assert not board.get("views", {}).get("units")
        assert not board.get("positions", {}).get("unit_ids")
        for method, path, _right in routes_of(desk):
            # Whoever audits sees who opened what, by its number, of every desk.
            if not path.startswith("/v1/") or path in {"/v1/events", "/v1/audit"}:
                continue
            if method != "GET":
                continue
            for key in keys if "{key}" in path else [""]:
                text = client.get(path.replace("{key}", key)).text
                assert not [word for word in words if word in text], (role, path, key)
        asked = [
            f"/v1/incidents/{incident_id}?purpose=handling",
            f"/v1/incidents/{incident_id}/timeline?purpose=review",
            "/v1/continuity/latest?desk=city",
        ]
        looked = [
            ("search", {"text": incident_id}),
            ("search", {"text": secret_of("ordinary", "city")}),
            ("search", {"text": "P1"}),
            ("history", {"number": NUMBERS["city"], "purpose": "handling"}),
            ("history", {"call_id": call_id}),
            ("history", {"lat": lat, "lon": lon, "radius_m": 400}),
        ]
        for at, text in [
            *((at, client.get(at).text) for at in asked),
            *((at, client.post(f"/v1/{at}", **body).text) for at, body in looked),
        ]:
            assert not [word for word in words if word in text], (role, at)
            assert '"n_calls":0' in text or "n_calls" not in text, (role, at)


def test_a_restricted_record_opens_only_for_a_purpose_and_each_opening_is_logged(desk, clients):
    for role in PLAIN:
        for (record_class, of_desk), (incident_id, _) in desk.incident_ids.items():
            for purpose in ("handling", "review", "investigation"):
                client = clients[role, "city"]
                client.headers["X-Kuaifan-Reason"] = "r"
                before = desk.desk.store.cursor.seq
                reply = client.get(f"/v1/incidents/{incident_id}?purpose={purpose}")
                # The city's desk is of every desk; only what is its own is opened by own rights.
                is_opened = may(role, "see_cases") and may(
                    role, "open_record", True, record_class, purpose
                )
                about = (role, record_class, of_desk, purpose, reply.text)
                assert (reply.status_code == 200) == is_opened, about
                assert (secret_of(record_class, of_desk) in reply.text) == is_opened, about
                if is_opened:
                    # A clock may strike meanwhile, and its record come before or after.
                    assert (f"{role}-city", purpose) in list_openings(desk, before), about


def list_openings(desk, after_seq):
    """Who opened a record and what for, in what was written after one."""
    seqs = range(after_seq + 1, desk.desk.store.cursor.seq + 1)
    with desk.desk.open_reader() as reader:
        events = [event for seq in seqs for event in reader.get_record(seq).events]
    return [(each.person, each.purpose) for each in events if isinstance(each, access.RecordRead)]


def test_a_caller_s_file_holds_what_the_purpose_opens_and_counts_the_rest(clients):
    askers = [role for role in PLAIN if may(role, "export_person")]
    assert askers
    for role, desk_id in ((role, desk_id) for role in askers for desk_id in PLACES):
        for purpose in ("handling", "review", "complaint", "legal", "investigation"):
            for of_desk, number in NUMBERS.items():
                asked = {"number": number, "purpose": purpose, "reason": "r", "kind": "json"}
                reply = clients[role, desk_id].post("/v1/person-export", **asked)
                about = (role, desk_id, purpose, of_desk)
                if not may(role, "open_record", purpose=purpose):
                    assert reply.status_code == 403, about
                    continue
                is_own = desk_id in {"city", of_desk}
                opened = [c for c in TYPES if may(role, "open_record", is_own, c, purpose)]
                told = [c for c in TYPES if secret_of(c, of_desk) in reply.text]
                assert told == opened, about
                n_withheld = json.loads(reply.text)["n_withheld"]
                assert n_withheld == len(TYPES) - len(opened), about


def test_the_table_names_only_what_there_is():
    roles, rights = {cell[0] for cell in ALLOWED}, {cell[1] for cell in ALLOWED}
    assert roles == set(ROLES)
    assert not rights & FREE_RIGHTS
    assert {cell[3] for cell in ALLOWED} == set(RECORD_CLASSES)
    assert json.dumps(sorted(map(list, ALLOWED)))
