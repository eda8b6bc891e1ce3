"""`kuaifan retention` and `kuaifan person`: terms are set on a log that goes on, and applied."""

import json
import shutil
from pathlib import Path

import pytest

from kuaifan.app.rules import core_codec
from kuaifan.city.folder import read_city
from kuaifan.kernel.personal import ERASED
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.access import RecordRead


@pytest.fixture(name="asked")
def fixture_asked(town, out, tmp_path):
    """A run that is over since January, and its city, which now says how long calls are kept."""
    city = shutil.copytree(town.city, tmp_path / "city")
    path = city / "city.toml"
    text = path.read_text(encoding="utf-8")
    assert "[retention_days]" in text
    path.write_text(text.replace("[retention_days]", "[retention_days]\ncalls = 1"), "utf-8")
    assert read_city(city).content_hash == read_city(town.city).content_hash
    log = shutil.copytree(out, tmp_path / "out") / "log.db"
    return "--db", f"sqlite:///{log}", "--city", str(city)


def test_what_is_due_is_listed_and_erased_once(kuaifan, asked):
    assert kuaifan("retention", "due", *asked, "--json") == 0
    due = json.loads(kuaifan.said)
    assert due["n_due"] > 0
    assert {each["kind"] for each in due["due"]} == {"calls"}
    assert kuaifan("retention", "apply", *asked) == 0
    assert f"{due['n_due']} keys destroyed" in kuaifan.said
    assert kuaifan("retention", "due", *asked) == 0
    assert kuaifan.said.startswith("0 over their term")
    assert kuaifan("log", "verify", *asked[:2]) == 0


def test_what_is_held_of_a_number_is_written_and_that_it_was_asked_for(kuaifan, asked, tmp_path):
    log = asked[1].removeprefix("sqlite:///")
    with LogReader(Path(log), core_codec()) as reader:
        numbers = [json.loads(row.body)["caller_number"] for row in reader.read_rows("calls")]
    number = next(each for each in numbers if each and each != ERASED)
    told = ("--number", number, "--by", "chen", "--reason", "she asks")
    page = tmp_path / "held.html"
    assert kuaifan("person", "export", *asked, *told, "-o", page) == 0
    assert number in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    with LogReader(Path(log), core_codec()) as reader:
        events = [event for record in reader.read_records() for event in record.events]
    read = next(event for event in events if isinstance(event, RecordRead))
    assert (read.person, read.what, read.purpose) == ("chen", "person", "legal")
    assert kuaifan("person", "export", *asked, *told, "-o", tmp_path / "held.doc") == 2
