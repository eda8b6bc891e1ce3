"""A desk with seats (接警席): calls that ring, are answered and passed on, in few words."""

from __future__ import annotations

from copy import copy

from toy_city import Desk, image, toy_reference

from kuaifan.board.reference import Desk as CentreDesk
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import seat as seats

COUNTY = "d1"


def with_county():
    """The toy city with one county desk beside that of the city."""
    reference = copy(toy_reference())
    reference.desks = reference.desks | {COUNTY: CentreDesk(COUNTY, "县局", "county")}
    return reference


class CallDesk(Desk):
    """A desk whose tests are about calls."""

    def __init__(self, **more):
        super().__init__(with_county(), **more)

    def manned(self, *seat_ids, skills=(), desk_id="city", at_s=None):
        """Somebody logs on at each seat; the person is called after it."""
        for seat_id in seat_ids:
            log_on = seats.LogOnSeat(
                seat_id=seat_id, person=f"{seat_id}-1", skills=skills, desk_id=desk_id
            )
            record = self.do(log_on, at_s=at_s)
            assert record.refusal is None, record.refusal

    def registered(self, line="110", number="13800000000", *, at_s=None, seat_id=""):
        """A call on a line; returns its id."""
        ring = calls.RegisterCall(line=line, caller_number=number, seat_id=seat_id)
        return self.do(ring, at_s=at_s).events[0].call_id

    def talked(self, seat_id="A", line="110", number="13800000000", *, at_s=None):
        """A call answered at a seat; returns its id."""
        call_id = self.registered(line, number, at_s=at_s)
        self.ok(calls.AnswerCall(call_id=call_id, seat_id=seat_id))
        return call_id

    def missed(self, line="110", number="13800000000", *, at_s=None):
        """A call that nobody answered; returns its id."""
        call_id = self.registered(line, number, at_s=at_s)
        self.ok(calls.HangUpCall(call_id=call_id))
        return call_id

    def ok(self, command, *, at_s=None):
        """A command that must be accepted; returns its record."""
        record = self.do(command, at_s=at_s)
        assert record.refusal is None, record.refusal
        return record

    def call(self, call_id):
        """The call as it stands."""
        return self.board.calls[call_id]

    def seat(self, seat_id):
        """The seat as it stands."""
        return self.board.desk_seats[seat_id]

    def check_rebuilt(self):
        """What folds from the log is what stands on the board."""
        assert image(self.engine.state) == image(self.rebuilt())
