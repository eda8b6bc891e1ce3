"""What people at the hand-over seat press (联动操作), for its tests."""

from toy_city import corner

from kuaifan.seats.hotline import words

LAMP, NOISE, PROTECTED = "100102", "020303", "020104"
H, D = 3_600, 86_400


def offer(incident_id, to="12345", **more):
    return words.OfferTicket(incident_id=incident_id, to=to, kind="help", by="王警官", **more)


def offered(desk, to="12345", type_code=LAMP, **more):
    """A ticket of an incident of its own."""
    incident_id = desk.opened(type_code, corner(4, 2))
    desk.do(offer(incident_id, to, **more))
    return list(desk.board.seats["hotline"].tickets)[-1]


def inbound(their_id="GD-1", **more):
    given = {"service_code": NOISE, "description": "夜间施工噪音", "contact": "林女士 139"}
    return words.ReceiveTicket(
        from_agency="12345", their_id=their_id, by="12345 坐席", **{**given, **more}
    )


def accept(ticket_id, **more):
    return words.AcceptTicket(ticket_id=ticket_id, by="对方坐席", **more)


def give_back(ticket_id, reason="不属职责"):
    return words.ReturnTicket(ticket_id=ticket_id, code="not_theirs", reason=reason, by="对方坐席")


def again(ticket_id, to="12345"):
    return words.ReofferTicket(ticket_id=ticket_id, to=to, what="补充照片", by="王警官")


def keep(ticket_id):
    return words.KeepTicket(ticket_id=ticket_id, reason="先行处置", by="王警官")


def decide(ticket_id, owner):
    return words.DecideTicket(ticket_id=ticket_id, owner=owner, reason="职责清单", by="赵局")


def start(ticket_id):
    return words.StartTicket(ticket_id=ticket_id, by="对方坐席")


def answer(ticket_id, text="路灯已修复"):
    return words.AnswerTicket(ticket_id=ticket_id, answer=text, by="对方坐席")


def ring(ticket_id, result, note="说明"):
    return words.CallBackTicket(ticket_id=ticket_id, result=result, by="王警官", note=note)


def close(ticket_id):
    return words.CloseTicket(ticket_id=ticket_id, by="王警官")


def urge(ticket_id):
    return words.UrgeTicket(ticket_id=ticket_id, text="请尽快", by="王警官")


def talk_by_three(ticket_id, call_id):
    return words.StartThreeWay(ticket_id=ticket_id, call_id=call_id, by="王警官", number="12345")


def agree(ticket_id, owner):
    return words.AgreeThreeWay(ticket_id=ticket_id, owner=owner, by="王警官")
