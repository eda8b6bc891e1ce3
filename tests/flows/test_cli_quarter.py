"""`kuaifan twin quarter` (仿真季度): a day of it, and the page made from its log."""

import json

from kuaifan.app.cli import run


def test_a_day_is_run_reported_and_written_as_a_page(town, tmp_path, capsys):
    out, page = tmp_path / "out", tmp_path / "quarter.md"
    asked = ["--days", "1", "--per-day", "24", "--left-open", "300", "--seed", "3"]
    said = ["twin", "quarter", "--city", town.city, *asked, "-o", out, "--page", page]
    assert run([str(each) for each in said]) == 0
    told, written = capsys.readouterr().out, page.read_text(encoding="utf-8")
    assert told.strip() == written.strip()
    assert "Sound: every law below held." in written
    for heading in ("业务量", "各专席", "规矩", "资金台账", "九点清零", "日评查", "期末未办结"):
        assert heading in written
    found = json.loads((out / "loops.json").read_text(encoding="utf-8"))
    left = json.loads((out / "summary.json").read_text(encoding="utf-8"))["left_open"]
    assert left
    assert set(left) <= set(found["mornings"][-1]["named"])
    assert {seat["seat_id"] for seat in found["seats"]} >= {"daily_clearing", "school"}


def test_a_quarter_into_a_folder_that_is_there_is_refused_in_a_sentence(town, tmp_path, capsys):
    (tmp_path / "here").write_text("mine")
    assert run(["twin", "quarter", "--city", str(town.city), "-o", str(tmp_path)]) == 2
    assert "name a folder that is new or empty" in capsys.readouterr().err
