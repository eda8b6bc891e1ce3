/** Turns the reasons of a recommendation into words: why, and what it costs. */

import type { CircleRow, Reason } from "../api/rows";
import { duration } from "./duration";
import { t, word } from "./words.svelte";

/** Where it stands, the numbers of all costs are what the calls to come lose; else fixed prices. */
const AHEAD = "next_calls_wait";
/** Reasons that say what a choice costs; all others say why it is good. */
const COSTS = new Set(["leaves_circle_lost", "leaves_circle_edge", AHEAD]);
/** What is said in the ETA already, beside the words. */
const SAID_BY_ETA = new Set(["nearest_by_road"]);

export interface ReasonLine {
  text: string;
  nLost: number;
  nEdge: number;
}

/** One plain line for a candidate: rank words first, then exceptions, then what it costs. */
export function reasonLine(
  reasons: readonly Reason[],
  rank: number,
  circles: Record<string, CircleRow>,
): ReasonLine {
  const parts: string[] = [];
  if (rank === 0 && reasons.some((reason) => reason.code === "nearest_by_road")) {
    parts.push(t("reason.nearest_by_road"));
  }
  for (const reason of reasons) {
    if (COSTS.has(reason.code) || SAID_BY_ETA.has(reason.code)) continue;
    parts.push(reasonWords(reason, circles));
  }
  const lost = reasons.filter((reason) => reason.code === "leaves_circle_lost");
  const edge = reasons.filter((reason) => reason.code === "leaves_circle_edge");
  if (lost.length) parts.push(t("reason.lost", { names: names(lost, circles) }));
  if (edge.length) parts.push(t("reason.edge", { names: names(edge, circles) }));
  if (!lost.length && !edge.length) parts.push(t("reason.no_circle_lost"));
  const ahead = reasons.find((reason) => reason.code === AHEAD);
  const number = lostS(reasons);
  if (ahead && (number || lost.length)) parts.push(reasonWords({ ...ahead, number }, circles));
  return { text: parts.join(" · "), nLost: lost.length, nEdge: edge.length };
}

/** What the calls to come wait longer in all, in seconds. */
function lostS(reasons: readonly Reason[]): number {
  const lost = reasons.filter((reason) => COSTS.has(reason.code));
  return Math.round(lost.reduce((sum, reason) => sum + reason.number, 0) / 1000);
}

function names(reasons: readonly Reason[], circles: Record<string, CircleRow>): string {
  const found = reasons.map((reason) => circles[reason.subject]?.name ?? reason.subject);
  return found.length > 2 ? t("reason.n_circles", { n: found.length }) : found.join("、");
}

export function reasonWords(reason: Reason, circles: Record<string, CircleRow>): string {
  return word("reason", reason.code, {
    n: duration(reason.number),
    m: reason.number,
    what: word("skill", reason.subject),
    where: circles[reason.subject]?.name ?? reason.subject,
  });
}
