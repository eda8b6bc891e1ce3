"""How long what is over stays on a seat's page is the city's to say, and never for good."""

import msgspec
import pytest
from hotline_acts import keep, offered
from seat_life import off_the_board
from toy_city import START_MS, Desk, image

from kuaifan.seats.complaints.words import SetComplaintTerms
from kuaifan.seats.daily_clearing import retires as daily
from kuaifan.seats.daily_clearing.folds import DROP_CASE_DAYS
from kuaifan.seats.daily_clearing.words import SetDailyTerms
from kuaifan.seats.domestic_violence import retires as violence
from kuaifan.seats.domestic_violence.words import SetViolenceTerm
from kuaifan.seats.hotline.words import HotlineTermsSet, SetHotlineTerms
from kuaifan.vocabulary.seat_archive import RetireSeatPapers

D, DAY_MS = 86_400, 86_400_000
WHO = {"by": "赵局"}


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.mark.parametrize("days", [7, 90, 200])
def test_a_ticket_leaves_when_the_city_says(desk, days):
    if days != 90:
        desk.do(SetHotlineTerms(kept_days=days, **WHO))
    ticket_id = offered(desk)
    desk.do(keep(ticket_id))
    mine = desk.board.seats["hotline"]
    off_the_board(desk, mine.tickets[ticket_id].incident_id)
    desk.do(RetireSeatPapers(), at_s=(days - 1) * D)
    assert [*mine.tickets] == [ticket_id]
    desk.do(RetireSeatPapers(), at_s=(days + 1) * D)
    assert mine.tickets == {}


class Slices:
    """A board that is asked for its slices alone."""

    def __init__(self, desk):
        self.seats, self.items, self.incidents = desk.board.seats, {}, {}


def test_the_other_seats_ask_their_own_term(desk):
    desk.do(SetComplaintTerms(kept_days=10, **WHO))
    desk.do(SetViolenceTerm(name="kept_days", value=20, **WHO))
    desk.do(SetDailyTerms(keep_case_days=30, reason="按本地规定", **WHO))
    seats = desk.board.seats
    terms = [seats[each].terms for each in ("complaints", "domestic_violence", "daily_clearing")]
    assert [terms[0].kept_days, terms[1].kept_days, terms[2].keep_case_days] == [10, 20, 30]
    case = msgspec.defstruct("Case", [("ended_at_ms", int)])(START_MS)
    assert not daily.is_over(Slices(desk), case, START_MS + 30 * DAY_MS - 1)
    assert daily.is_over(Slices(desk), case, START_MS + 30 * DAY_MS)
    fields = [("is_open", bool), ("closed_at_ms", int), ("household_id", str), ("happenings", list)]
    home = msgspec.defstruct("Home", fields)(False, START_MS, "J1-H", [])
    assert not violence.is_closed(Slices(desk), home, START_MS + 20 * DAY_MS - 1)
    assert violence.is_closed(Slices(desk), home, START_MS + 20 * DAY_MS)


def test_no_term_is_for_good(desk):
    for command in (
        {"type": "SetHotlineTerms", "kept_days": 2_000, **WHO},
        {"type": "SetComplaintTerms", "kept_days": 0, **WHO},
        {"type": "SetDailyTerms", "keep_case_days": 401, "reason": "r", **WHO},
    ):
        kinds = {
            each.__name__: each for each in (SetHotlineTerms, SetComplaintTerms, SetDailyTerms)
        }
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(command, kinds[command["type"]])
    assert desk.code(SetViolenceTerm(name="kept_days", value=2_000, **WHO)) == "out_of_bounds"
    # The fold of old logs drops none that the archive has not taken before.
    assert DROP_CASE_DAYS > daily.MAX_CASE_DAYS


def test_what_an_old_log_set_keeps_the_days_that_were_in_the_code():
    old = {name: 1 for name in HotlineTermsSet.__struct_fields__ if name.endswith(("_ms", "_days"))}
    told = {**old, "by": "赵局", "n_returns": 3, "off": (), "on": ()}
    del told["kept_days"]
    assert msgspec.convert({"type": "HotlineTermsSet", **told}, HotlineTermsSet).kept_days == 90
