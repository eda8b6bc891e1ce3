"""The shadow policy (影子策略): counted beside every recommendation, never acted on, no names."""

import msgspec
import pytest
from toy_city import FIGHT, Desk, corner, image

from kuaifan.app.shadow import FILE, FOLDER, Shadow
from kuaifan.plan.shadow_figures import ShadowBook, Tally, figures_of
from kuaifan.vocabulary.order import AssignUnit
from kuaifan.vocabulary.setting import ChangePolicyRules

HERE = corner(1, 1)
"""Where the station's own unit is near, and a patrol goes first all the same."""


class Beside:
    """A desk that is looked on at."""

    def __init__(self, folder, shadow="station_first"):
        self.desk, self.shadow, self.n_waiting = Desk(), Shadow(folder), 0
        self.desk.on_duty("P1", "P2", "P3", "S1")
        engine = self.desk.engine
        engine.watchers.append(lambda record: self.shadow.on_record(engine.board, record))
        if shadow is not None:
            self.do(ChangePolicyRules(shadow=shadow, by="li", reason="trial"))

    def do(self, command):
        record = self.desk.do(command)
        self.shadow.between(self.desk.board, self.n_waiting)
        return record

    def opened(self):
        incident_id = self.desk.opened(FIGHT, HERE)
        self.shadow.between(self.desk.board, self.n_waiting)
        return incident_id


@pytest.fixture
def beside(tmp_path):
    return Beside(tmp_path)


def test_beside_a_recommendation_the_shadows_choice_is_counted(beside):
    beside.opened()
    figures = beside.shadow.figures()
    assert figures.shadow == "station_first"
    (row,) = figures.recommended
    assert (row.n, row.n_same) == (1, 0)
    # The station's unit is the nearer one: patrol first passes it over for its line.
    assert row.difference_s < 0


def test_who_is_sent_is_held_against_both_and_nobody_is_named(beside, tmp_path):
    first, second = beside.opened(), beside.opened()
    beside.do(AssignUnit(incident_id=first, unit_id="S1", by="seat 3"))
    beside.do(AssignUnit(incident_id=second, unit_id="P2", by="seat 4"))
    figures = beside.shadow.figures()
    (sent,), (chosen,) = figures.sent, figures.chosen
    assert (sent.n, sent.n_same) == (2, 1)
    assert (chosen.n, chosen.n_same) == (2, 0)
    beside.shadow.stop()
    kept = (tmp_path / FOLDER / FILE).read_text()
    assert "seat" not in kept
    assert "P2" not in kept


def test_the_board_is_as_it_would_be_without(beside):
    beside.opened()
    assert image(beside.desk.rebuilt()) == image(beside.desk.engine.state)


def test_while_inputs_wait_nothing_is_worked_out_and_that_is_said(beside):
    beside.n_waiting = 1
    beside.opened()
    figures = beside.shadow.figures()
    assert figures.recommended == ()
    assert figures.n_passed == 1


def test_without_a_shadow_only_overrides_are_counted(tmp_path):
    beside = Beside(tmp_path, shadow=None)
    beside.do(AssignUnit(incident_id=beside.opened(), unit_id="S1"))
    figures = beside.shadow.figures()
    assert (figures.shadow, figures.recommended, figures.sent) == ("", (), ())
    assert figures.chosen[0].n == 1


def test_the_figures_outlast_a_restart_and_another_shadow_begins_anew(tmp_path):
    beside = Beside(tmp_path)
    beside.opened()
    beside.shadow.stop()
    again = Beside(tmp_path)
    assert again.shadow.figures().recommended[0].n == 1
    again.do(ChangePolicyRules(shadow="nearest", by="li", reason="another"))
    again.opened()
    figures = again.shadow.figures()
    assert (figures.shadow, figures.recommended[0].n) == ("nearest", 1)


def test_the_difference_has_students_interval_and_one_pair_has_none():
    tally = Tally()
    tally.add(is_same=True, difference_ms=0)
    book = ShadowBook(recommended={1: tally})
    assert figures_of(book).recommended[0].difference_low_s is None
    tally.add(is_same=False, difference_ms=-2_000)
    row = figures_of(msgspec.structs.replace(book)).recommended[0]
    assert (row.difference_s, row.share) == (-1.0, 0.5)
    assert (row.difference_low_s, row.difference_high_s) == (-13.7, 11.7)
