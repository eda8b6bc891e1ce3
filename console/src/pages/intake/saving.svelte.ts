/** How a form becomes commands: an incident opened, or one completed with what is news. A form is
    taken once at the beginning: another call may be in the hand before the answer is there. */

import type { Commands } from "../../api/commands";
import { t } from "../../words/words.svelte";
import type { CallRow, FactAnswer } from "../../api/rows";
import { hasNews, isElsewhere, unsentFacts, type Draft, type PossiblePlace, type Sent } from "./draft";
import { levelToSend } from "./level";
import type { Taker } from "./taker.svelte";

/** Open the incident of the form; what was answered and noted beside it follows at once. */
export async function openIncident(taker: Taker, typeCode: string): Promise<void> {
  const { draft, callId } = taker;
  const { narrative, place, placeText } = draft;
  const priority = levelToSend(draft, taker.levelOf(typeCode));
  const body: Commands["OpenIncident"] = {
    type_code: typeCode,
    // A call that is gone from the board cannot be named; what was written is a record all the same.
    call_id: taker.call?.call_id ?? "",
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
  const incident = event["incident_id"];
  Object.assign(draft, { incidentId: incident, typeCode, sent });
  taker.keep(callId, draft);
  const key = place ? "opened" : body.address ? "opened_unverified" : "opened_nowhere";
  taker.say("ok", t(`intake.${key}`, { incident }));
  for (const each of accepted?.events ?? []) {
    // A person has judged these already, before there was an incident to say it of.
    const otherId = String(each["other_incident_id"] ?? "");
    const isDismissed = draft.dismissedIds.includes(otherId);
    if (each.type === "DuplicateSuggested" && isDismissed) await taker.dismissSuggested(incident, otherId);
  }
  await sendFacts(taker, draft);
  await sendPlaces(taker, draft);
  if (body.call_id) await taker.saveCaller(callId, draft);
  else await noteCaller(taker, draft, callId ?? "");
  taker.keep(callId, draft);
}

/** Whoever called, where there is no call any more that could say so. */
async function noteCaller(taker: Taker, draft: Draft, call: string): Promise<void> {
  const [name, number] = [draft.callerName.trim(), draft.callerNumber.trim()];
  if (!name && !number) return;
  const text = t("taking.caller_note", { name, number, call });
  await taker.send("AddNote", { incident_id: draft.incidentId, text }, "");
}

/** What was learned after the first save: a better place, type, story or priority. */
export async function completeIncident(taker: Taker): Promise<void> {
  const { draft, callId } = taker;
  const { incidentId, isAttached } = draft;
  taker.said = null;
  const done = isAttached ? await noteStory(taker, draft) : await amendIncident(taker, draft);
  if (await noteDifferent(taker, draft)) done.push(t("taking.note"));
  if (await sendFacts(taker, draft)) done.push(t("taking.facts"));
  await sendPlaces(taker, draft);
  if (await taker.saveCaller(callId, draft)) done.push(t("intake.caller"));
  taker.keep(callId, draft);
  sayWhatCame(taker, incidentId, done.join("、"));
}

/** What was taken, and what was refused beside it: neither hides the other. */
function sayWhatCame(taker: Taker, incident: string, what: string): void {
  const refusal = taker.said?.kind === "no" ? taker.said.text : "";
  const completed = what ? t("intake.completed", { incident, what }) : "";
  if (refusal) taker.say("no", completed ? `${completed}；${refusal}` : refusal);
  else if (completed) taker.say("ok", completed);
  else if (!taker.live.views.incidents[incident]) taker.say("no", t("incident.gone", { incident }));
  else taker.say("ok", t("intake.nothing_new"));
}

/** The line of the short form, where the call ends without its own key. */
async function noteDifferent(taker: Taker, draft: Draft): Promise<boolean> {
  const text = draft.different.trim();
  if (!text) return false;
  if (!(await taker.send("AddNote", { incident_id: draft.incidentId, text }, ""))) return false;
  if (draft.different.trim() === text) draft.different = "";
  return true;
}

/** A further caller's words stand beside those of the first, never in their place. */
async function noteStory(taker: Taker, draft: Draft): Promise<string[]> {
  const { incidentId, narrative } = draft;
  const text = narrative.trim();
  if (!text || narrative === draft.sent.narrative) return [];
  if (!(await taker.send("AddNote", { incident_id: incidentId, text }, ""))) return [];
  draft.sent = { ...draft.sent, narrative };
  return [t("taking.note")];
}

async function amendIncident(taker: Taker, draft: Draft): Promise<string[]> {
  const { incidentId, narrative, place, placeText, typeCode } = draft;
  const priority = levelToSend(draft, taker.levelOf(typeCode));
  const done: string[] = [];
  const { sent } = draft;
  if (narrative !== sent.narrative || typeCode !== sent.typeCode) {
    const body: Commands["UpdateIncident"] = { incident_id: incidentId };
    if (narrative !== sent.narrative) body.narrative = narrative;
    if (typeCode !== sent.typeCode) body.type_code = typeCode;
    const accepted = await taker.send("UpdateIncident", body, "");
    if (accepted) {
      draft.sent = { ...draft.sent, narrative, typeCode, seq: accepted.seq };
      done.push(t("intake.story"));
    }
  }
  if (place && isElsewhere(place, sent.place)) {
    const address = placeText || place.name;
    const body = { incident_id: incidentId, lat: place.lat, lon: place.lon, address };
    if (await taker.send("PlaceIncident", body, "")) {
      draft.sent = { ...draft.sent, place: $state.snapshot(place), placeText };
      done.push(t("intake.place"));
    }
  } else if (!place && placeText.trim() && placeText !== sent.placeText) {
    // Words alone move nothing on the map; they stand in the record for whoever looks for it.
    const text = t("taking.place_note", { place: placeText.trim() });
    if (await taker.send("AddNote", { incident_id: incidentId, text }, "")) {
      draft.sent = { ...draft.sent, placeText };
      done.push(t("intake.place"));
    }
  }
  const row = taker.live.views.incidents[incidentId];
  if (row && priority !== null && priority < row.priority) {
    const reason = t("intake.priority_reason");
    const body = { incident_id: incidentId, priority, reason };
    if (await taker.send("SetPriority", body, "")) done.push(t("intake.priority"));
  }
  return done;
}

/** Send the answers that the incident was not told; whether any was taken. */
export async function sendFacts(taker: Taker, draft: Draft): Promise<boolean> {
  const incident_id = draft.incidentId;
  const news = unsentFacts(draft.facts, draft.sent.facts);
  let isAnyTaken = false;
  for (const [fact, answer] of news) {
    // Marked before it goes: a second key in the meantime must not send it again.
    draft.sent = withFact(draft.sent, fact, answer);
    const isTaken = await taker.send("RecordFact", { incident_id, fact, answer }, "");
    isAnyTaken ||= isTaken !== null;
    if (!isTaken) draft.sent = withFact(draft.sent, fact, null);
  }
  return isAnyTaken;
}

function withFact(sent: Sent, fact: string, answer: FactAnswer | null): Sent {
  const others = Object.entries(sent.facts).filter(([name]) => name !== fact);
  const facts = Object.fromEntries(answer === null ? others : [...others, [fact, answer]]);
  return { ...sent, facts };
}

const ON_ITS_WAY = -1;

/** Send the possible places that the server does not know, ruled-out ones as such. */
export async function sendPlaces(taker: Taker, draft: Draft): Promise<void> {
  const incident_id = draft.incidentId;
  const mark = (at: PossiblePlace, placeNo: number): void => {
    draft.possible = draft.possible.map((p) =>
      p.lat === at.lat && p.lon === at.lon ? { ...p, placeNo } : p,
    );
  };
  for (const place of draft.possible.filter((each) => each.placeNo === 0)) {
    mark(place, ON_ITS_WAY);
    const { lat, lon, name } = place;
    const body = { incident_id, lat, lon, address: name };
    const accepted = await taker.send("AddPossiblePlace", body, "");
    const placeNo = Number(accepted?.events[0]?.["place_no"] ?? 0);
    mark(place, placeNo);
    const now = draft.possible.find((p) => p.lat === lat && p.lon === lon);
    if (!placeNo || !now?.ruledOut) continue;
    const out = { incident_id, place_no: placeNo, reason: now.ruledOut };
    await taker.send("RuleOutPlace", out, "");
  }
}

/** Whether the form says something that the record was not told. */
export function hasUnsaved(taker: Taker): boolean {
  const { draft, call, incident } = taker;
  if (hasNews(draft)) return true;
  if (call && hasCallerNews(draft, call)) return true;
  const level = draft.isAttached ? null : levelToSend(draft, taker.levelOf(draft.typeCode));
  return incident !== null && level !== null && level < incident.priority;
}

/** Whether the form has a name or number that the call has not; an empty field is no news. */
function hasCallerNews({ callerName, callerNumber }: Draft, call: CallRow): boolean {
  const hasName = callerName.trim() !== "" && callerName !== call.caller_name;
  return hasName || (callerNumber.trim() !== "" && callerNumber !== call.caller_number);
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
  const { draft, callId } = taker;
  if (!draft.incidentId) await openIncident(taker, typeCode);
  const incident_id = draft.incidentId;
  if (!incident_id) return false;
  if (draft.sent.typeCode !== typeCode) {
    const body = { incident_id, type_code: typeCode };
    if (!(await taker.send("UpdateIncident", body, ""))) return false;
  }
  Object.assign(draft, { typeCode, isTypeManual: true });
  draft.sent = { ...draft.sent, typeCode };
  taker.keep(callId, draft);
  if (!(await taker.send("AddNote", { incident_id, text: reason }, ""))) return false;
  // Asked already is as good; anything else is said, and the record ends all the same.
  if (kind === "referred") await taker.send("RequestAgency", { incident_id, agency: "12345" }, "");
  const label = t(`taking.ended_${kind}`, { incident: incident_id });
  return (await taker.send("SettleByPhone", { incident_id, disposition: kind }, label)) !== null;
}
