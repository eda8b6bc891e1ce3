"""What stands on papers as a person's name fits where a name may stand."""

import msgspec

from kuaifan.vocabulary.order import AssignUnit
from kuaifan.web.own_name import sign_of
from kuaifan.web.people import Visitor


def test_a_person_with_the_longest_name_can_still_sign():
    longest = Visitor(name="w" * 32, display_name="城" * 200, session="s")
    order = AssignUnit(incident_id="J1", unit_id="P1", by=sign_of(longest))
    assert msgspec.convert(msgspec.to_builtins(order), AssignUnit) == order
    assert longest.name in order.by
