/** An entry of the audit in words: what somebody did, and why; no words of cases are in it. */

import { t, word, type WordKey } from "../../words/words.svelte";

export interface AuditStep {
  seq: number;
  at_ms: number;
  actor: string;
  type: string;
  event: Record<string, unknown>;
}

const TYPES = {
  opened: ["RecordRead", "PhotoRead"],
  searched: ["SearchLogged"],
  refused: ["RightRefused"],
  glass: ["GlassBroken", "GlassReviewed"],
  consent: ["ApprovalAsked", "ApprovalGiven", "ApprovalRefused", "ApprovalEnded"],
  accounts: ["AccountChanged", "PersonLocked", "PersonReleased"],
  sessions: ["PersonLoggedOn", "PersonLoggedOff"],
  keeping: [] as string[],
};
export type Kind = keyof typeof TYPES;
export const KINDS = Object.keys(TYPES) as Kind[];

export function kindOf(step: AuditStep): Kind {
  return KINDS.find((kind) => TYPES[kind].includes(step.type)) ?? "keeping";
}

export function sayStep({ type, event }: AuditStep): string {
  const text = (key: string): string => (typeof event[key] === "string" ? event[key] : "");
  const ids = ["incident_id", "call_id", "order_id", "glass_id", "approval_id", "hold_id", "erasure_id"];
  const many = ["incident_ids", "call_ids"].flatMap((key) => (event[key] as string[] | undefined) ?? []);
  const what = event["what"] as { type?: string } | undefined;
  const asked = typeof what === "object" && what.type ? word("asked", what.type) : "";
  const words: Record<string, string | number> = {
    ...{ person: text("person"), reason: reasonOf(type, text), finding: text("finding"), text: text("text") },
    ...{ role: word("role", text("role")), right: text("right"), at: text("at"), address: text("address") },
    purpose: [word("purpose", text("purpose")), text("reason")].filter(Boolean).join("，"),
    about: [...ids.map(text), ...many, asked].filter(Boolean).join(" "),
    change: word("change", text("change")),
    means: word("means", text("means")),
    n: Number(event["n_found"] ?? event["n_failed"] ?? 0),
  };
  return t(`step.${type}` as WordKey, words);
}

function reasonOf(type: string, text: (key: string) => string): string {
  return type === "PersonLoggedOff" ? word("left", text("reason")) : text("reason");
}
