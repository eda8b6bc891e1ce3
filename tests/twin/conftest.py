"""What the seeded runs share: Porto Alegre with four hundred calls of Nashville, once a worker."""

import pytest
from nashville import DATA, make_calls, make_poa, run_nashville


@pytest.fixture(name="poa", scope="session")
def fixture_poa(tmp_path_factory):
    """Porto Alegre as a city."""
    if not DATA.is_dir():
        pytest.skip("the folder shared/data beside the repository is not there")
    return make_poa(tmp_path_factory.mktemp("porto_alegre"))


@pytest.fixture(name="nashville", scope="session")
def fixture_nashville(poa, tmp_path_factory):
    """The call file."""
    return make_calls(poa, tmp_path_factory.mktemp("nashville"))


@pytest.fixture(name="run", scope="session")
def fixture_run(poa, nashville, tmp_path_factory):
    """The run that most tests look at."""
    return run_nashville(poa, nashville, tmp_path_factory.mktemp("run") / "out", seed=1)
