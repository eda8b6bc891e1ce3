"""Which database a log is in (选库): the one place that knows both."""

from __future__ import annotations

from kuaifan.store.connection import Connection, Database
from kuaifan.store.connections import open_reader
from kuaifan.store.log_place import LogPlace, PostgresPlace
from kuaifan.store.sqlite_database import SqliteDatabase


def database_at(place: LogPlace) -> Database:
    """The database of a log; the driver of PostgreSQL is loaded only for one of its own."""
    if not isinstance(place, PostgresPlace):
        return SqliteDatabase(place)
    from kuaifan.store.postgres_database import PostgresDatabase

    return PostgresDatabase(place)


def open_log_reader(place: LogPlace) -> Connection:
    """Open a connection that only reads."""
    if not isinstance(place, PostgresPlace):
        return open_reader(place)
    from kuaifan.store.postgres_connection import PostgresConnection

    return PostgresConnection(place, may_write=False)
