"""Database URLs of PostgreSQL: what is the driver's, what is ours, what may be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from kuaifan.store.log_error import LogError
from kuaifan.store.log_place import files_of, hide_password, postgres_place


def test_the_folder_beside_is_taken_out_and_the_rest_is_the_drivers() -> None:
    place = postgres_place("postgresql://desk:pw@a,b:5433/city?files=/srv/city&sslmode=require")
    assert place.url == "postgresql://desk:pw@a,b:5433/city?sslmode=require"
    assert files_of(place) == Path("/srv/city/log")


def test_without_a_folder_it_is_named_after_the_database() -> None:
    assert files_of(postgres_place("postgres://h/city")) == Path("city.files/log")
    assert postgres_place("postgres://h/city").url == "postgresql://h/city"


def test_a_password_is_never_shown() -> None:
    place = postgres_place("postgresql://desk:pw@h/city?password=pw2")
    assert str(place) == "postgresql://desk@h/city?password=***"
    assert hide_password("mysql://root:pw@h/x") == "mysql://root@h/x"


def test_a_url_without_a_database_is_refused() -> None:
    with pytest.raises(LogError, match="names no database"):
        postgres_place("postgresql://desk:pw@h/")
