"""The papers of an incident as the read tables would keep them (归档资料), out of a board."""

from toy_city import Desk

from kuaifan.board import stored_papers
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.kinship import IncidentRetired
from kuaifan.vocabulary.recall import RecallIncident


def recall_of(board, incident_id):
    """The command that would bring an incident back as it stands on a board."""
    incident = board.incidents[incident_id]
    calls = (board.calls[each] for each in incident.call_ids)
    return stored_papers.recall_of(
        incident,
        [call for call in calls if call.incident_id == incident_id],
        [board.orders[each] for each in incident.order_ids],
    )


def recall_on(desk, incident_id):
    """The same for an incident that may have left the board; one never seen has empty papers."""
    if incident_id in desk.board.incidents:
        return recall_of(desk.board, incident_id)
    before = board_before_retirement(desk, incident_id)
    if before is None:
        return RecallIncident(incident_id=incident_id, facts="{}")
    return recall_of(before, incident_id)


def board_before_retirement(desk, incident_id):
    """The board just before an incident left it, None where it never did."""
    for i, item in enumerate(desk.journal.items):
        events = item.events if isinstance(item, Record) else ()
        retired = [event for event in events if isinstance(event, IncidentRetired)]
        if any(event.incident_id == incident_id for event in retired):
            past = Desk(desk.reference)
            past.journal.items = list(desk.journal.items[:i])
            return past.rebuilt().board
    return None
