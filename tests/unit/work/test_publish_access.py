"""Access in the log (访问留痕): what is written down, who may release and review, recovery."""

from toy_city import FIGHT, Desk, corner, image

from kuaifan.vocabulary import access


def test_who_came_was_locked_and_left_is_on_the_board_and_survives_a_restart():
    desk = Desk()
    desk.do(access.LogOnPerson(person="li", means="password"))
    desk.do(access.LockPerson(person="wang", n_failed=5))
    desk.do(access.ChangeAccount(person="li", change="roles", by="chen", roles=("crew",)))
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(
        access.ReadRecord(person="li", what="incident", purpose="review", incident_id=incident_id)
    )
    desk.do(access.LogOffPerson(person="li", reason="asked"))
    people = desk.board.access.people
    assert people["wang"].is_locked
    assert (people["li"].n_reads, people["li"].n_changes) == (1, 1)
    assert people["li"].logged_off_at_ms >= people["li"].logged_on_at_ms > 0
    desk.do(access.ReleasePerson(person="wang", by="chief"))
    assert not people["wang"].is_locked
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_nobody_releases_itself():
    desk = Desk()
    desk.do(access.LockPerson(person="li", n_failed=5))
    assert desk.code(access.ReleasePerson(person="li", by="li")) == "own_lockout"


def test_break_glass_needs_a_reason_and_the_eyes_of_another():
    desk = Desk()
    assert desk.code(access.BreakGlass(person="li", reason=" ")) == "reason_needed"
    event = desk.do(access.BreakGlass(person="li", reason="a child is missing", minutes=10)).events[
        0
    ]
    assert (event.glass_id, event.until_ms - desk.inbox.now_ms()) == ("G1", 600_000)
    own = access.ReviewGlass(glass_id="G1", by="li", finding="in order")
    assert desk.code(own) == "own_glass"
    assert desk.code(access.ReviewGlass(glass_id="G9", by="c", finding="?")) == "unknown_glass"
    assert desk.code(access.ReviewGlass(glass_id="G1", by="c", finding="")) == "reason_needed"
    desk.do(access.ReviewGlass(glass_id="G1", by="chen", finding="in order"))
    assert desk.board.access.glass == {}
    desk.do(access.BreakGlass(person="li", reason="again"))
    assert list(desk.board.access.glass) == ["G2"]
    assert image(desk.engine.state) == image(desk.rebuilt())
