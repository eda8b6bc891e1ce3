/** How a form becomes commands: an incident opened, or one completed with what is news. */

import type { Commands } from "../../api/commands";
import { t } from "../../words/words.svelte";
import type { FactAnswer } from "../../api/rows";
import { unsentFacts, type ChosenPlace, type PossiblePlace, type Sent } from "./draft";
import { levelToSend } from "./level";
import type { Taker } from "./taker.svelte";

/** Open the incident of the form; what was answered and noted beside it follows at once. */
export async function openIncident(taker: Taker, typeCode: string): Promise<void> {
  const { narrative, place, placeText } = taker.draft;
  const priority = levelToSend(taker.draft, taker.levelOf(typeCode));
  const body: Commands["OpenIncident"] = {
    type_code: typeCode,
    call_id: taker.callId ?? "",
    source: taker.call?.line ?? "110",
    narrative,
    // Said in words only: kept as said, and told to the dispatcher as not verified.
    address: place ? placeText || place.name : placeText.trim(),
  };
  if (place) Object.assign(body, { lat: place.lat, lon: place.lon });
  if (priority !== null) body.priority = priority;
  const accepted = await taker.send("OpenIncident", body, "");
  const event = accepted?.events.find((each) => each.type === "IncidentOpened");
  if (typeof event?.["incident_id"] !== "string") return;
  const seq = accepted?.seq ?? 0;
  const told = { narrative, typeCode, place: $state.snapshot(place), placeText };
  const sent: Sent = { ...told, facts: {}, seq };
  Object.assign(taker.draft, { incidentId: event["incident_id"], typeCode, sent });
  taker.keep();
  const key = place ? "opened" : body.address ? "opened_unverified" : "opened_nowhere";
  taker.say("ok", t(`intake.${key}`, { incident: taker.draft.incidentId }));
  for (const each of accepted?.events ?? []) {
    // A person has judged these already, before there was an incident to say it of.
    const otherId = String(each["other_incident_id"] ?? "");
    const isDismissed = taker.draft.dismissedIds.includes(otherId);
    if (each.type === "DuplicateSuggested" && isDismissed) await taker.dismissSuggested(otherId);
  }
  await sendFacts(taker);
  await sendPlaces(taker);
  await taker.saveCaller();
}

/** What was learned after the first save: a better place, type, story or priority. */
export async function completeIncident(taker: Taker): Promise<void> {
  const { incidentId, isAttached } = taker.draft;
  const done = isAttached ? await noteStory(taker) : await amendIncident(taker);
  if (await sendFacts(taker)) done.push(t("taking.facts"));
  await sendPlaces(taker);
  if (await taker.saveCaller()) done.push(t("intake.caller"));
  const what = done.join("、");
  if (what) taker.say("ok", t("intake.completed", { incident: incidentId, what }));
  else if (!taker.incident) taker.say("no", t("incident.gone", { incident: incidentId }));
  else if (taker.said?.kind !== "no") taker.say("ok", t("intake.nothing_new"));
}

/** A further caller's words stand beside those of the first, never in their place. */
async function noteStory(taker: Taker): Promise<string[]> {
  const { incidentId, narrative, sent } = taker.draft;
  const text = narrative.trim();
  if (!text || narrative === sent.narrative) return [];
  if (!(await taker.send("AddNote", { incident_id: incidentId, text }, ""))) return [];
  taker.draft.sent = { ...sent, narrative };
  return [t("taking.note")];
}

async function amendIncident(taker: Taker): Promise<string[]> {
  const { incidentId, narrative, place, placeText, typeCode } = taker.draft;
  const priority = levelToSend(taker.draft, taker.levelOf(typeCode));
  const done: string[] = [];
  const { sent } = taker.draft;
  if (narrative !== sent.narrative || typeCode !== sent.typeCode) {
    const body: Commands["UpdateIncident"] = { incident_id: incidentId };
    if (narrative !== sent.narrative) body.narrative = narrative;
    if (typeCode !== sent.typeCode) body.type_code = typeCode;
    const accepted = await taker.send("UpdateIncident", body, "");
    if (accepted) {
      taker.draft.sent = { ...taker.draft.sent, narrative, typeCode, seq: accepted.seq };
      done.push(t("intake.story"));
    }
  }
  if (place && isElsewhere(place, sent.place)) {
    const address = placeText || place.name;
    const body = { incident_id: incidentId, lat: place.lat, lon: place.lon, address };
    if (await taker.send("PlaceIncident", body, "")) {
      taker.draft.sent = { ...taker.draft.sent, place: $state.snapshot(place), placeText };
      done.push(t("intake.place"));
    }
  } else if (!place && placeText.trim() && placeText !== sent.placeText) {
    // Words alone move nothing on the map; they stand in the record for whoever looks for it.
    const text = t("taking.place_note", { place: placeText.trim() });
    if (await taker.send("AddNote", { incident_id: incidentId, text }, "")) {
      taker.draft.sent = { ...taker.draft.sent, placeText };
      done.push(t("intake.place"));
    }
  }
  const row = taker.incident;
  if (row && priority !== null && priority < row.priority) {
    const reason = t("intake.priority_reason");
    const body = { incident_id: incidentId, priority, reason };
    if (await taker.send("SetPriority", body, "")) done.push(t("intake.priority"));
  }
  return done;
}

/** Send the answers that the incident was not told; whether there were any. */
export async function sendFacts(taker: Taker): Promise<boolean> {
  const incident_id = taker.draft.incidentId;
  const news = unsentFacts(taker.draft.facts, taker.draft.sent.facts);
  for (const [fact, answer] of news) {
    // Marked before it goes: a second key in the meantime must not send it again.
    taker.draft.sent = withFact(taker.draft.sent, fact, answer);
    const isTaken = await taker.send("RecordFact", { incident_id, fact, answer }, "");
    if (!isTaken) taker.draft.sent = withFact(taker.draft.sent, fact, null);
  }
  return news.length > 0;
}

function withFact(sent: Sent, fact: string, answer: FactAnswer | null): Sent {
  const others = Object.entries(sent.facts).filter(([name]) => name !== fact);
  const facts = Object.fromEntries(answer === null ? others : [...others, [fact, answer]]);
  return { ...sent, facts };
}

const ON_ITS_WAY = -1;

/** Send the possible places that the server does not know, ruled-out ones as such. */
export async function sendPlaces(taker: Taker): Promise<void> {
  const incident_id = taker.draft.incidentId;
  const mark = (at: PossiblePlace, placeNo: number): void => {
    taker.draft.possible = taker.draft.possible.map((p) =>
      p.lat === at.lat && p.lon === at.lon ? { ...p, placeNo } : p,
    );
  };
  for (const place of taker.draft.possible.filter((each) => each.placeNo === 0)) {
    mark(place, ON_ITS_WAY);
    const { lat, lon, name } = place;
    const body = { incident_id, lat, lon, address: name };
    const accepted = await taker.send("AddPossiblePlace", body, "");
    const placeNo = Number(accepted?.events[0]?.["place_no"] ?? 0);
    mark(place, placeNo);
    const now = taker.draft.possible.find((p) => p.lat === lat && p.lon === lon);
    if (!placeNo || !now?.ruledOut) continue;
    const out = { incident_id, place_no: placeNo, reason: now.ruledOut };
    await taker.send("RuleOutPlace", out, "");
  }
}

/** Whether the form says something that the record was not told. */
export function hasUnsaved(taker: Taker): boolean {
  const { narrative, typeCode, place, placeText, sent, isAttached } = taker.draft;
  if (!taker.incident) return false;
  if (narrative !== sent.narrative) return true;
  if (isAttached) return false;
  if (typeCode !== sent.typeCode) return true;
  return place ? isElsewhere(place, sent.place) : placeText !== sent.placeText;
}

function isElsewhere(place: ChosenPlace, other: ChosenPlace | null): boolean {
  return place.lat !== other?.lat || place.lon !== other.lon;
}

export type EndKind = "referred" | "invalid";

/**
 * End the record without a unit: under a type of its kind, with the reason as a note. The record
 * stays and is reviewed like every other. Returns whether it has come to its end.
 */
export async function endIncident(
  taker: Taker,
  kind: EndKind,
  typeCode: string,
  reason: string,
): Promise<boolean> {
  if (!taker.draft.incidentId) await openIncident(taker, typeCode);
  const incident_id = taker.draft.incidentId;
  if (!incident_id) return false;
  if (taker.draft.sent.typeCode !== typeCode) {
    const body = { incident_id, type_code: typeCode };
    if (!(await taker.send("UpdateIncident", body, ""))) return false;
  }
  Object.assign(taker.draft, { typeCode, isTypeManual: true });
  taker.draft.sent = { ...taker.draft.sent, typeCode };
  if (!(await taker.send("AddNote", { incident_id, text: reason }, ""))) return false;
  // Asked already is as good; anything else is said, and the record ends all the same.
  if (kind === "referred") await taker.send("RequestAgency", { incident_id, agency: "12345" }, "");
  const label = t(`taking.ended_${kind}`, { incident: incident_id });
  return (await taker.send("SettleByPhone", { incident_id, disposition: kind }, label)) !== null;
}
