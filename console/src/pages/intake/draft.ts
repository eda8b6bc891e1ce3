/** What a call-taker has written so far: kept in the browser at every keystroke, one per call. */

import type { FactAnswer } from "../../api/rows";

export interface ChosenPlace {
  lat: number;
  lon: number;
  name: string;
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
  /** Answers about the scene by fact; sent with the incident and whenever one changes. */
  facts: Record<string, FactAnswer>;
  callerName: string;
  callerNumber: string;
  /** The incident that came of it, once saved: what follows completes it. */
  incidentId: string;
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
    facts: {},
    callerName,
    callerNumber,
    incidentId: "",
  };
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "kuaifan.draft.";

export function readDraft(store: Store, callId: string): Draft | null {
  try {
    const text = store.getItem(PREFIX + callId);
    // A field that an older console did not know gets its empty value.
    return text === null ? null : { ...emptyDraft(), ...(JSON.parse(text) as Partial<Draft>) };
  } catch {
    return null;
  }
}

export function keepDraft(store: Store, callId: string, draft: Draft): void {
  try {
    store.setItem(PREFIX + callId, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form itself still holds everything.
  }
}

export function dropDraft(store: Store, callId: string): void {
  try {
    store.removeItem(PREFIX + callId);
  } catch {
    // As above.
  }
}

export type Missing = "type" | "place";

/** What stands in the way of saving; a place in words only may be saved, flagged unverified. */
export function missing(draft: Draft): Missing[] {
  const list: Missing[] = [];
  if (!draft.typeCode) list.push("type");
  if (!draft.place && !draft.placeText.trim()) list.push("place");
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

/** Facts whose answer the incident does not have yet. */
export function unsentFacts(
  facts: Record<string, FactAnswer>,
  known: Record<string, FactAnswer>,
): [string, FactAnswer][] {
  return Object.entries(facts).filter(([fact, answer]) => known[fact] !== answer);
}
