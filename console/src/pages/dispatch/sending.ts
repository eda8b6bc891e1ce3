/** What a desk does about sending, beside assigning: each one command, and words for what came of it. */

import "./actWords";
import { findPlaces } from "../../api/places";
import type { AgencyRequest, EmergencyRow, IncidentRow, MoveUpRow } from "../../api/rows";
import { either, t, word } from "../../words/words.svelte";
import type { Desk } from "./desk.svelte";

type Done = Promise<boolean>;

export async function divert(
  desk: Desk,
  row: IncidentRow,
  unitId: string,
  { reason, approvedBy }: { reason: string; approvedBy: string },
): Done {
  const from = desk.live.views.units[unitId]?.incident_id ?? "";
  const label = t("desk.diverted", {
    unit: desk.callSign(unitId),
    from,
    incident: row.incident_id,
  });
  const body = {
    incident_id: row.incident_id,
    unit_id: unitId,
    reason,
    approved_by: approvedBy,
    by: desk.live.viewer.seat,
  };
  const accepted = await desk.send("DivertUnit", body, label, { ifMatch: row.seq });
  if (accepted) desk.diverting = null;
  return accepted !== null;
}

export async function backUp(
  desk: Desk,
  row: IncidentRow,
  { nUnits, skills, reason }: { nUnits: number; skills: string[]; reason: string },
): Done {
  const label = t("desk.backup", { incident: row.incident_id, n: nUnits });
  const body = { incident_id: row.incident_id, n_units: nUnits, skills, reason };
  return !!(await desk.send("RequestBackup", body, label, { ifMatch: row.seq }));
}

export async function escalate(desk: Desk, row: IncidentRow, reason: string): Done {
  const label = t("desk.escalated", { incident: row.incident_id, n: row.level + 1 });
  const body = { incident_id: row.incident_id, reason };
  return !!(await desk.send("EscalateIncident", body, label, { ifMatch: row.seq }));
}

/** Keep a unit in mind, or forget it where it is kept already. */
export async function reserve(desk: Desk, row: IncidentRow, unitId: string): Done {
  const isKept = row.reserved_unit_ids.includes(unitId);
  const values = { unit: desk.callSign(unitId), incident: row.incident_id };
  const body = { incident_id: row.incident_id, unit_id: unitId };
  return isKept
    ? !!(await desk.send("ReleaseUnit", body, t("desk.released", values)))
    : !!(await desk.send("ReserveUnit", body, t("desk.reserved", values)));
}

export async function handOver(desk: Desk, row: IncidentRow, to: string, reason: string): Done {
  const label = t("desk.offered", { incident: row.incident_id, desk: deskName(desk, to) });
  const body = { incident_id: row.incident_id, to_desk_id: to, reason };
  return !!(await desk.send("HandOverIncident", body, label, { ifMatch: row.seq }));
}

export async function answerHandOver(
  desk: Desk,
  row: IncidentRow,
  what: "accept" | "refuse" | "take",
  reason: string,
): Done {
  const [incident_id, by] = [row.incident_id, desk.live.viewer.seat];
  const values = { incident: incident_id };
  if (what === "accept") {
    return !!(await desk.send("AcceptHandOver", { incident_id, by }, t("desk.hand_accepted", values)));
  }
  const body = { incident_id, by, reason };
  return what === "refuse"
    ? !!(await desk.send("RefuseHandOver", body, t("desk.hand_refused", values)))
    : !!(await desk.send("TakeOverIncident", body, t("desk.hand_taken", values)));
}

export function deskName(desk: Desk, deskId: string): string {
  return desk.live.city?.desks?.find((each) => each.desk_id === deskId)?.name ?? deskId;
}

export async function askAgency(desk: Desk, row: IncidentRow, agency: string, what: string): Done {
  const label = t("desk.agency_asked", { incident: row.incident_id, agency: word("agency", agency) });
  const body = { incident_id: row.incident_id, agency, what };
  return !!(await desk.send("RequestAgency", body, label));
}

/** What a service has said to us, entered by the seat that heard it. */
export async function answerAgency(
  desk: Desk,
  request: AgencyRequest,
  what: "accepted" | "refused" | "arrived" | "called_off",
  reason = "",
): Done {
  const label = `${word("agency", request.agency)} ${word("agency_state", what)}`;
  const [request_id, by] = [request.request_id, word("agency", request.agency)];
  if (what === "accepted") return !!(await desk.send("AcceptAgencyRequest", { request_id, by }, label));
  if (what === "arrived") return !!(await desk.send("ReportAgencyArrival", { request_id }, label));
  if (what === "refused") {
    return !!(await desk.send("RefuseAgencyRequest", { request_id, by, reason }, label));
  }
  return !!(await desk.send("CallOffAgency", { request_id, reason }, label));
}

/** 122 is the traffic police: a unit of ours with that skill, not a service beside us. */
export async function askTraffic(desk: Desk, row: IncidentRow): Done {
  return await backUp(desk, row, { nUnits: 1, skills: ["traffic"], reason: "122" });
}

export async function declareEmergency(desk: Desk, unitId: string): Done {
  const body = { unit_id: unitId, declared_by: desk.live.viewer.seat, source: "desk" as const };
  const label = t("desk.emergency", { unit: desk.callSign(unitId) });
  return !!(await desk.send("DeclareEmergency", body, label));
}

export async function takeUp(desk: Desk, each: EmergencyRow): Done {
  const body = { emergency_id: each.emergency_id, by: desk.live.viewer.seat };
  const label = t("emergency.said_taken_up", { unit: each.call_sign });
  return !!(await desk.send("TakeUpEmergency", body, label));
}

export async function confirmContact(desk: Desk, each: EmergencyRow): Done {
  const body = { emergency_id: each.emergency_id, by: desk.live.viewer.seat };
  const label = t("emergency.said_contact", { unit: each.call_sign });
  return !!(await desk.send("ConfirmVoiceContact", body, label));
}

export async function endEmergency(desk: Desk, each: EmergencyRow, by: string, reason: string): Done {
  const body = { emergency_id: each.emergency_id, by, reason };
  const label = t("emergency.said_ended", { unit: each.call_sign });
  return !!(await desk.send("EndEmergency", body, label));
}

export async function moveUp(desk: Desk, unitId: string, postId: string, name: string): Done {
  const label = t("desk.moved_up", { unit: desk.callSign(unitId), post: name });
  return !!(await desk.send("MoveUp", { unit_id: unitId, post_id: postId }, label));
}

export async function declineMoveUp(desk: Desk, offer: MoveUpRow): Done {
  const label = t("desk.move_declined", { unit: offer.call_sign, post: offer.post_name });
  const { unit_id, post_id } = offer;
  return !!(await desk.send("DeclineMoveUp", { unit_id, post_id, by: desk.live.viewer.seat }, label));
}

const PLACE_AFTER = /在\s*(\S.*)$/;

/** Enter what a crew said; a place after 在 is looked up, and the one that was taken is named. */
export async function enterVoice(desk: Desk, text: string): Done {
  const said = PLACE_AFTER.exec(text)?.[1];
  const body = { text, entered_by: desk.live.viewer.seat };
  if (!said) return !!(await desk.send("EnterVoiceReport", body, t("desk.voice_entered", { text })));
  const found = await findPlaces(said, 1, desk.live.viewer).catch(() => []);
  const place = found[0];
  if (!place) {
    desk.say("no", t("line.no_place", { text: said }));
    return false;
  }
  const at = {
    lat: place.lat,
    lon: place.lon,
    ...(place.uncertainty_m ? { uncertainty_m: Math.round(place.uncertainty_m) } : {}),
  };
  const label = t("desk.voice_at", { text, place: either(place.name, place.name) });
  return !!(await desk.send("EnterVoiceReport", { ...body, ...at }, label));
}
