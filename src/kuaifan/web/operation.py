"""An operation of the API as it is described (接口操作), where it is no command and no view."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

REF: Final = "#/components/schemas/{name}"
SAID: Final = {
    "401": "Not signed, or not with the key",
    "403": "Not for this role",
    "404": "There is no such thing",
    "409": "Refused by the rules, or changed since it was seen",
    "413": "Too long",
    "422": "Malformed; names the field",
    "503": "Outcome unknown: retry with the same key",
}
Method = Literal["get", "head", "patch", "post"]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent and what comes back (接口操作).

    headers: names of request headers that it needs. takes, gives: structs as JSON, or a media type
    of bytes; gives_many: a list of them. problems: the statuses of its noes.
    """

    path: str
    method: Method
    name: str
    tag: str
    summary: str
    headers: tuple[str, ...] = ()
    takes: type[msgspec.Struct] | str | None = None
    gives: type[msgspec.Struct] | str | None = None
    gives_many: bool = False
    problems: tuple[str, ...] = ("422",)

    def list_structs(self) -> list[type[msgspec.Struct]]:
        """Structs that the document has to define."""
        return [each for each in (self.takes, self.gives) if isinstance(each, type)]

    def describe(self, viewer: list[dict[str, str]]) -> dict[str, Any]:
        """The operation as OpenAPI has it; viewer: parameters of who asks."""
        in_path = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        named = [("path", name) for name in in_path] + [("header", name) for name in self.headers]
        parameters = [
            {"name": name, "in": place, "required": True, "schema": {"type": "string"}}
            for place, name in named
        ]
        done: dict[str, Any] = {"description": self.summary}
        if self.gives is not None:
            done["content"] = content_of(self.gives, is_list=self.gives_many)
        described: dict[str, Any] = {
            "operationId": self.name,
            "tags": [self.tag],
            "summary": self.summary,
            "parameters": [*parameters, *viewer],
            "responses": {"200": done, **{code: problem(code) for code in self.problems}},
        }
        if self.takes is not None:
            described["requestBody"] = {"required": True, "content": content_of(self.takes)}
        return described


def content_of(kind: type[msgspec.Struct] | str, *, is_list: bool = False) -> dict[str, Any]:
    """A body: JSON of a struct or a list of them, or bytes of a media type."""
    if isinstance(kind, str):
        return {kind: {}}
    if is_list:
        items = {"$ref": REF.format(name=kind.__name__)}
        return {"application/json": {"schema": {"type": "array", "items": items}}}
    return as_json(kind.__name__)


def as_json(name: str) -> dict[str, Any]:
    """A body that is JSON of a schema."""
    return {"application/json": {"schema": {"$ref": REF.format(name=name)}}}


def problem(code: str) -> dict[str, Any]:
    """The answer of a no."""
    return {"description": SAID[code], "content": as_json("ProblemBody")}
