"""What became of every row of an import, for people and for scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from kuaifan.city.calls_flags import FLAG_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kuaifan.city.calls import CallCounts, CallsHeader, Remapping
    from kuaifan.city.calls_rows import Bad

OTHER_LIMIT = 0.10
BAD_SHOWN = 5
CODES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class CallsReport:
    """The import's result: the header written, where, and what each code became.

    by_type: taken calls by incident type. other_by_code: taken calls in an "other" type by
    source code. bad: every bad row, in file order.
    """

    header: CallsHeader
    target: Path
    bad_file: Path | None
    bad: list[Bad]
    by_type: dict[str, int]
    other_by_code: dict[str, int]

    @property
    def other_share(self) -> float:
        """The part of the taken calls whose type is an "other" type (其他)."""
        return self.header.counts.other_type / max(1, self.header.counts.taken)

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            **msgspec.to_builtins(self.header),
            "target": str(self.target),
            "bad_file": None if self.bad_file is None else str(self.bad_file),
            "bad_rows": [
                {"line": bad.line, "kind": bad.kind, "reason": bad.reason} for bad in self.bad
            ],
            "other_share": round(self.other_share, 6),
            "other_limit": OTHER_LIMIT,
            "by_type": self.by_type,
            "other_by_code": self.other_by_code,
        }

    def summary_lines(self) -> list[str]:
        """The report in sentences, one a line."""
        counts = self.header.counts
        zone = self.header.time_zone
        lines = [
            (
                f"{self.header.name}: {counts.read:,} rows read = {counts.taken:,} taken + "
                f"{counts.ignored:,} no calls + {counts.bad:,} bad."
            ),
            f"Times are read in {zone}." if zone else "Times carry their own offset.",
        ]
        if counts.blank_lines:
            lines.append(f"{counts.blank_lines:,} blank lines were passed over.")
        lines += _flag_lines(counts)
        lines += [f"{n:,} rows are no calls: {why}." for why, n in counts.ignored_by_reason.items()]
        lines += self._bad_lines()
        lines += self._type_lines()
        if self.header.remapped_onto is not None:
            lines.append(_remap_line(self.header.name, self.header.remapped_onto))
        return [*lines, f"Written: {self.target}."]

    def _bad_lines(self) -> Iterator[str]:
        for bad in self.bad[:BAD_SHOWN]:
            yield f"Bad, line {bad.line}: {bad.reason}."
        if self.bad_file is not None:
            yield f"All {len(self.bad):,} bad rows with line and reason: {self.bad_file}."

    def _type_lines(self) -> Iterator[str]:
        unmapped = self.header.counts.unmapped_codes
        if unmapped:
            yield f"Codes not in the mapping: {_listed(unmapped)}."
        share = f"{self.other_share:.1%} of the calls are of an 'other' type"
        if self.other_share > OTHER_LIMIT:
            yield (
                f"{share}, more than {OTHER_LIMIT:.0%}: map these codes: "
                f"{_listed(self.other_by_code)}."
            )
        else:
            yield f"{share} (at most {OTHER_LIMIT:.0%} is wanted): {_listed(self.other_by_code)}."


def _flag_lines(counts: CallCounts) -> Iterator[str]:
    if counts.flagged:
        yield f"{counts.flagged:,} of the taken calls are flagged (one call may bear several):"
    for name, n in counts.by_flag.items():
        yield f"  {n:>7,}  {name}: {FLAG_MEANINGS[name]}."


def _remap_line(name: str, remap: Remapping) -> str:
    return (
        f"These calls ({name}) are remapped onto the roads of {remap.city} by an {remap.method}, "
        f"then moved to the nearest road (median {remap.snap_median_m:,.0f} m, p90 "
        f"{remap.snap_p90_m:,.0f} m, {remap.far_share:.1%} over {remap.far_m:,.0f} m): "
        "times, types and order are real, places are not."
    )


def _listed(counts: dict[str, int]) -> str:
    shown = [f"{code} ({n:,})" for code, n in list(counts.items())[:CODES_SHOWN]]
    more = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "none"
