"""The gate (门禁): nothing starts without a right, and origins are told apart."""

import pytest
from starlette.requests import Request
from starlette.routing import Route
from toy_machine import Press

from kuaifan.app.rules import asked_commands
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.command_rights import RIGHT_OF, find_right
from kuaifan.vocabulary.rights import RIGHTS, find_conflict, may
from kuaifan.web.gate import Gate, check_origin
from kuaifan.web.problems import Problem


async def nothing(_request):
    raise AssertionError


def test_a_route_without_a_declared_right_does_not_start():
    route = Route("/v1/something-new", nothing)
    with pytest.raises(BadInputError, match="no right is declared for GET /v1/something-new"):
        Gate(None).guard([route], ())


def test_a_command_without_a_declared_right_does_not_start():
    route = Route("/v1/commands/Press", nothing, methods=["POST"])
    with pytest.raises(BadInputError, match="no right is declared for the command Press"):
        Gate(None).guard([route], (Press,))


def test_every_command_that_people_submit_has_a_right_and_no_other_has():
    asked = set(asked_commands())
    assert {command for command in asked if find_right(command) is None} == set()
    assert set(RIGHT_OF) <= asked
    assert set(RIGHT_OF.values()) <= set(RIGHTS)


def request(**headers):
    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": "POST", "headers": [(b"host", b"desk.cn:8110"), *named]}
    return Request(scope)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "https://desk.cn:8110"},
        {"origin": "http://desk.cn:8110"},
    ],
)
def test_a_change_from_our_own_page_is_taken(headers):
    check_origin(request(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "null"},
        {"origin": "https://evil.cn"},
        {"sec_fetch_site": "same-origin", "origin": "https://evil.cn"},
    ],
)
def test_a_change_from_anywhere_else_is_refused(headers):
    with pytest.raises(Problem):
        check_origin(request(**headers))


def test_administrators_read_no_cases_and_who_reads_cases_grants_nothing():
    for role in ("admin", "security_admin", "audit_admin"):
        assert not may(role, "see_cases")
        assert not may(role, "open_record", True, "ordinary", "review")
    assert may("security_admin", "manage_accounts")
    assert not may("commander", "manage_accounts")
    assert not may("security_admin", "read_audit")
    assert find_conflict(frozenset({"dispatcher", "call_taker"})) is None
