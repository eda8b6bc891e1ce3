"""Back from the archive (调档): what was retired stands there again, and leaves again in time."""

import msgspec
from recall_papers import recall_of, recall_on
from toy_city import FIGHT, START_MS, Desk, corner, image, names

from kuaifan.kernel.personal import ERASED
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import kinship, order
from kuaifan.vocabulary.call import AnswerCall, HangUpCall
from kuaifan.vocabulary.recall import RecallIncident

DAY_S = 86_400


def closed(desk):
    """A fight with one call and one order, all the way to its end."""
    call_id = desk.rang()
    desk.do(AnswerCall(call_id=call_id, seat_id="1"))
    incident_id = desk.opened(FIGHT, corner(4, 5), call_id=call_id)
    desk.do(HangUpCall(call_id=call_id))
    order_id = desk.sent(incident_id, "P1")
    for step in (order.AcknowledgeOrder, order.ReportArrival, order.ReportHandled):
        desk.do(step(order_id=order_id))
    desk.fed_back(order_id)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    record = desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert record.refusal is None, record.refusal
    return incident_id


def retired():
    desk = Desk()
    desk.on_duty("P1", "P4")
    incident_id = closed(desk)
    before = recall_of(desk.board, incident_id)
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert incident_id not in desk.board.incidents
    return desk, incident_id, before


def test_it_stands_there_as_it_was_and_can_be_reopened():
    desk, incident_id, before = retired()
    desk.do(before)
    found = recall_of(desk.board, incident_id)
    for papers in ("orders", "calls"):
        pairs = zip(getattr(found, papers), getattr(before, papers), strict=True)
        assert all(_without_seq(now) == _without_seq(then) for now, then in pairs)
    assert {order.seq for order in desk.board.orders.values()} == {desk.board.seq}
    seqs = [msgspec.json.decode(each.facts).pop("seq") for each in (before, found)]
    assert seqs[1] > seqs[0]
    assert _without_seq(found) == _without_seq(before)
    desk.do(kinship.ReopenIncident(incident_id=incident_id, reason="he is back"))
    assert incident_id in desk.board.waiting
    second = desk.sent(incident_id, "P1")
    assert desk.board.incidents[incident_id].order_ids == [before.orders[0].order_id, second]
    assert image(desk.engine.state) == image(desk.rebuilt())


def _without_seq(papers):
    facts = msgspec.json.decode(papers.facts)
    return {key: value for key, value in facts.items() if key != "seq"}, papers.texts


def test_untouched_it_leaves_again_after_the_same_time():
    desk, incident_id, before = retired()
    desk.do(before)
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert incident_id not in desk.board.incidents
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_what_is_on_the_board_is_not_recalled():
    desk = Desk()
    desk.on_duty("P1")
    incident_id = closed(desk)
    assert desk.code(recall_of(desk.board, incident_id)) == "incident_on_board"


def test_broken_or_strange_papers_are_refused():
    desk, incident_id, before = retired()
    replace = msgspec.structs.replace
    other = replace(before.orders[0], order_id="J9-1")
    for papers in (
        RecallIncident(incident_id=incident_id, body=str(ERASED)),
        RecallIncident(incident_id=incident_id),
        replace(before, facts=before.facts.replace('"address":""', '"address":"12 Row 4"')),
        replace(before, orders=()),
        replace(before, orders=(*before.orders, other)),
        replace(before, calls=(replace(before.calls[0], call_id="C99"),)),
        replace(before, incident_id="J99"),
    ):
        assert desk.code(papers) == "papers_unusable"


def test_the_papers_that_tests_keep_are_those_before_it_left():
    desk, incident_id, before = retired()
    assert recall_on(desk, incident_id) == before
    assert "IncidentRecalled" in names(desk.do(before))


def test_what_is_owed_for_it_is_what_is_owed_now_and_it_can_be_closed_and_merged_again():
    desk = Desk()
    desk.on_duty("P1", "P4")
    incident_id = closed(desk)
    due_at_ms = START_MS + 100 * DAY_S * 1_000
    sun = items.Owner("person", "Sun")
    task = items.GiveTask(
        incident_id=incident_id, text="要录像", to=sun, due_at_ms=due_at_ms, by="Li"
    )
    done, open_still = (desk.do(task).events[0].item_id for _ in range(2))
    papers = recall_of(desk.board, incident_id)
    desk.run_until(desk.now_s + 3 * DAY_S)
    desk.do(items.EndTask(item_id=done, outcome="done", by="Sun"))
    desk.do(papers)
    assert desk.board.incidents[incident_id].item_ids == [open_still]
    desk.do(kinship.ReopenIncident(incident_id=incident_id, reason="he is back"))
    main = desk.opened(FIGHT, corner(4, 6))
    desk.do(incidents.MergeIncident(incident_id=incident_id, into_incident_id=main))
    assert desk.board.items[open_still].incident_id == main
    desk.do(items.EndTask(item_id=open_still, outcome="done", by="Sun"))
    assert not desk.board.items
    assert image(desk.engine.state) == image(desk.rebuilt())
