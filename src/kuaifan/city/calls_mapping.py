"""The mapping file (映射): which column is what, and which of our incident types each code is."""

from __future__ import annotations

import csv
import functools
import hashlib
import importlib.resources
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import msgspec

from kuaifan.city.calls import CallsError, reason_of
from kuaifan.city.calls_flags import CALL_SOURCES
from kuaifan.city.calls_time import Clock, get_clock

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly
    from pathlib import Path

OTHER_TYPE = "990101"
T = TypeVar("T")


class Target(NamedTuple):
    """What a code becomes: an incident type (警情类别) and a source (来源方式)."""

    type_code: str
    source: str


class FileRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the bytes are to be read; utf-8-sig is utf-8 with or without a byte order mark."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","


class ColumnRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns by name. time: several are joined by a space. zone: the finest first."""

    time: str | tuple[str, ...]
    code: str
    suffix: str | None = None
    lat: str | None = None
    lon: str | None = None
    zone: str | tuple[str, ...] = ()
    call_id: str | None = None
    service: str | None = None


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How times are written and in which IANA zone."""

    format: str
    zone: str | None = None


class PositionRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The datum of the source; bbox: south, west, north, east of what can be true at all."""

    datum: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    bbox: tuple[float, float, float, float] | None = None


class DefaultRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code outside the table becomes, and the source where a rule states none."""

    type: str = OTHER_TYPE
    source: str = "110"


class SuffixRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code becomes with one suffix."""

    type: str
    source: str | None = None
    note: str = ""


class CodeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code becomes, alone and by suffix; an unlisted suffix is taken as none."""

    type: str
    source: str | None = None
    note: str = ""
    suffix: dict[str, str | SuffixRule] = {}


class MappingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The TOML file as it stands."""

    kind: Literal["kuaifan.calls_mapping"]
    version: Literal[1]
    name: str
    columns: ColumnRule
    time: TimeRule
    codes: dict[str, object]
    note: str = ""
    file: FileRule = FileRule()
    position: PositionRule = PositionRule()
    default: DefaultRule = DefaultRule()
    service_unit: Literal["s", "min", "ms"] = "min"
    ignore: dict[str, str] = {}
    zones: dict[str, tuple[float, float]] = {}


@dataclass(frozen=True, slots=True)
class CallMapping:
    """A checked mapping: every code named in it is one of our incident types."""

    rule: MappingFile
    clock: Clock
    targets: ReadOnly[tuple[str, str], Target]
    default: Target
    file_name: str
    sha256: str

    def find_target(self, code: str, suffix: str) -> Target | None:
        """What a code and its suffix become; None where the code is not in the table."""
        return self.targets.get((code, suffix)) or self.targets.get((code, ""))

    def find_ignored(self, code: str, suffix: str) -> str | None:
        """Why rows of this code are no calls; None where they are."""
        ignore = self.rule.ignore
        return ignore.get(f"{code}/{suffix}") or ignore.get(code)


@functools.cache
def incident_type_keys() -> dict[str, str]:
    """The key of each built-in incident type by its code (警情类别代码)."""
    table = importlib.resources.files("kuaifan.vocabulary") / "incident_types.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    return {row["code"]: row["key"] for row in csv.DictReader(lines)}


def is_other_type(type_code: str) -> bool:
    """Whether a type says nothing but "other" (其他) of its class."""
    key = incident_type_keys().get(type_code, "")
    return key == "other" or key.startswith("other_")


def load_mapping(path: Path) -> CallMapping:
    """Read and check a mapping file; raises `CallsError` naming the key and the line."""
    try:
        data = path.read_bytes()
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise CallsError(f"cannot read the mapping {path}: {reason_of(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallsError(f"the mapping {path} is not TOML in utf-8: {error}") from error
    check = _Check(path, data.decode("utf-8-sig"))
    rule = check.convert("the mapping", raw, MappingFile)
    try:
        clock = get_clock(rule.time.format, rule.time.zone)
    except CallsError as error:
        raise CallsError(f"the mapping {path}: {error}") from error
    check.delimiter(rule.file.delimiter)
    return CallMapping(
        rule=rule,
        clock=clock,
        targets=check.targets(rule),
        default=check.target("default", rule.default.type, rule.default.source),
        file_name=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks the parts of one mapping file; every complaint names the file, the key, the line."""

    path: Path
    text: str

    def convert(self, where: str, raw: object, kind: type[T]) -> T:
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            raise CallsError(f"the mapping {self.path}, {where}: {error}") from error

    def delimiter(self, text: str) -> None:
        if len(text) != 1 or text in '"\r\n':
            raise CallsError(f"the mapping {self.path}: file.delimiter must be one character")

    def targets(self, rule: MappingFile) -> dict[tuple[str, str], Target]:
        found: dict[tuple[str, str], Target] = {}
        for code, raw in rule.codes.items():
            where = f"codes.{code}"
            one = self.convert(where, raw if isinstance(raw, dict) else {"type": raw}, CodeRule)
            source = one.source or rule.default.source
            found[code, ""] = self.target(where, one.type, source)
            for suffix, given in one.suffix.items():
                sub = SuffixRule(given) if isinstance(given, str) else given
                at = f"{where}.suffix.{suffix}"
                found[code, suffix] = self.target(at, sub.type, sub.source or source)
        return found

    def target(self, where: str, type_code: str, source: str) -> Target:
        if type_code not in incident_type_keys():
            raise CallsError(
                f"the mapping {self.path}{self._line(type_code)}: {where} is mapped to "
                f'"{type_code}", which is none of the {len(incident_type_keys())} incident types '
                "of incident_types.csv; correct the code"
            )
        if source not in CALL_SOURCES:
            raise CallsError(
                f'the mapping {self.path}{self._line(source)}: {where} has the source "{source}"; '
                f"a source is one of {', '.join(sorted(CALL_SOURCES))}"
            )
        return Target(type_code, source)

    def _line(self, word: str) -> str:
        quoted = (f'"{word}"', f"'{word}'")
        for i, line in enumerate(self.text.splitlines(), start=1):
            if any(form in line.partition("#")[0] for form in quoted):
                return f" line {i}"
        return ""
