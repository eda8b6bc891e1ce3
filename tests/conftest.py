"""What tests of every kind share: how examples are drawn; a PostgreSQL server, when asked for."""

import gc
import itertools
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from kuaifan.app.private_postgres import PrivateServer, find_binaries
from kuaifan.store.log_place import postgres_place

NUMBERS = itertools.count(1)
# The same examples at every run, and no word about how long they took: a neighbour on the machine
# is no fault of ours. `make soak` draws new ones, round by round.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", PATIENT, derandomize=True)
settings.register_profile("new", PATIENT)
settings.load_profile("same")


def pytest_configure(config):
    """The same examples whatever ran before: Hypothesis else draws numbers and words of our files.

    Of those that happen to be imported by then, that is, and it parses them all for it.
    """
    if config.getoption("--hypothesis-profile") != "new":
        providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_finish():
    """What is imported and collected stays to the end: no collector looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(name="postgres", scope="session")
def fixture_postgres():
    """A server for this worker, as safe as a real one; left out by name where there is none."""
    if find_binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed: CI leaves no test out, .ci/run installs it")
        pytest.skip("PostgreSQL is not installed here: install the package postgresql")
    with PrivateServer() as server:
        server.create("tests")
        yield server


@pytest.fixture(name="new_url")
def fixture_new_url(postgres, tmp_path):
    """Makes the URL of an empty schema: a database would take ten times as long to make."""

    def make():
        schema = f"log_{next(NUMBERS)}"
        postgres.run_sql(f"CREATE SCHEMA {schema}", "tests")
        files = tmp_path / f"{schema}.files"
        return f"{postgres.url('tests', files=files)}&options=-csearch_path%3D{schema}"

    return make


@pytest.fixture(name="in_postgres")
def fixture_in_postgres(new_url):
    """The place of an empty log in PostgreSQL."""
    return postgres_place(new_url())


@pytest.fixture(name="place", params=["sqlite", "postgresql"])
def fixture_place(request, tmp_path):
    """The place of an empty log, in the one database and in the other."""
    if request.param == "sqlite":
        return tmp_path / "log.db"
    return request.getfixturevalue("in_postgres")
