"""Log-on at an identity service (统一身份登录), against a small one of our own on this machine."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from kuaifan.gateway.oidc import OidcError, OidcOptions, OidcProvider, read_oidc
from kuaifan.kernel.errors import BadInputError


class Service:
    """An identity service that vouches for whoever it is told to."""

    def __init__(self):
        self.key, self.stranger = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
        self.claims, self.signs_with, self.seen = {}, self.key, {}
        service = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                self._say(service.discovery() if "well-known" in self.path else service.keys())

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(length).decode())
                service.seen = {name: values[0] for name, values in form.items()}
                self._say({"id_token": service.token(), "token_type": "Bearer"})

            def _say(self, body):
                content = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def discovery(self):
        ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return {"issuer": self.url} | {end: f"{self.url}/{end}" for end in ends}

    def keys(self):
        return {"keys": [self.key.as_dict(private=False, kid="k", use="sig")]}

    def token(self):
        return jwt.encode({"alg": "ES256", "kid": "k"}, self.claims, self.signs_with)


@pytest.fixture(name="service")
def fixture_service():
    with Service() as service:
        yield service


def begun(service):
    provider = OidcProvider(
        OidcOptions(
            issuer=service.url,
            client_id="kuaifan",
            client_secret="s",  # noqa: S106 - of a test
            redirect_url="https://desk.cn/v1/session/oidc/back",
        )
    )
    turn = provider.begin()
    service.claims = {
        "iss": service.url,
        "aud": "kuaifan",
        "exp": int(time.time()) + 60,
        "nonce": turn.nonce,
        "preferred_username": "li",
    }
    return provider, turn


def test_a_browser_is_sent_with_a_challenge_and_comes_back_as_somebody(service):
    provider, turn = begun(service)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(turn.url).query).items()}
    digest = hashlib.sha256(turn.verifier.encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert (asked["code_challenge_method"], asked["state"]) == ("S256", turn.state)
    assert provider.finish(turn, "the-code") == "li"
    assert (service.seen["code"], service.seen["code_verifier"]) == ("the-code", turn.verifier)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://other.cn"),
        ("aud", "another"),
        ("exp", 1),
        ("nonce", "of-another-try"),
        ("preferred_username", ""),
    ],
)
def test_a_word_for_another_place_time_or_try_is_not_taken(service, claim, value):
    provider, turn = begun(service)
    service.claims[claim] = value
    with pytest.raises(OidcError):
        provider.finish(turn, "the-code")


def test_a_word_that_the_service_did_not_sign_is_not_taken(service):
    provider, turn = begun(service)
    service.signs_with = service.stranger
    with pytest.raises(OidcError, match="does not hold"):
        provider.finish(turn, "the-code")


def test_a_service_is_reached_by_https_or_not_at_all():
    about = {"issuer": "http://id.example.cn", "client_id": "k", "redirect_url": "https://d/"}
    with pytest.raises(OidcError, match="https"):
        OidcProvider(OidcOptions(**about)).begin()


def test_options_that_cannot_be_read_are_said_in_one_sentence(tmp_path):
    path = tmp_path / "oidc.toml"
    path.write_text("issuer = 'https://id.example.cn'\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="client_id"):
        read_oidc(path)
