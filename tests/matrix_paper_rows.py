"""Paper cards: one plausible command each (纸质补录命令样例)."""

from matrix_row import row
from toy_city import FIGHT

from kuaifan.vocabulary import paper


def _reserve(_scene, **fields):
    return paper.ReserveCardNumbers(**{"n_cards": 3, "by": "Zhao", **fields})


def _card(scene, incident_id):
    told = {"called_at_ms": scene.desk.inbox.now_ms(), "by": "Qian"}
    return paper.EnterPaperCard(incident_id=incident_id, type_code=FIGHT, **told)


def _reserved(scene):
    first_no = scene.do(_reserve(scene)).events[0].first_no
    return _card(scene, f"J{first_no}")


def _twice(scene):
    command = _reserved(scene)
    scene.do(command)
    return command


PAPER_ROWS = (
    row(paper.ReserveCardNumbers, _reserve, "", "incident"),
    row(paper.ReserveCardNumbers, lambda s: _reserve(s, by=""), "nameless", "incident"),
    row(paper.EnterPaperCard, _reserved, "", "incident"),
    row(paper.EnterPaperCard, lambda s: _card(s, s.incident_id), "not reserved", "incident"),
    row(paper.EnterPaperCard, _twice, "once more", "incident"),
)
