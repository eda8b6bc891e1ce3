"""Major incidents in hand and broadcasts: one plausible command each (重大警情、广播命令样例)."""

from matrix_row import row
from toy_city import START_MS

from kuaifan.vocabulary import broadcast, major, outbox

BOARD_ROWS = (
    row(
        major.ReportUp,
        lambda s: major.ReportUp(incident_id=s.incident_id, target="bureau", by="Sun"),
    ),
    row(
        major.ConfirmReport,
        lambda s: major.ConfirmReport(incident_id=s.incident_id, report_no=1, received_by="Wu"),
    ),
    row(
        major.NameLogKeeper,
        lambda s: major.NameLogKeeper(incident_id=s.incident_id, keeper="Qian", by="Sun"),
    ),
    row(
        major.AddAfterAction,
        lambda s: major.AddAfterAction(
            incident_id=s.incident_id,
            what="damage list",
            owner="Li",
            due_at_ms=START_MS + 10**9,
            by="Sun",
        ),
    ),
    row(
        major.TickAfterAction,
        lambda s: major.TickAfterAction(incident_id=s.incident_id, item_no=1, by="Li"),
    ),
    row(
        broadcast.Broadcast,
        lambda _s: broadcast.Broadcast(text="a white van", by="Sun", minutes=30),
        "to all",
        "broadcast",
    ),
    row(
        broadcast.Broadcast,
        lambda s: broadcast.Broadcast(
            text="",
            by="Sun",
            minutes=30,
            subject="person",
            person="tall, red coat",
            incident_id=s.incident_id,
        ),
        "of a person",
        "incident",
    ),
    row(
        broadcast.ReadBroadcast,
        lambda s: broadcast.ReadBroadcast(broadcast_id=s.broadcast_id, unit_id=s.unit_id),
        "",
        "broadcast",
    ),
    row(
        broadcast.EndBroadcast,
        lambda s: broadcast.EndBroadcast(broadcast_id=s.broadcast_id, by="Sun"),
    ),
    row(
        broadcast.ExpireBroadcast,
        lambda s: broadcast.ExpireBroadcast(broadcast_id=s.broadcast_id),
    ),
    row(
        outbox.NoteDelivered,
        lambda _s: outbox.NoteDelivered(upto_seq=1, done=("2-0",)),
        "",
        "letter",
    ),
    row(
        outbox.NoteDelivered,
        lambda _s: outbox.NoteDelivered(upto_seq=10**9),
        "of what is not there",
        "letter",
    ),
    row(
        outbox.ReportUndelivered,
        lambda s: outbox.ReportUndelivered(
            effect_id=s.effect_id, channel="phone", what="hold", why="silent", call_id="C1"
        ),
        "",
        "letter",
    ),
    row(outbox.ReportDelivered, lambda s: outbox.ReportDelivered(effect_id=s.effect_id)),
    row(outbox.RepeatEffect, lambda s: outbox.RepeatEffect(effect_id=s.effect_id)),
    row(
        outbox.DismissEffect,
        lambda s: outbox.DismissEffect(effect_id=s.effect_id, why="told_otherwise"),
    ),
)
