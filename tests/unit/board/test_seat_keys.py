"""Every special seat of the house (专席快捷键): what is done to an item has a key of its own."""

import pytest

from kuaifan.app.served_seats import installed_seats

SEATS = {here.seat_id: here.seat for here in installed_seats()}


@pytest.mark.parametrize("seat_id", SEATS)
def test_what_is_done_to_an_item_or_an_incident_has_a_key(seat_id):
    actions = SEATS[seat_id].actions
    bare = [each.command for each in actions if each.on != "seat" and not each.key]
    # What is struck off a register is done seldom, and asks once more or for a reason.
    rare = {each for each in bare if each.startswith(("Retire", "Drop"))}
    assert set(bare) == rare


@pytest.mark.parametrize("seat_id", SEATS)
def test_keys_are_one_letter_or_digit_each_their_own(seat_id):
    keys = [each.key.upper() for each in SEATS[seat_id].actions if each.key]
    assert len(keys) == len(set(keys))
    assert all(len(each) == 1 for each in keys)
