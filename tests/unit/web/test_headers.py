"""What an answer tells the browser (安全响应头), by what kind of thing it is."""

import pytest
from starlette.datastructures import MutableHeaders

from kuaifan.web.headers import BARE_POLICY, add_headers


def policy_of(content_type):
    headers = MutableHeaders({"content-type": content_type})
    add_headers(headers, is_tls=False)
    return headers["content-security-policy"]


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "text/javascript"])
def test_a_page_and_a_worker_may_ask_their_own_server(content_type):
    # A service worker lives under the policy of its own script: without this it fetches nothing.
    assert "connect-src 'self'" in policy_of(content_type)
    assert "unsafe" not in policy_of(content_type)


@pytest.mark.parametrize("content_type", ["application/json", "image/png", ""])
def test_what_is_no_code_may_do_nothing_even_opened_as_a_page(content_type):
    assert policy_of(content_type) == BARE_POLICY
