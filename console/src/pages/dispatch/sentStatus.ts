/** How a sent incident stands, in one word and one clock: unsigned, under way, on scene. */

import type { IncidentRow, OrderRow } from "../../api/rows";
import { duration } from "../../words/duration";
import { t, word } from "../../words/words.svelte";
import type { Stage } from "./queue";

export interface SentStatus {
  text: string;
  who: string;
  stage: Stage;
}

/** The least advanced order that is still open tells what is waited for. */
const ORDER_OF_CARE = ["dispatched", "acknowledged", "en_route", "on_scene"];

const ACTIVE = new Set(ORDER_OF_CARE);

export function isActive(order: OrderRow): boolean {
  return ACTIVE.has(order.state);
}

export function sentStatus(row: IncidentRow, nowMs: number): SentStatus {
  const open = row.orders.filter(isActive);
  open.sort((a, b) => ORDER_OF_CARE.indexOf(a.state) - ORDER_OF_CARE.indexOf(b.state));
  const order = open[0];
  if (!order) return { text: word("state", row.state), who: whoWas(row), stage: "calm" };
  const more = open.length > 1 ? ` +${open.length - 1}` : "";
  return { ...orderStatus(order, nowMs), who: order.call_sign + more };
}

function whoWas(row: IncidentRow): string {
  const kept = row.orders.filter((order) => order.state !== "withdrawn");
  return kept.map((order) => order.call_sign).join(" ");
}

export function orderStatus(order: OrderRow, nowMs: number): { text: string; stage: Stage } {
  if (order.state === "dispatched") {
    const text = t("queue.unsigned", { n: duration(nowMs - order.t4_ms) });
    const stage: Stage = order.unsigned_level > 1 ? "over" : order.unsigned_level ? "due" : "calm";
    return { text, stage };
  }
  if (order.state === "on_scene") {
    return { text: t("queue.here", { n: duration(nowMs - order.t7_ms) }), stage: "calm" };
  }
  const leftMs = order.eta_at_ms - nowMs;
  if (order.eta_at_ms && isActive(order)) {
    return leftMs >= 0
      ? { text: t("queue.eta", { n: duration(leftMs) }), stage: "calm" }
      : { text: t("queue.eta_over", { n: duration(-leftMs) }), stage: "due" };
  }
  return { text: word("state", order.state), stage: order.feedback_overdue ? "due" : "calm" };
}
