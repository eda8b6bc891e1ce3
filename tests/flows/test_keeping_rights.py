"""Holds and erasures over HTTP: of one's own desk, in one's own name, by those who may."""

from door_desk import QuietDesk
from toy_city import EAST_DESK, FIGHT, corner

FAR_MS = 4_000_000_000_000


def code(reply):
    return reply.status_code, reply.json()["code"]


def test_records_are_held_by_those_who_may_in_their_own_name_at_their_own_desk(tmp_path):
    with QuietDesk(tmp_path) as desk:
        desk.account("taker", "call_taker")
        desk.account("chen", "commander")
        desk.account("east", "commander", desk_id=EAST_DESK)
        desk.account("lin", "planner")
        lat, lon = corner(4, 1)
        incident_id = desk.session("taker").made(
            "OpenIncident", "incident_id", type_code=FIGHT, lat=lat, lon=lon
        )
        told = {"reason": "court", "until_ms": FAR_MS, "incident_ids": [incident_id]}
        path = "/v1/commands/HoldRecord"
        chen, east = desk.session("chen"), desk.session("east")
        assert desk.session("lin").post(path, person="lin", **told).status_code == 403
        assert code(chen.post(path, person="east", **told)) == (403, "not_in_your_name")
        assert east.post(path, person="east", **told).status_code == 404
        hold_id = chen.made("HoldRecord", "hold_id", person="chen", **told)
        release = {"hold_id": hold_id, "reason": "over"}
        path = "/v1/commands/ReleaseHold"
        assert east.post(path, person="east", **release).status_code == 404
        assert chen.post(path, person="chen", **release).status_code == 200
        asked = {"ground": "request", "reason": "she asks", "incident_ids": [incident_id]}
        path = "/v1/commands/RequestErasure"
        assert code(chen.post(path, person="chen", **asked)) == (409, "still_open")
