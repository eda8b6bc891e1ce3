"""The whole API, asked what no honest client would (接口模糊测试): no fault and no traceback.

Schemathesis makes requests of the description that the desk itself gives: fit and unfit ones, for
every operation, the same in every run.
"""

import json
import os
from collections import Counter
from contextlib import suppress

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from web_desk import Served

N_EXAMPLES = int(os.environ.get("KUAIFAN_API_EXAMPLES", "2"))
"""Of each operation; `KUAIFAN_API_EXAMPLES=200` looks longer."""
STREAMS = ("/v1/events",)
"""A stream does not end; its cursor is tried elsewhere."""


@pytest.fixture(name="served", scope="module")
def fixture_served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("api")) as served:
        served.man("P1", "P2")
        yield served


def list_operations(served):
    with served.client() as client:
        schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema.config.update(base_url=served.url)
    return [result.ok() for result in schema.get_all_operations()]


def ask(client, case):
    """Send what was made; what cannot even be sent by HTTP is no concern of the server."""
    made = case.as_transport_kwargs()
    body = made.get("json", made.get("data"))
    content = body if isinstance(body, bytes | str) else json.dumps(body).encode()
    with suppress(UnicodeError, httpx.InvalidURL, httpx.LocalProtocolError, TypeError, ValueError):
        return client.request(
            made["method"],
            made["url"],
            params=made.get("params"),
            headers=dict(made.get("headers") or {}),
            content=b"" if body is None else content,
        )
    return None


def find_faults(client, operation, seen):
    """Answers to requests of one operation that no server should give."""
    faults = []

    @settings(
        max_examples=N_EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case):
        reply = ask(client, case)
        if reply is None:
            return
        seen[reply.status_code] += 1
        if reply.status_code >= 500 or "Traceback" in reply.text:
            faults.append((operation.label, reply.status_code, reply.text[:200]))

    run()
    return faults


def test_no_request_of_any_kind_makes_the_desk_break(served):
    seen, faults = Counter(), []
    with served.client("dispatcher") as client:
        for operation in list_operations(served):
            if operation.path not in STREAMS:
                faults += find_faults(client, operation, seen)
        assert not faults
        assert min(seen[200], seen[409], seen[422]) > 20, seen
        assert client.get("/readyz").json()["ready"]
    assert not served.crashed.is_set()
