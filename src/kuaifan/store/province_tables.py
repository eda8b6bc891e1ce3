"""Parquet segments and their questions (省级查询), by DuckDB; loaded only where one is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.store.log_error import LogError

SEGMENTS: Final = "{first:012d}-{last:012d}.parquet"
COLUMNS: Final = {
    "centre": "VARCHAR",
    "seq": "BIGINT",
    "event_i": "INTEGER",
    "instant_ms": "BIGINT",
    "jurisdiction": "VARCHAR",
    "record_class": "VARCHAR",
    "event": "VARCHAR",
    "incident_id": "VARCHAR",
    "order_id": "VARCHAR",
    "call_id": "VARCHAR",
    "type_code": "VARCHAR",
    "priority": "INTEGER",
    "source": "VARCHAR",
}
FIGURES: Final = {
    "centres": (
        "SELECT centre, max(seq) AS records, count(*) AS events, min(instant_ms) AS first_ms, "
        "max(instant_ms) AS last_ms FROM events GROUP BY centre ORDER BY centre"
    ),
    "incidents": (
        "SELECT centre, jurisdiction, count(*) FILTER (event = 'IncidentOpened') AS opened, "
        "count(*) FILTER (event = 'IncidentClosed') AS closed FROM events "
        "GROUP BY centre, jurisdiction HAVING opened + closed > 0 ORDER BY centre, jurisdiction"
    ),
    "types": (
        "SELECT type_code, centre, count(*) AS opened FROM events "
        "WHERE event = 'IncidentOpened' AND type_code IS NOT NULL "
        "GROUP BY type_code, centre ORDER BY opened DESC, type_code, centre"
    ),
    "arrival": (
        "WITH o AS (SELECT centre, order_id, "
        "min(instant_ms) FILTER (event = 'UnitAssigned') AS sent_ms, "
        "min(instant_ms) FILTER (event = 'UnitArrived') AS there_ms "
        "FROM events WHERE order_id IS NOT NULL GROUP BY centre, order_id) "
        "SELECT centre, count(*) AS arrived, "
        "round(quantile_cont(there_ms - sent_ms, 0.5) / 1000, 1) AS p50_s, "
        "round(quantile_cont(there_ms - sent_ms, 0.9) / 1000, 1) AS p90_s "
        "FROM o WHERE there_ms >= sent_ms GROUP BY centre ORDER BY centre"
    ),
}
"""Named figures (命名指标); a time of arrival counts from the order that was sent."""


class Answer(msgspec.Struct, frozen=True):
    """What a question found (查询结果)."""

    columns: list[str]
    rows: list[list[Any]]


def write_parquet(lines: Path, target: Path) -> None:
    """Turn lines of JSON into a Parquet file."""
    import duckdb

    with duckdb.connect() as connection:
        columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
        source = f"read_json({_quoted(lines)}, format='newline_delimited', columns={{{columns}}})"
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO {_quoted(target)} (FORMAT parquet)"  # noqa: S608 - ours
        )


def ask(folder: Path, question: str) -> Answer:
    """Answer a named figure or a SELECT over `events`, of all centres; reads nothing else.

    Raises LogError, in the words of DuckDB, for what is no question.
    """
    import duckdb

    if not any(folder.glob("*/*.parquet")):
        raise LogError(f"there are no segments in {folder}: `kuaifan province pull` brings them")
    with duckdb.connect() as connection:
        pattern = _quoted(folder.resolve() / "*" / "*.parquet")
        connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({pattern})")  # noqa: S608 - ours
        connection.execute(f"SET allowed_directories = [{_quoted(folder.resolve())}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        try:
            found = connection.execute(f"SELECT * FROM ({FIGURES.get(question, question)})")  # noqa: S608 - asked by the owner of the files, in a database of its own
        except duckdb.Error as error:
            said = str(error).partition("\n")[0]
            raise LogError(f"this cannot be answered ({said}); name one of {_names()}") from None
        return Answer([each[0] for each in found.description], [list(r) for r in found.fetchall()])


def _names() -> str:
    return f"{', '.join(FIGURES)}, or ask by a SELECT over events"


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
