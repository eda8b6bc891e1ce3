"""Incidents: one plausible command each (警情命令样例)."""

from matrix_row import row
from matrix_scene import DAY_S, FAR_PLACE, PLACE
from recall_papers import recall_on
from toy_city import BURGLARY, EAST_DESK, FIGHT, START_MS, corner

from kuaifan.vocabulary import agency, desk, facts, kinship, recall, reinforce, seat_archive
from kuaifan.vocabulary import incident as incidents

LAT, LON = FAR_PLACE


def _kept_by_a_seat(incident_id):
    """That somebody complained of a firm in it."""
    return seat_archive.SeatPaper(
        incident_id=incident_id,
        seat_id="enterprise",
        table="against",
        paper_id=incident_id,
        desk_id="",
        record_class="ordinary",
        facts="1",
        texts=(),
    )


INCIDENT_ROWS = (
    row(
        incidents.OpenIncident,
        lambda s: incidents.OpenIncident(
            type_code=FIGHT, call_id=s.call_id, lat=PLACE[0], lon=PLACE[1]
        ),
    ),
    row(
        incidents.OpenIncident,
        lambda s: (
            incidents.OpenIncident(
                type_code=s.desk.board.incidents[s.incident_id].type_code,
                lat=PLACE[0],
                lon=PLACE[1],
            )
            if s.incident_id in s.desk.board.incidents
            else incidents.OpenIncident(type_code=FIGHT, lat=PLACE[0], lon=PLACE[1])
        ),
        "beside another",
        "incident",
    ),
    row(
        incidents.PlaceIncident,
        lambda s: incidents.PlaceIncident(incident_id=s.incident_id, lat=LAT, lon=LON),
    ),
    row(
        incidents.UpdateIncident,
        lambda s: incidents.UpdateIncident(incident_id=s.incident_id, type_code=BURGLARY),
    ),
    row(
        incidents.SetPriority,
        lambda s: incidents.SetPriority(incident_id=s.incident_id, priority=1, reason="weapon"),
        "up",
    ),
    row(
        incidents.SetPriority,
        lambda s: incidents.SetPriority(incident_id=s.incident_id, priority=5, reason="calm"),
        "down, by nobody",
    ),
    row(
        incidents.MergeIncident,
        lambda s: incidents.MergeIncident(
            incident_id=s.incident_id, into_incident_id=s.other_incident_id
        ),
    ),
    row(incidents.RecommendUnits, lambda s: incidents.RecommendUnits(incident_id=s.incident_id)),
    row(
        incidents.SettleByPhone,
        lambda s: incidents.SettleByPhone(
            incident_id=s.incident_id, disposition="by_phone", approved_by="chief"
        ),
    ),
    row(
        incidents.ReviewIncident,
        lambda s: incidents.ReviewIncident(incident_id=s.incident_id, reviewer_id="r"),
    ),
    row(incidents.CloseIncident, lambda s: incidents.CloseIncident(incident_id=s.incident_id)),
    row(
        facts.RecordFact,
        lambda s: facts.RecordFact(incident_id=s.incident_id, fact="weapon", answer="yes"),
    ),
    row(
        facts.AddPossiblePlace,
        lambda s: facts.AddPossiblePlace(
            incident_id=s.incident_id, lat=corner(2, 2)[0], lon=corner(2, 2)[1]
        ),
    ),
    row(
        facts.RuleOutPlace,
        lambda s: facts.RuleOutPlace(incident_id=s.incident_id, place_no=1, reason="empty"),
    ),
    row(facts.AddNote, lambda s: facts.AddNote(incident_id=s.incident_id, text="two men")),
    row(
        facts.StrikeNote,
        lambda s: facts.StrikeNote(incident_id=s.incident_id, note_no=1, reason="wrong"),
    ),
    row(
        facts.DeclareMajor,
        lambda s: facts.DeclareMajor(
            incident_id=s.incident_id, reason="many hurt", declared_by="chief"
        ),
    ),
    row(facts.EndMajor, lambda s: facts.EndMajor(incident_id=s.incident_id, approved_by="chief")),
    row(
        kinship.SuggestDuplicates,
        lambda s: kinship.SuggestDuplicates(incident_id=s.incident_id),
    ),
    row(
        kinship.DismissDuplicate,
        lambda s: kinship.DismissDuplicate(
            incident_id=s.incident_id, other_incident_id=s.other_incident_id, reason="another"
        ),
    ),
    row(
        kinship.SplitIncident,
        lambda s: kinship.SplitIncident(
            incident_id=s.incident_id,
            type_code=BURGLARY,
            reason="two things",
            call_ids=s.call_ids[:1],
        ),
    ),
    row(
        kinship.LinkIncidents,
        lambda s: kinship.LinkIncidents(
            incident_id=s.incident_id, other_incident_id=s.other_incident_id
        ),
    ),
    row(
        kinship.UnlinkIncidents,
        lambda s: kinship.UnlinkIncidents(
            incident_id=s.incident_id, other_incident_id=s.other_incident_id, reason="not so"
        ),
    ),
    row(
        kinship.ReopenIncident,
        lambda s: kinship.ReopenIncident(incident_id=s.incident_id, reason="it goes on"),
    ),
    row(recall.RecallIncident, lambda s: recall_on(s.desk, s.incident_id)),
    row(
        seat_archive.RecallSeatPapers,
        lambda s: seat_archive.RecallSeatPapers(
            incident_id=s.incident_id, papers=(_kept_by_a_seat(s.incident_id),)
        ),
    ),
    row(
        seat_archive.RetireSeatPapers,
        lambda _s: seat_archive.RetireSeatPapers(),
        "",
        "incident",
    ),
    row(kinship.RetireIncident, lambda s: kinship.RetireIncident(incident_id=s.incident_id)),
    row(
        desk.HandOverIncident,
        lambda s: desk.HandOverIncident(
            incident_id=s.incident_id, to_desk_id=EAST_DESK, reason="their ground"
        ),
    ),
    row(
        desk.AcceptHandOver,
        lambda s: desk.AcceptHandOver(incident_id=s.incident_id, by="county: Qian"),
    ),
    row(
        desk.RefuseHandOver,
        lambda s: desk.RefuseHandOver(
            incident_id=s.incident_id, by="county: Qian", reason="not ours"
        ),
    ),
    row(
        desk.TakeOverIncident,
        lambda s: desk.TakeOverIncident(incident_id=s.incident_id, by="chief", reason="grave"),
    ),
    row(
        agency.RequestAgency,
        lambda s: agency.RequestAgency(incident_id=s.incident_id, agency="gas"),
    ),
    row(
        reinforce.RequestBackup,
        lambda s: reinforce.RequestBackup(incident_id=s.incident_id, reason="crowd"),
        "by the desk",
        "incident",
    ),
    row(
        reinforce.EscalateIncident,
        lambda s: reinforce.EscalateIncident(incident_id=s.incident_id, reason="crowd"),
    ),
    row(
        reinforce.ReserveUnit,
        lambda s: reinforce.ReserveUnit(incident_id=s.incident_id, unit_id=s.unit_id),
    ),
    row(
        reinforce.ReleaseUnit,
        lambda s: reinforce.ReleaseUnit(incident_id=s.incident_id, unit_id=s.unit_id),
    ),
    row(
        reinforce.AmendOrders,
        lambda s: reinforce.AmendOrders(incident_id=s.incident_id, what="danger"),
    ),
    row(
        reinforce.ScheduleIncident,
        lambda s: reinforce.ScheduleIncident(
            incident_id=s.incident_id, due_at_ms=START_MS + 2 * DAY_S * 1000
        ),
    ),
    row(reinforce.StartScheduled, lambda s: reinforce.StartScheduled(incident_id=s.incident_id)),
)
