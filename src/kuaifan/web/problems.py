"""How the desk says no (错误回答): a status, a code, and words in both languages; no traceback."""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

JSON: Final = "application/json"
CODE: Final = "kuaifan.code"
"""Where the code of an answer is left in a request's scope, to be counted."""
RETRY_S: Final = "1"


class Problem(Exception):  # noqa: N818 - an answer in words, raised where it is known
    """An answer that is not the one asked for (问题).

    tried: the right that it would have taken, where somebody tried what it may not; the auditor is
    told, also where the answer only says that there is no such thing.
    """

    def __init__(
        self,
        status: int,
        error: str,
        code: str,
        reason_zh: str,
        reason_en: str,
        *,
        version: int | None = None,
        tried: str = "",
    ) -> None:
        super().__init__(f"{code}: {reason_en}")
        self.status, self.code, self.tried = status, code, tried
        self.body: dict[str, str | int | None] = {
            "error": error,
            "code": code,
            "reason_zh": reason_zh,
            "reason_en": reason_en,
        }
        if error == "refused":
            self.body["version"] = version


def malformed(reason_zh: str, reason_en: str, *, code: str = "malformed") -> Problem:
    """The request cannot be read (422)."""
    return Problem(422, "malformed", code, reason_zh, reason_en)


def not_found(what_zh: str, what_en: str, *, tried: str = "") -> Problem:
    """There is no such thing, or it is not this viewer's to see (404)."""
    return Problem(404, "not_found", "not_found", what_zh, what_en, tried=tried)


def unknown_outcome(error: str, cause: str) -> Problem:
    """The disk or the engine did not answer (503): it may have been kept, so retry with the key."""
    return Problem(
        503,
        error,
        error,
        "系统未能确认，结果未知：请用同一幂等键重试",
        f"the outcome is unknown: retry with the same key ({cause})",
    )


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Anything that msgspec can encode, as a JSON response."""
    headers = {"X-Content-Type-Options": "nosniff", **(headers or {})}
    return Response(msgspec.json.encode(body), status, headers, media_type=JSON)


def on_problem(request: Request, error: Exception) -> Response:
    """Turn a problem into its response."""
    assert isinstance(error, Problem)  # noqa: S101 - registered for problems only
    request.scope[CODE] = error.body["code"]
    headers = {"Retry-After": RETRY_S} if error.status in {429, 503} else None
    return answer(error.body, error.status, headers)


def on_not_found(request: Request, _error: Exception) -> Response:
    """No route has this path."""
    return on_problem(request, not_found("没有此地址", "there is no such address here; see /docs"))


def on_wrong_method(request: Request, _error: Exception) -> Response:
    """The route exists, for another method."""
    reason_en = f"{request.method} is not for this address; see /docs"
    return on_problem(
        request, Problem(405, "malformed", "wrong_method", "此地址不支持该方法", reason_en)
    )


def on_storage(request: Request, error: Exception) -> Response:
    """The log cannot be read now: it is being opened again."""
    return on_problem(request, unknown_outcome("storage", str(error)))


def on_bug(request: Request, _error: Exception) -> Response:
    """Something of ours broke: the server's log has the traceback, the caller gets a sentence."""
    reason_en = "something broke in the server; its log has the details"
    return on_problem(request, Problem(500, "fault", "fault", "系统内部错误，已记录", reason_en))
