"""What a neighbour posts, as fields (服务请求正文): a form or JSON, neither of them long."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from kuaifan.neighbours.open311.georeport import ReportError, gather

MAX_BYTES: Final = 65_536
MAX_FIELDS: Final = 60
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a posted form or JSON object; raises ReportError."""
    if len(body) > MAX_BYTES:
        raise ReportError(413, "too_large", "内容过长", f"a request has at most {MAX_BYTES} bytes")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == JSON:
        return _read_json(body)
    if kind != FORM:
        raise ReportError(
            400, "content_type", f"须为 {FORM} 或 {JSON}", f"send it as {FORM} or {JSON}"
        )
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise ReportError(400, "no_form", "表单无法读取", f"this is no form: {error}") from error
    return gather(pairs)


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ReportError(400, "no_json", "JSON 无法读取", f"this is no JSON: {error}") from error
    if len(found) > MAX_FIELDS:
        raise ReportError(400, "too_many_fields", "字段过多", f"at most {MAX_FIELDS} fields")
    return found
