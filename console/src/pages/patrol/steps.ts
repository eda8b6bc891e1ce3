/** The crew's steps: what comes next for an order, also while taps still wait to be sent. */

import type { OrderRow, OrderState } from "../../api/rows";
import type { Tap } from "./outbox";

export type StepName =
  | "AcknowledgeOrder"
  | "ReportEnRoute"
  | "ReportArrival"
  | "ReportHandled"
  | "GiveFeedback";

/** In order; each with the state that it leads to. */
export const STEPS: readonly { name: StepName; to: OrderState }[] = [
  { name: "AcknowledgeOrder", to: "acknowledged" },
  { name: "ReportEnRoute", to: "en_route" },
  { name: "ReportArrival", to: "on_scene" },
  { name: "ReportHandled", to: "handled" },
  { name: "GiveFeedback", to: "fed_back" },
];

const STATES: readonly OrderState[] = [
  "dispatched",
  "acknowledged",
  "en_route",
  "on_scene",
  "handled",
  "fed_back",
];

/** The order as it will be once the waiting taps are in; taps never lead backwards. */
export function project(order: OrderRow, taps: readonly Tap[]): OrderState {
  if (order.state === "withdrawn") return order.state;
  let at = STATES.indexOf(order.state);
  for (const tap of taps) {
    if (tap.body["order_id"] !== order.order_id) continue;
    const step = STEPS.find((each) => each.name === tap.name);
    if (step) at = Math.max(at, STATES.indexOf(step.to));
  }
  return STATES[at] ?? order.state;
}

/** Whether an order changed and nobody has signed for that, on this phone either. */
export function owesChange(order: OrderRow, taps: readonly Tap[]): boolean {
  const { order_id, amendment_no = 0, amendment_signed_no = 0 } = order;
  const signed = taps
    .filter((tap) => tap.name === "AcknowledgeAmendment" && tap.body["order_id"] === order_id)
    .map((tap) => Number(tap.body["amendment_no"]));
  const isOver = ["handled", "fed_back", "withdrawn"].includes(project(order, taps));
  return !isOver && amendment_no > Math.max(amendment_signed_no, ...signed);
}

export function nextStep(state: OrderState): StepName | null {
  const at = STATES.indexOf(state);
  return at < 0 ? null : (STEPS[at]?.name ?? null);
}

/** How many of the five steps are done. */
export function nDone(state: OrderState): number {
  return Math.max(0, STATES.indexOf(state));
}
