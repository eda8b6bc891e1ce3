"""Whose word on an address is taken (可信代理)."""

import asyncio

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from kuaifan.kernel.errors import BadInputError
from kuaifan.web.server_options import ServerOptions

FORWARDED = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]


async def seen_through(options, address):
    seen = {}

    async def app(scope, _receive, _send):
        seen.update(client=scope["client"][0], scheme=scope["scheme"])

    trusted = options.uvicorn_settings()["forwarded_allow_ips"]
    scope = {"type": "http", "client": (address, 1), "scheme": "http", "headers": FORWARDED}
    await ProxyHeadersMiddleware(app, trusted)(scope, None, None)
    return seen


def test_a_named_proxy_is_believed_and_nobody_else():
    options = ServerOptions(trusted_proxies=("10.0.0.0/24",))
    options.check()
    named = asyncio.run(seen_through(options, "10.0.0.5"))
    assert named == {"client": "203.0.113.9", "scheme": "https"}
    other = asyncio.run(seen_through(options, "10.0.1.5"))
    assert other == {"client": "10.0.1.5", "scheme": "http"}


def test_without_a_named_proxy_nobody_is_believed():
    assert ServerOptions().uvicorn_settings()["proxy_headers"] is False


@pytest.mark.parametrize("proxy", ["*", "proxy", "10.0.0.5:80"])
def test_a_proxy_is_named_by_its_address(proxy):
    with pytest.raises(BadInputError, match="is no address"):
        ServerOptions(trusted_proxies=(proxy,)).check()
