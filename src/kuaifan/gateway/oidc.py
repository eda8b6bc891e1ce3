"""Log-on at a city's own identity service (统一身份登录): OpenID Connect, code flow with PKCE.

The service says who somebody is; what that person may do stays in our own table, and only somebody
with an account here gets in.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import secrets
import ssl
import threading
import tomllib
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from kuaifan.kernel.errors import BadInputError

TIMEOUT_S: Final = 10.0
MAX_BODY_BYTES: Final = 512 * 1024
ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY_S: Final = 60
OK: Final = 200
LOCAL: Final = frozenset({"127.0.0.1", "localhost"})


class OidcError(BadInputError):
    """The identity service did not say who it is (统一身份登录失败); in one sentence."""


class OidcOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the identity service is and how we are known there (统一身份选项).

    redirect_url: of this desk, ending in /v1/session/oidc/back. name_claim: which of its claims is
    the log-on name here.
    """

    issuer: str
    client_id: str
    redirect_url: str
    client_secret: str = ""
    name_claim: str = "preferred_username"
    scope: str = "openid profile"


class OidcTurn(msgspec.Struct, frozen=True, kw_only=True):
    """One try to log on (登录往返): where to send the browser, and what proves that it is back."""

    url: str
    state: str
    nonce: str
    verifier: str


class _Discovered(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str


def read_oidc(path: Path) -> OidcOptions:
    """Read the options from a TOML file; raises BadInputError in one sentence."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), OidcOptions)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInputError(f"{path} does not say how to log on by OIDC: {error}") from None


class OidcProvider:
    """An identity service (统一身份服务); every method blocks on the net."""

    def __init__(self, options: OidcOptions) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._found: _Discovered | None = None

    def begin(self) -> OidcTurn:
        """Where to send a browser, and what it has to bring back."""
        found = self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._options.client_id,
            "redirect_uri": self._options.redirect_url,
            "scope": self._options.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in found.authorization_endpoint else "?"
        url = f"{found.authorization_endpoint}{joint}{urlencode(query)}"
        return OidcTurn(url=url, state=state, nonce=nonce, verifier=verifier)

    def finish(self, turn: OidcTurn, code: str) -> str:
        """The log-on name of whoever came back; raises OidcError."""
        found = self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._options.redirect_url,
            "client_id": self._options.client_id,
            "code_verifier": turn.verifier,
        }
        body = _fetch(found.token_endpoint, form, self._basic())
        tokens = _decoded(body, _Tokens)
        claims = self._verified(found, tokens.id_token, turn.nonce)
        name = claims.get(self._options.name_claim)
        if not isinstance(name, str) or not name:
            raise OidcError(f"the identity service gave no {self._options.name_claim}")
        return name

    def _verified(self, found: _Discovered, token: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(msgspec.json.decode(_fetch(found.jwks_uri)))
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_S,
                iss={"essential": True, "value": found.issuer},
                aud={"essential": True, "value": self._options.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError) as error:
            raise OidcError(f"the identity service's word does not hold: {error}") from None
        return dict(claims)

    def _discover(self) -> _Discovered:
        with self._lock:
            if self._found is None:
                issuer = self._options.issuer.rstrip("/")
                body = _fetch(f"{issuer}/.well-known/openid-configuration")
                found = _decoded(body, _Discovered)
                if found.issuer.rstrip("/") != issuer:
                    raise OidcError(f"the identity service calls itself {found.issuer!r}")
                self._found = found
            return self._found

    def _basic(self) -> dict[str, str]:
        if not self._options.client_secret:
            return {}
        pair = f"{quote(self._options.client_id)}:{quote(self._options.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _decoded(body: bytes, kind: type[Any]) -> Any:  # noqa: ANN401 - of the kind asked for
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise OidcError(f"the identity service's answer cannot be read: {error}") from None


def _fetch(
    url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> bytes:
    parts = urlsplit(url)
    is_local = parts.hostname in LOCAL
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise OidcError(f"an identity service is reached by https, not by {url!r}")
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        line = http.client.HTTPSConnection(parts.netloc, timeout=TIMEOUT_S, context=context)
    else:
        line = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_S)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    try:
        body = urlencode(form) if form else None
        line.request("POST" if form else "GET", path, body, {**kind, **(headers or {})})
        reply = line.getresponse()
        content = reply.read(MAX_BODY_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise OidcError(f"the identity service does not answer: {error}") from None
    finally:
        line.close()
    if reply.status != OK:
        raise OidcError(f"the identity service answered {reply.status}")
    return content
