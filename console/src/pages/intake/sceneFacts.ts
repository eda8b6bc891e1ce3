/** The four boxes of the form (人员、武器、受伤、危险): one key each, an answer each. */

import type { FactAnswer } from "../../api/rows";

export interface FactBox {
  fact: "suspect_present" | "weapon" | "injury" | "danger";
  key: string;
}

export const FACT_BOXES: readonly FactBox[] = [
  { fact: "suspect_present", key: "Alt+Z" },
  { fact: "weapon", key: "Alt+X" },
  { fact: "injury", key: "Alt+C" },
  { fact: "danger", key: "Alt+V" },
];

const NEXT: Record<FactAnswer | "", FactAnswer | ""> = {
  "": "yes",
  yes: "no",
  no: "unknown",
  unknown: "",
};

/** The next answer of a box; one that is in the record can be changed there, not taken out. */
export function nextAnswer(answer: FactAnswer | "", isRecorded: boolean): FactAnswer | "" {
  const next = NEXT[answer];
  return next === "" && isRecorded ? "yes" : next;
}
