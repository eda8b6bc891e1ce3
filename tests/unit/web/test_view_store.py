"""The store of rows (视图存储): durable before visible, in order, without gap or repeat."""

from kuaifan.board.view_rows import CircleRow
from kuaifan.board.views import Change, Shown
from kuaifan.web.view_store import Cursor, ViewStore


def circle(n_units):
    return Shown(
        CircleRow(
            post_id="K",
            name="k",
            kind="standby_post",
            lat=0.0,
            lon=0.0,
            state="held",
            n_units=n_units,
        )
    )


def change(before, after):
    shown = [None if n is None else circle(n) for n in (before, after)]
    return Change("circles", "K", *shown)


def loaded(seq=0, max_kept=100):
    store = ViewStore(max_kept)
    store.load({("circles", "K"): circle(0)}, seq=seq, at_ms=5)
    return store


def n_units(store):
    return store.find("circles", "K").row.n_units


def test_a_row_is_shown_only_once_its_record_is_durable_whichever_is_known_first():
    store = loaded()
    store.built(1, 10, [change(0, 1)])
    assert (n_units(store), store.cursor) == (0, Cursor(0))
    store.settle(1)
    assert (n_units(store), store.cursor, store.at_ms) == (1, Cursor(1), 10)
    store.settle(2)
    assert store.cursor == Cursor(1)
    store.built(2, 11, [change(1, 2)])
    assert (n_units(store), store.cursor) == (2, Cursor(2))


def test_what_positions_change_follows_the_record_before_and_waits_for_it():
    store = loaded()
    store.built(1, 10, [])
    store.built(None, 11, [change(0, 1)])
    assert n_units(store) == 0
    store.settle(1)
    assert (n_units(store), str(store.cursor)) == (1, "1-1")
    store.built(None, 12, [change(1, 2)])
    assert (n_units(store), str(store.cursor)) == (2, "1-2")


def test_entries_since_a_cursor_are_exactly_those_after_it():
    store = loaded(seq=7)
    for seq in (8, 9):
        store.built(seq, seq, [])
        store.built(None, seq, [])
    store.settle(9)
    since = {cursor: store.find_since(Cursor(*cursor)) for cursor in ((7, 0), (8, 0), (8, 1))}
    assert [entry.cursor for entry in since[7, 0]] == [(8, 0), (8, 1), (9, 0), (9, 1)]
    assert [entry.cursor for entry in since[8, 0]] == [(8, 1), (9, 0), (9, 1)]
    assert [entry.cursor for entry in since[8, 1]] == [(9, 0), (9, 1)]
    assert store.find_since(Cursor(9, 1)) == []


def test_a_cursor_too_old_or_of_another_log_cannot_go_on():
    store = loaded(seq=7, max_kept=2)
    for seq in (8, 9, 10):
        store.built(seq, seq, [])
    store.settle(10)
    assert store.find_since(Cursor(7)) is None
    assert len(store.find_since(Cursor(8))) == 2
    assert store.find_since(Cursor(11)) is None


def test_after_the_board_was_rebuilt_the_difference_is_one_entry_and_the_rest_is_dropped():
    store = loaded(seq=7)
    store.built(8, 8, [change(0, 1)])
    store.settle(8)
    store.built(9, 9, [change(1, 5)])
    store.load({("circles", "K"): circle(2)}, seq=8, at_ms=9)
    entries = store.find_since(Cursor(8))
    assert [entry.cursor for entry in entries] == [(8, 1)]
    assert entries[0].changes == (change(1, 2),)
    store.built(9, 10, [change(2, 3)])
    store.settle(9)
    assert (n_units(store), store.cursor) == (3, Cursor(9))


def test_who_waits_for_a_record_is_called_once_it_is_shown():
    store, called = loaded(), []
    store.when_shown(0, lambda: called.append(0))
    store.when_shown(1, lambda: called.append(1))
    store.when_shown(2, lambda: called.append(2))
    store.built(1, 1, [])
    assert called == [0]
    store.settle(1)
    assert called == [0, 1]


def test_a_snapshot_is_of_one_moment_and_does_not_change_under_the_hand():
    store = loaded()
    cursor, rows = store.snapshot()
    store.built(1, 1, [change(0, None)])
    store.settle(1)
    assert (cursor, list(rows["circles"])) == (Cursor(0), ["K"])
    assert store.find("circles", "K") is None


def test_a_cursor_of_an_earlier_life_begins_anew_though_its_numbers_are_known():
    before, after = loaded(seq=7), loaded(seq=7)
    for at_ms, n in ((8, 1), (9, 2)):
        before.built(None, at_ms, [change(n - 1, n)])
    # Started again, the circle lost its unit and got three; two of these entries have the numbers
    # of the ones above.
    for n in (1, 0, 3):
        after.built(None, 20 + n, [change(None, n)])
    assert before.cursor == (7, 2)
    assert before.cursor < after.cursor
    assert after.find_missed(before.cursor) is None
    after.built(8, 30, [])
    after.settle(8)
    after.built(None, 31, [change(3, 4)])
    assert after.find_missed(Cursor(7)) is None
    assert [entry.cursor for entry in after.find_missed(Cursor(8))] == [(8, 1)]


def test_a_timer_decided_late_does_not_turn_the_time_on_the_screens_back():
    store = loaded(seq=7)
    store.built(None, 100, [change(0, 1)])
    store.built(8, 95, [change(1, 2)])
    store.settle(8)
    assert (n_units(store), store.at_ms) == (2, 100)
    store.built(9, 101, [])
    store.settle(9)
    assert store.at_ms == 101
