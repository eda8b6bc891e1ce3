"""Of several database hosts, the one that answered last is asked first."""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict

from kuaifan.store.postgres_connection import last_good_first


def test_the_host_that_answered_last_is_asked_first() -> None:
    two = conninfo_to_dict("postgresql://a:1,b:2/log")
    assert last_good_first(two, ("b", "2")) == {"host": "b,a", "port": "2,1"}
    assert last_good_first(two, ("a", "1")) == {"host": "a,b", "port": "1,2"}
    assert last_good_first(two, None) == {}
    assert last_good_first(two, ("c", "2")) == {}
    assert last_good_first(conninfo_to_dict("postgresql://a:1/log"), ("a", "1")) == {}
