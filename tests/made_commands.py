"""Plausible commands of any seat (样例命令), made from their types: ids unknown."""

from __future__ import annotations

import re

import msgspec
from msgspec import inspect

NAMES = {"by": "王警官", "approved_by": "李所（领导）", "lat": 32.607, "lon": 117.006}


def made(command, **given):
    """A command with its required fields filled in; given: some of them."""
    told = {
        each.encode_name: _made(each.encode_name, each.type)
        for each in inspect.type_info(command).fields
        if each.required
    }
    return msgspec.convert(
        {"type": str(command.__struct_config__.tag), **told, **given}, command, strict=False
    )


def _made(name, kind):
    if name in NAMES:
        return NAMES[name]
    for shape, make in SHAPES:
        if isinstance(kind, shape):
            return make(name, kind)
    return _text(name, getattr(kind, "pattern", None))


def _struct(_name, kind):
    return {f.encode_name: _made(f.encode_name, f.type) for f in kind.fields if f.required}


def _some(name, kind):
    return [_made(name, kind.item_type)] if getattr(kind, "min_length", 0) else []


SHAPES = (
    (inspect.Metadata, lambda name, kind: _made(name, kind.type)),
    (
        inspect.UnionType,
        lambda name, kind: _made(
            name, next(each for each in kind.types if not isinstance(each, inspect.NoneType))
        ),
    ),
    (inspect.LiteralType, lambda _name, kind: kind.values[0]),
    (inspect.StructType, _struct),
    (inspect.VarTupleType | inspect.ListType, _some),
    (inspect.TupleType, lambda name, kind: [_made(name, each) for each in kind.item_types]),
    (inspect.DictType, lambda _name, _kind: {}),
    (inspect.BoolType, lambda _name, _kind: False),
    (inspect.IntType, lambda _name, kind: max(1, kind.ge or 0)),
    (inspect.FloatType, lambda _name, _kind: 1.0),
)


def _text(name, pattern):
    if pattern:
        found = ("2027-02-05", "08:00", "https://x.example", "0" * 64, "2027-02", "")
        return next(each for each in found if _fits(pattern, each))
    return "X99" if name.endswith(("_id", "_type")) else "something"


def _fits(pattern, text):
    return re.search(pattern, text) is not None
