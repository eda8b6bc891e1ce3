"""Random values of any message type (随机消息), made from what its fields allow."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

MAX_ITEMS = 3
MAX_CHARS = 12


def messages_of(
    struct: type[msgspec.Struct], given: dict[type, st.SearchStrategy] | None = None
) -> st.SearchStrategy:
    """Values of a struct; given: strategies of types whose fields depend on one another."""
    return _values(inspect.type_info(struct), given or {})


def _values(kind: inspect.Type, given: dict[type, st.SearchStrategy]) -> st.SearchStrategy:  # noqa: C901, PLR0911, PLR0912 - one line per kind of field
    match kind:
        case inspect.Metadata():
            return _values(kind.type, given)
        case inspect.StructType():
            if kind.cls in given:
                return given[kind.cls]
            fields = {field.name: _values(field.type, given) for field in kind.fields}
            return st.builds(kind.cls, **fields)
        case inspect.UnionType():
            return st.one_of(*(_values(option, given) for option in kind.types))
        case inspect.VarTupleType() | inspect.ListType():
            least = getattr(kind, "min_length", None) or 0
            items = st.lists(_values(kind.item_type, given), min_size=least, max_size=MAX_ITEMS)
            return items.map(tuple) if isinstance(kind, inspect.VarTupleType) else items
        case inspect.TupleType():
            return st.tuples(*(_values(item, given) for item in kind.item_types))
        case inspect.DictType():
            key, value = _values(kind.key_type, given), _values(kind.value_type, given)
            return st.dictionaries(key, value, max_size=MAX_ITEMS)
        case inspect.IntType():
            return st.integers(*_limits(kind, 1)).filter(lambda n: -(2**63) <= n < 2**63)
        case inspect.FloatType():
            low, high = _limits(kind, 0)
            return st.floats(low, high, allow_nan=False, allow_infinity=False)
        case inspect.StrType():
            return _texts(kind)
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.RawType():
            return st.just(msgspec.Raw(b'{"type":"Press","lamp_id":"a"}'))
    raise TypeError(f"no values are known for {kind}; add a case")


def _limits(kind: inspect.IntType | inspect.FloatType, step: int) -> tuple:
    low = kind.gt + step if kind.gt is not None else kind.ge
    high = kind.lt - step if kind.lt is not None else kind.le
    return low, high


def _texts(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is not None:
        most = kind.max_length
        return st.from_regex(kind.pattern).filter(lambda text: most is None or len(text) <= most)
    low = kind.min_length or 0
    high = low + MAX_CHARS if kind.max_length is None else min(low + MAX_CHARS, kind.max_length)
    return st.text(min_size=low, max_size=high)
