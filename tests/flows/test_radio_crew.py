"""A crew without phone or GPS (电台警组), from the call to the feedback, by typed lines alone."""

from toy_city import FIGHT, RADIO_CREW, START_MS, Desk, corner, image, names, toy_reference

from kuaifan.board.views import Views
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.order import GiveFeedback
from kuaifan.vocabulary.unit import StartShift
from kuaifan.vocabulary.voice import EnterVoiceReport

SCENE, JUNCTION = corner(7, 4), corner(2, 3)


def say(desk, text, place=(None, None), *, at_s):
    """What the dispatcher types; a refusal anywhere in it fails the story."""
    line = EnterVoiceReport(text=text, entered_by="Li", lat=place[0], lon=place[1])
    record = desk.do(line, at_s=at_s)
    assert record.refusal is None, record.refusal
    assert record.refused == ()
    return record


def ranked(desk, place, *, at_s):
    """What the ranking says of the crew for a fight at a place."""
    desk.opened(FIGHT, place, at_s=at_s)
    made = [e for e in desk.journal.records[-1].events if isinstance(e, RecommendationMade)]
    found = {c.unit_id: c for c in made[0].candidates}["R1"]
    return found.travel_ms, {r.code: r.number for r in found.reasons}


def test_a_crew_by_radio_only_is_a_full_unit_from_the_call_to_the_feedback():
    desk = Desk(toy_reference(RADIO_CREW))
    desk.on_duty("P3")
    desk.do(StartShift(unit_id="R1", n_officers=2))

    # Ranked from its post, two crossings away, with how sure that is.
    incident_id = desk.opened(FIGHT, SCENE, at_s=10)
    made = desk.journal.records[-1].events
    best = next(e for e in made if isinstance(e, RecommendationMade)).candidates[0]
    assert best.unit_id == "R1"
    assert ("position_uncertain", 50) in {(r.code, r.number) for r in best.reasons}

    # Sent by voice; the read-back is its signature, and no clock asks again.
    order = desk.board.orders[desk.sent(incident_id, "R1", at_s=20)]
    say(desk, "012 收到", at_s=31)
    assert not any("OrderUnsigned" in names(r) for r in desk.run_until(55))
    say(desk, "012 出发", at_s=60)
    say(desk, "012 到", at_s=180)
    say(desk, "012 完毕", at_s=900)
    stamps = [order.t4_ms, order.t5_ms, order.t6_ms, order.t7_ms, order.t8_ms]
    assert [(each - START_MS) // 1000 for each in stamps] == [20, 31, 60, 180, 900]
    sources = (order.t5_source, order.t6_source, order.t7_source, order.t8_source)
    assert sources == ("voice",) * 4

    # Free where it was last heard of; then where it says it is; then at its post again.
    at_scene_ms, why = ranked(desk, SCENE, at_s=910)
    assert why["position_uncertain"] == 100
    say(desk, "012 在 淮海路口", JUNCTION, at_s=950)
    at_junction_ms, _ = ranked(desk, JUNCTION, at_s=955)
    far_ms, _ = ranked(desk, SCENE, at_s=956)
    assert at_scene_ms < far_ms
    assert at_junction_ms < far_ms
    say(desk, "012 归队", at_s=1_200)
    assert desk.board.units["R1"].position_source == "post"

    # The feedback is written by whoever takes it down; its order is whole.
    feedback = GiveFeedback(
        order_id=order.order_id, incident_id=incident_id, disposition="both warned"
    )
    assert desk.do(feedback, at_s=1_300).refusal is None
    assert desk.board.incidents[incident_id].state == "fed_back"
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_the_screens_say_how_a_unit_is_known():
    desk = Desk(toy_reference(RADIO_CREW))
    desk.do(StartShift(unit_id="R1", n_officers=2))
    desk.on_duty("P1")
    views = Views()
    views.load(desk.board, START_MS, {})
    radio, car = views.rows["units", "R1"].row, views.rows["units", "P1"].row
    assert (radio.has_gps, radio.position_source, radio.uncertainty_m) == (False, "post", 50)
    assert (car.has_gps, car.position_source, car.uncertainty_m) == (True, "gps", 0)
