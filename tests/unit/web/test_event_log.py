"""What the server says of itself (运行日志)."""

import json
import logging
import sys

from kuaifan.web.event_log import EventLog
from kuaifan.web.front import route_of


def test_a_line_is_json_with_its_time_and_what_is_below_the_level_is_not_written():
    lines = []
    log = EventLog("warning", lines.append)
    log.say("info", "request", status=200)
    log.say("warning", "request", status=403, code=None)
    (line,) = map(json.loads, lines)
    assert line.pop("at")
    assert line == {"level": "warning", "event": "request", "status": 403}


def test_of_an_exception_its_kind_and_place_are_told_and_not_its_words():
    lines = []
    log = EventLog("error", lines.append)
    handler = log.logging_config()["handlers"]["server"]["()"]()
    try:
        {}["13900001111"]
    except LookupError:
        record = logging.LogRecord("uvicorn", 40, "x", 1, "broke %s", ("张三",), None)
        record.exc_info = sys.exc_info()
        handler.emit(record)
    (line,) = lines
    told = json.loads(line)
    assert (told["error"], told["said"]) == ("KeyError", "broke %s")
    assert told["where"][-1].split(" ")[-1].startswith("test_of_an_exception")
    assert "13900001111" not in line
    assert "张三" not in line


def test_an_address_is_told_as_its_route_spells_it():
    scope = {"path": "/v1/calls/C1/x", "path_params": {"key": "C1"}, "endpoint": None}
    assert route_of(scope) == "/v1/calls/{key}/x"
    free = {"path": "/v1/commands/张三", "path_params": {"name": "张三"}, "endpoint": None}
    assert route_of(free) == "/v1/commands/{name}"
    file = {"path": "/assets/张/三.js", "endpoint": None, "app_root_path": ""}
    assert route_of(file | {"root_path": "/assets"}) == "/assets"
    assert route_of(file | {"root_path": ""}) == "/"
    assert route_of({**free, "path_params": {"name": "张/三"}}) == "other"
    assert route_of({"path": "/张三"}) == "none"
