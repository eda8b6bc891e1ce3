"""What people at the inspection desk press (督察操作), for its tests."""

from toy_city import START_MS

from kuaifan.seats.complaints import words

NOW, LATER = "090101", "090102"
H, D = 3_600, 86_400


def log(their_id="", **more):
    given = {"channel": "12389", "ongoing": False, "wants_answer": True, "contact": "林女士 139"}
    return words.LogComplaint(
        text="出警慢，态度差", by="督察席", their_id=their_id, **{**given, **more}
    )


def begin(complaint_id, inspector="督察员甲", **more):
    return words.BeginInquiry(
        complaint_id=complaint_id, inspector=inspector, by=more.get("by", "督察席")
    )


def conclude(complaint_id, finding="unfounded", **more):
    given = {"by": "督察员甲", "account": "调阅记录"}
    if finding in {"founded", "partly"}:
        given |= {"correction": "规范用语", "responsible": "李所长", "correct_by_ms": due(20 * D)}
    return words.ConcludeComplaint(complaint_id=complaint_id, finding=finding, **{**given, **more})


def due(at_s):
    return START_MS + at_s * 1_000


def answer(complaint_id):
    return words.AnswerComplainant(
        complaint_id=complaint_id, answer="已查明", how="电话", by="督察席"
    )


def confirm(complaint_id, by="督察席"):
    return words.ConfirmCorrection(complaint_id=complaint_id, account="已整改", by=by)


def send(complaint_id, unit_id):
    return words.SendInspection(complaint_id=complaint_id, unit_id=unit_id, by="指挥长")


def go(complaint_id, inspector="督察员甲"):
    return words.SendInspector(complaint_id=complaint_id, inspector=inspector, by="督察席")


def message(their_id="", **more):
    given = {"channel": "account", "topic": "suggestion", "text": "建议增设巡逻"}
    return words.ReceiveFeedback(by="宣传席", their_id=their_id, **{**given, **more})


def reply(feedback_id):
    return words.AnswerFeedback(feedback_id=feedback_id, answer="谢谢，已采纳", by="宣传席")
