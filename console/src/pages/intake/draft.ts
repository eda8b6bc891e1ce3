/** What a call-taker has written so far: kept in the browser at every keystroke, one per call. */

import type { CallRow, FactAnswer, IncidentRow } from "../../api/rows";

export interface ChosenPlace {
  lat: number;
  lon: number;
  name: string;
}

/** A place where it may be; one that was ruled out stays, with the reason. */
export interface PossiblePlace extends ChosenPlace {
  /** Of the server once it knows the place, else 0. */
  placeNo: number;
  ruledOut: string;
  /** Where the caller is: goes with the position that was answered for. */
  isCaller: boolean;
}

/** seq: of the record that took it, so that a row older than that is known as such. */
export interface Sent {
  narrative: string;
  typeCode: string;
  place: ChosenPlace | null;
  placeText: string;
  facts: Record<string, FactAnswer>;
  seq: number;
}

export function nothingSent(): Sent {
  return { narrative: "", typeCode: "", place: null, placeText: "", facts: {}, seq: 0 };
}

export interface Draft {
  narrative: string;
  placeText: string;
  place: ChosenPlace | null;
  typeCode: string;
  /** A type chosen by hand is never overridden by a suggestion. */
  isTypeManual: boolean;
  /** Chosen by hand. */
  priority: number | null;
  /** Given by the caller's words or by answers; sent where no hand has chosen. */
  suggestedPriority: number | null;
  callerName: string;
  callerNumber: string;
  /** The incident that came of it, once saved: what follows completes it. */
  incidentId: string;
  /** The incident was open already, of another call: this one adds to it and overwrites nothing. */
  isAttached: boolean;
  /** What the record was last told from here: only what differs from it is news. */
  sent: Sent;
  /** Answers about the scene by fact; sent with the incident and whenever one changes. */
  facts: Record<string, FactAnswer>;
  possible: PossiblePlace[];
  /** Whether the caller is at the scene, and for which position that was said. */
  atScene: "" | "yes" | "no";
  atSceneOf: string;
  /** Open incidents of which a person said that this is another matter. */
  dismissedIds: string[];
  /** The one line of the short form. */
  different: string;
  savedAtMs: number;
}

export function emptyDraft(callerNumber = "", callerName = ""): Draft {
  return {
    narrative: "",
    placeText: "",
    place: null,
    typeCode: "",
    isTypeManual: false,
    priority: null,
    suggestedPriority: null,
    callerName,
    callerNumber,
    incidentId: "",
    isAttached: false,
    sent: nothingSent(),
    facts: {},
    possible: [],
    atScene: "",
    atSceneOf: "",
    dismissedIds: [],
    different: "",
    savedAtMs: 0,
  };
}

/** The form of a call that has an incident already, but no draft here. */
export function draftOf(row: IncidentRow, call: CallRow): Draft {
  const isAttached = row.call_ids[0] !== call.call_id;
  const fresh = emptyDraft(call.caller_number, call.caller_name);
  const draft = { ...fresh, incidentId: row.incident_id, isAttached };
  if (isAttached) return draft;
  const { narrative, address, type_code: typeCode, lat, lon } = row;
  const place = row.is_placed ? { lat, lon, name: address } : null;
  const told = { narrative, typeCode, place, placeText: address };
  const facts = { ...row.facts };
  const sent = { ...told, facts: { ...row.facts }, seq: row.seq };
  return { ...draft, ...told, isTypeManual: true, facts, sent };
}

export const ORDINALS = ["①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"] as const;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "kuaifan.draft.";

/** Drafts belong to a seat: another one that is opened in the same browser does not see them. */
function nameOf(seat: string, callId: string): string {
  return `${PREFIX}${seat}.${callId}`;
}

export function readDraft(store: Store, seat: string, callId: string): Draft | null {
  try {
    const text = store.getItem(nameOf(seat, callId));
    // A field that an older console did not know gets its empty value.
    return text === null ? null : { ...emptyDraft(), ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return null;
  }
}

export function keepDraft(store: Store, seat: string, callId: string, draft: Draft): void {
  try {
    store.setItem(nameOf(seat, callId), JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form itself still holds everything.
  }
}

export function dropDraft(store: Store, seat: string, callId: string): void {
  try {
    store.removeItem(nameOf(seat, callId));
  } catch {
    // As above.
  }
}

export interface KeptDraft {
  callId: string;
  draft: Draft;
}

/** This seat's half-written forms, the last written first; empty ones are none. */
export function listDrafts(store: Store, seat: string): KeptDraft[] {
  const begin = nameOf(seat, "");
  const found: KeptDraft[] = [];
  try {
    for (let i = 0; i < store.length; i += 1) {
      const name = store.key(i) ?? "";
      if (!name.startsWith(begin)) continue;
      const callId = name.slice(begin.length);
      const draft = readDraft(store, seat, callId);
        // One that is saved is listed too as long as it says something that the record was not told.
      const isOpen = draft && (!draft.incidentId || hasNews(draft));
      if (isOpen && !isBlank(draft)) found.push({ callId, draft });
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => b.draft.savedAtMs - a.draft.savedAtMs);
}

/** Whether the form says something that its record was not told. */
export function hasNews(draft: Draft): boolean {
  const { sent, narrative, isAttached, place, placeText } = draft;
  const hasStory = narrative !== sent.narrative && (!isAttached || narrative.trim() !== "");
  if (hasStory || draft.different.trim()) return true;
  if (unsentFacts(draft.facts, sent.facts).length > 0) return true;
  if (draft.possible.some((each) => each.placeNo === 0)) return true;
  if (isAttached) return false;
  if (draft.typeCode !== sent.typeCode) return true;
  if (place) return isElsewhere(place, sent.place);
  return placeText.trim() !== "" && placeText !== sent.placeText;
}

export function isElsewhere(place: ChosenPlace, other: ChosenPlace | null): boolean {
  return place.lat !== other?.lat || place.lon !== other.lon;
}

export function isBlank(draft: Draft): boolean {
  const words = [draft.narrative, draft.placeText, draft.callerName, draft.different];
  const hasChosen = draft.place !== null || draft.priority !== null || draft.isTypeManual;
  const n = draft.possible.length + Object.keys(draft.facts).length;
  return words.every((each) => !each.trim()) && !hasChosen && n === 0;
}

export type Missing = "type" | "place";

/** What stands in the way of saving: only the type. Without a place it is saved, and alarms. */
export function missing(draft: Draft): Missing[] {
  return draft.typeCode ? [] : ["type"];
}

/** What stands in the way of sending ahead: a place, at least in words, and how urgent it is. */
export function missingToPush(draft: Draft): (Missing | "level")[] {
  const list: (Missing | "level")[] = [];
  if (!draft.place && !draft.placeText.trim()) list.push("place");
  if (!draft.typeCode && draft.priority === null) list.push("level");
  return list;
}

/** How a chosen place is written down: its name, and where that is, if the name does not say. */
export function addressOf(place: { name: string; address: string }): string {
  const { name, address } = place;
  if (!address || name.includes(address)) return name;
  return address.includes(name) ? address : `${name}（${address}）`;
}

/** A suggestion fills the type only where no hand has chosen one. */
export function suggestType(draft: Draft, code: string): Draft {
  return draft.isTypeManual || draft.incidentId ? draft : { ...draft, typeCode: code };
}

/** Facts whose answer the record was not told yet. */
export function unsentFacts(
  facts: Record<string, FactAnswer>,
  known: Record<string, FactAnswer>,
): [string, FactAnswer][] {
  return Object.entries(facts).filter(([fact, answer]) => known[fact] !== answer);
}
