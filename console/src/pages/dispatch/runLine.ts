/** Carries out a line of the command bar at the desk; whatever is wrong is answered in words. */

import { t } from "../../words/words.svelte";
import { parseLine, type Line } from "./commandLine";
import type { Desk } from "./desk.svelte";
import { findCircle, findIncident, findOrder, findUnit } from "./resolve";

/** True if something was sent or shown, so that the bar may be emptied. */
export async function runLine(desk: Desk, text: string): Promise<boolean> {
  const line = parseLine(text);
  if ("fault" in line) return no(desk, t(line.fault, line.values));
  return await RUNNERS[line.verb](desk, line as never);
}

function no(desk: Desk, text: string): false {
  desk.say("no", text);
  return false;
}

type Of<V extends Line["verb"]> = Extract<Line, { verb: V }>;

const RUNNERS: { [V in Line["verb"]]: (desk: Desk, line: Of<V>) => Promise<boolean> } = {
  async assign(desk, { unit: saidUnit, incident: saidIncident }) {
    const unit = findUnit(saidUnit, desk.live.views.units);
    if (!unit) return no(desk, t("line.no_unit", { text: saidUnit }));
    const row = incidentOr(desk, saidIncident);
    if (!row) return noIncident(desk, saidIncident);
    await desk.assign(row.incident_id, unit.unit_id);
    return true;
  },
  async withdraw(desk, { order: said, reason }) {
    const order = findOrder(said, desk.live.views.incidents, desk.live.views.units);
    if (!order) return no(desk, t("line.no_order", { text: said }));
    await desk.withdraw(order, reason);
    return true;
  },
  async status(desk, { unit: said, status }) {
    const unit = findUnit(said, desk.live.views.units);
    if (!unit) return no(desk, t("line.no_unit", { text: said }));
    const label = t("desk.status_set", { unit: unit.call_sign });
    await desk.send("SetUnitStatus", { unit_id: unit.unit_id, status }, label);
    return true;
  },
  async go(desk, { incident: said }) {
    const row = incidentOr(desk, said);
    if (!row) return noIncident(desk, said);
    desk.select(row.incident_id);
    return true;
  },
  async rank(desk, { incident: said }) {
    const row = incidentOr(desk, said);
    if (!row) return noIncident(desk, said);
    await desk.rank(row);
    return true;
  },
  async priority(desk, { incident: said, priority, reason, approvedBy }) {
    const row = incidentOr(desk, said);
    if (!row) return noIncident(desk, said);
    const body = {
      incident_id: row.incident_id,
      priority,
      reason: reason || t("line.reason_default"),
      approved_by: approvedBy,
    };
    const label = t("desk.priority_set", { incident: row.incident_id, n: priority });
    await desk.send("SetPriority", body, label, { ifMatch: row.seq });
    return true;
  },
  async merge(desk, { incident: said, into: saidInto }) {
    const row = incidentOr(desk, said);
    const into = incidentOr(desk, saidInto);
    if (!row || !into) return noIncident(desk, row ? saidInto : said);
    const body = { incident_id: row.incident_id, into_incident_id: into.incident_id };
    const label = t("desk.merged", { incident: row.incident_id, into: into.incident_id });
    await desk.send("MergeIncident", body, label, { ifMatch: row.seq });
    return true;
  },
  circle(desk, { circle: said }) {
    const row = findCircle(said, desk.live.views.circles);
    if (!row) return Promise.resolve(no(desk, t("line.no_circle", { text: said })));
    desk.show("circle", row.post_id);
    desk.look(row.lat, row.lon);
    return Promise.resolve(true);
  },
};

function incidentOr(desk: Desk, said: string | null): Desk["selected"] {
  return said === null ? desk.selected : findIncident(said, desk.live.views.incidents);
}

function noIncident(desk: Desk, said: string | null): false {
  return no(desk, said === null ? t("line.none_selected") : t("line.no_incident", { text: said }));
}
