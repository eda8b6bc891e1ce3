/** The crew's orders in the order of the work: the one in hand, then the most urgent, then the
    oldest; what only waits for its feedback comes last. */

import type { IncidentRow, OrderRow, OrderState } from "../../api/rows";

export interface Task {
  incident: IncidentRow;
  order: OrderRow;
}

const AT_WORK: readonly OrderState[] = ["dispatched", "acknowledged", "en_route", "on_scene"];
const OPEN: readonly OrderState[] = [...AT_WORK, "handled"];

export function sortTasks(
  incidents: readonly IncidentRow[],
  unitId: string,
  orderInHand: string,
): Task[] {
  const tasks = incidents.flatMap((incident) =>
    incident.orders
      .filter((order) => order.unit_id === unitId && OPEN.includes(order.state))
      .map((order) => ({ incident, order })),
  );
  const rank = (task: Task): number =>
    task.order.state === "handled" ? 2 : task.order.order_id === orderInHand ? 0 : 1;
  return tasks.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.incident.priority - b.incident.priority ||
      a.order.t4_ms - b.order.t4_ms,
  );
}

/** Tasks that the crew was at work on and that are gone: withdrawn, merged or closed by the desk. */
export function lostTasks(
  before: readonly Task[],
  now: readonly Task[],
  incidents: Record<string, IncidentRow>,
): Task[] {
  return before.filter((task) => {
    const id = task.order.order_id;
    if (!AT_WORK.includes(task.order.state) || now.some((each) => each.order.order_id === id)) {
      return false;
    }
    const still = incidents[task.incident.incident_id]?.orders.find((each) => each.order_id === id);
    return still?.state !== "fed_back";
  });
}

/** Whether a new task is more urgent than the one on the screen. */
export function isMoreUrgent(fresh: Task, shown: Task): boolean {
  return fresh.incident.priority < shown.incident.priority;
}

/** Other crews on their way to the same incident: the back-up that is coming. */
export function comingTo(incident: IncidentRow, unitId: string): OrderRow[] {
  const underWay = ["dispatched", "acknowledged", "en_route"];
  return incident.orders.filter(
    (order) => order.unit_id !== unitId && underWay.includes(order.state),
  );
}
