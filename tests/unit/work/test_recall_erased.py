"""A recalled incident whose texts were erased (调档后销毁): the log goes on folding."""

import msgspec
import pytest
from recall_papers import recall_of
from stored_log import folded, stored
from toy_city import FIGHT, Desk, corner, image

from kuaifan.kernel.personal import ERASED, is_erased
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, order, recall
from kuaifan.vocabulary.call import AnswerCall, HangUpCall, UpdateCall

DAY_S = 86_400
NAME, STORY, SAID = "Zhang Wei", "two men at the gate", "both went home"


def retired():
    """A desk whose fight is over and gone, and the papers it left with."""
    desk = Desk()
    desk.on_duty("P1")
    call_id = desk.rang()
    desk.do(AnswerCall(call_id=call_id, seat_id="1"))
    desk.do(UpdateCall(call_id=call_id, caller_name=NAME))
    incident_id = desk.opened(FIGHT, corner(4, 5), call_id=call_id)
    desk.do(incidents.UpdateIncident(incident_id=incident_id, narrative=STORY))
    desk.do(HangUpCall(call_id=call_id))
    order_id = desk.sent(incident_id, "P1")
    desk.do(order.ReportHandled(order_id=order_id))
    desk.answered(incident_id)
    told = order.GiveFeedback(
        order_id=order_id, incident_id=incident_id, disposition="settled", story=SAID
    )
    desk.do(told)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    assert desk.do(incidents.CloseIncident(incident_id=incident_id)).refusal is None
    papers = recall_of(desk.board, incident_id)
    paper_bodies = {
        paper_id: msgspec.json.encode(paper).decode()
        for paper_id, paper in (
            (incident_id, desk.board.incidents[incident_id]),
            (call_id, desk.board.calls[call_id]),
            (order_id, desk.board.orders[order_id]),
        )
    }
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert incident_id not in desk.board.incidents
    return desk, papers, paper_bodies


def of_old_logs(papers, bodies):
    """The same papers as builds before stored them: each a single text, with the fields of then."""
    old = '"phone_nos":{"party:Li":3}'
    bodies = {each: body.replace('"stream_nos":{}', old) for each, body in bodies.items()}
    return recall.RecallIncident(
        incident_id=papers.incident_id,
        body=bodies[papers.incident_id],
        calls=tuple(
            recall.StoredCall(call_id=each.call_id, body=bodies[each.call_id])
            for each in papers.calls
        ),
        orders=tuple(
            recall.StoredOrder(
                order_id=each.order_id, incident_id=each.incident_id, body=bodies[each.order_id]
            )
            for each in papers.orders
        ),
    )


def test_the_facts_of_a_paper_hold_no_personal_text():
    _, papers, _ = retired()
    clear = (papers.facts, *(each.facts for each in (*papers.calls, *papers.orders)))
    for text in (NAME, STORY, SAID, "13800000000"):
        assert not any(text in each for each in clear)
        texts = (papers.texts, *(each.texts for each in (*papers.calls, *papers.orders)))
        assert sum(each.text == text for some in texts for each in some) == 1


@pytest.mark.parametrize("is_old", [False, True])
def test_a_recall_folds_alike_out_of_new_logs_and_old(is_old, tmp_path):
    desk, papers, bodies = retired()
    assert desk.do(of_old_logs(papers, bodies) if is_old else papers).refusal is None
    desk.do(kinship.ReopenIncident(incident_id=papers.incident_id, reason="he is back"))
    with stored(desk, tmp_path / "log.db") as journal:
        assert image(folded(desk, journal)) == image(desk.engine.state)
    incident = desk.board.incidents[papers.incident_id]
    assert (incident.narrative, desk.board.orders[incident.order_ids[0]].story) == (STORY, SAID)


@pytest.mark.parametrize("is_old", [False, True])
def test_after_an_erasure_the_incident_stands_with_erased_texts(is_old, tmp_path):
    desk, papers, bodies = retired()
    desk.do(of_old_logs(papers, bodies) if is_old else papers)
    incident_id, call_id = papers.incident_id, papers.calls[0].call_id
    desk.do(kinship.ReopenIncident(incident_id=incident_id, reason="he is back"))
    desk.sent(incident_id, "P1")
    with stored(desk, tmp_path / "log.db") as journal:
        journal.erase_owner("incident", incident_id)
        journal.erase_owner("call", call_id)
        board = folded(desk, journal).board
    incident, call = board.incidents[incident_id], board.calls[call_id]
    assert (incident.state, len(incident.order_ids)) == ("dispatched", 2)
    old_order = board.orders[incident.order_ids[0]]
    assert all(map(is_erased, (incident.narrative, call.caller_number, old_order.story)))
    if not is_old:
        assert (incident.type_code, old_order.unit_id, call.state) == (FIGHT, "P1", "ended")


def test_papers_with_erased_texts_are_recalled():
    desk, papers, _ = retired()
    gone = tuple(msgspec.structs.replace(each, text=str(ERASED)) for each in papers.texts)
    assert desk.do(msgspec.structs.replace(papers, texts=gone)).refusal is None
    assert is_erased(desk.board.incidents[papers.incident_id].narrative)
