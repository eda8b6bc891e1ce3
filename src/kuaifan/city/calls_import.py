"""Calls in (来电导入): a source and a mapping become a call file, every row accounted for."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kuaifan.city import calls_flags as flag
from kuaifan.city.calls import (
    CallCounts,
    CallRow,
    CallsError,
    CallsHeader,
    encode_calls,
    reason_of,
    write_whole,
)
from kuaifan.city.calls_mapping import CallMapping, is_other_type, load_mapping
from kuaifan.city.calls_onto import remap_drafts
from kuaifan.city.calls_place import place_drafts
from kuaifan.city.calls_report import CallsReport
from kuaifan.city.calls_rows import MAX_ID_CHARS, Bad, Draft, Ignored, get_row_reader
from kuaifan.city.calls_source import SourceTable, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kuaifan.city.calls_onto import Onto


@dataclass(slots=True)
class _Sorted:
    """The rows of a source, told apart."""

    drafts: list[Draft] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)


def import_calls(
    source: Path, mapping: Path, target: Path, *, onto: Onto | None = None, seed: int = 0
) -> CallsReport:
    """Make the call file `target` of a source, and `target`.bad.csv where rows are bad.

    onto: lay the calls over the roads of another city. seed: draws the places of calls that
    came without one. The same inputs give the same bytes. Raises `CallsError`, and then
    nothing is written.
    """
    _check_target(source, mapping, target)
    mapped = load_mapping(mapping)
    form = mapped.rule.file
    table = read_source(source, encoding=form.encoding, delimiter=form.delimiter)
    found = _sort_rows(table, mapped, source)
    place_drafts(found.drafts, mapped.rule.position, centres=mapped.rule.zones, seed=seed)
    remapping = None if onto is None else remap_drafts(found.drafts, onto)
    rows = _make_rows(found.drafts, has_ids=mapped.rule.columns.call_id is not None)
    header = CallsHeader(
        name=mapped.rule.name,
        source=source.name,
        source_sha256=table.sha256,
        mapping=mapped.file_name,
        mapping_sha256=mapped.sha256,
        time_zone=mapped.rule.time.zone or "",
        seed=seed,
        first_at_ms=rows[0].at_ms,
        last_at_ms=rows[-1].at_ms,
        counts=_count(table, found, rows),
        remapped_onto=remapping,
    )
    return CallsReport(
        header=header,
        target=target,
        bad_file=_write(target, header, rows, bad=found.bad),
        bad=found.bad,
        by_type=_ordered(Counter(row.type_code for row in rows)),
        other_by_code=_ordered(Counter(_other_codes(found.drafts))),
    )


def _check_target(source: Path, mapping: Path, target: Path) -> None:
    if target.resolve() in {source.resolve(), mapping.resolve()}:
        raise CallsError(f"{target} is read from and cannot be written to; name another place")
    if target.is_dir():
        raise CallsError(f"{target} is a folder; name a file in it")


def _sort_rows(table: SourceTable, mapped: CallMapping, source: Path) -> _Sorted:
    reader = get_row_reader(mapped, table.columns, source)
    found = _Sorted()
    for row in table.rows:
        match reader.read(row):
            case Draft() as draft:
                found.drafts.append(draft)
            case Bad() as bad:
                found.bad.append(bad)
            case Ignored(reason):
                found.ignored[reason] += 1
    if not found.drafts:
        first = f"; line {found.bad[0].line}: {found.bad[0].reason}" if found.bad else ""
        raise CallsError(
            f"no call of {source} can be taken: of {len(table.rows)} rows {len(found.bad)} are bad "
            f"and {found.ignored.total()} are no calls{first}; look at time and codes in the "
            f"mapping {mapped.file_name}"
        )
    return found


def _make_rows(drafts: list[Draft], *, has_ids: bool) -> list[CallRow]:
    seen: set[str] = set()
    rows: list[CallRow] = []
    for draft in drafts:
        if draft.lat is None or draft.lon is None:
            raise AssertionError(f"line {draft.line} was not placed")
        call_id = draft.call_id
        if not call_id or call_id in seen or len(call_id) > MAX_ID_CHARS:
            call_id = f"{call_id[:MAX_ID_CHARS]}#{draft.line}"
            if has_ids:
                draft.flags.append(flag.ID_MADE)
        seen.add(call_id)
        rows.append(
            CallRow(
                call_id=call_id,
                at_ms=draft.at_ms,
                type_code=draft.target.type_code,
                lat=round(draft.lat, 7),
                lon=round(draft.lon, 7),
                source_row=draft.line,
                source=draft.target.source,
                zone=next(filter(None, draft.zones), ""),
                flags=tuple(draft.flags),
                service_ms=draft.service_ms,
            )
        )
    return sorted(rows, key=lambda row: (row.at_ms, row.source_row))


def _count(table: SourceTable, found: _Sorted, rows: list[CallRow]) -> CallCounts:
    counts = CallCounts(
        read=len(table.rows),
        taken=len(rows),
        flagged=sum(bool(row.flags) for row in rows),
        ignored=found.ignored.total(),
        bad=len(found.bad),
        other_type=sum(is_other_type(row.type_code) for row in rows),
        blank_lines=table.n_blank_lines,
        by_flag=_ordered(Counter(name for row in rows for name in row.flags)),
        by_source=_ordered(Counter(row.source for row in rows)),
        ignored_by_reason=_ordered(found.ignored),
        bad_by_reason=_ordered(Counter(bad.kind for bad in found.bad)),
        unmapped_codes=_ordered(
            Counter(draft.code for draft in found.drafts if flag.CODE_UNMAPPED in draft.flags)
        ),
    )
    if counts.read != counts.taken + counts.ignored + counts.bad:
        raise AssertionError("a row of the source is not accounted for")
    return counts


def _other_codes(drafts: list[Draft]) -> Iterator[str]:
    return (draft.code for draft in drafts if is_other_type(draft.target.type_code))


def _ordered(counter: Counter[str]) -> dict[str, int]:
    """The commonest first, and by name where two are equal: the same file, the same bytes."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _write(
    target: Path, header: CallsHeader, rows: list[CallRow], *, bad: list[Bad]
) -> Path | None:
    bad_file = target.with_name(f"{target.name}.bad.csv")
    files = {target: encode_calls(header, rows)}
    if bad:
        files[bad_file] = _bad_table(bad)
    write_whole(files)
    if not bad:
        _forget(bad_file)
    return bad_file if bad else None


def _bad_table(bad: list[Bad]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("line", "kind", "reason", "time", "code"))
    writer.writerows((row.line, row.kind, row.reason, row.time_text, row.code_text) for row in bad)
    return text.getvalue().encode()


def _forget(bad_file: Path) -> None:
    """Remove the list of an earlier import: beside a clean call file it would be a lie."""
    try:
        bad_file.unlink(missing_ok=True)
    except OSError as error:
        raise CallsError(f"cannot remove the old {bad_file}: {reason_of(error)}") from error
