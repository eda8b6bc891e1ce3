/** Carries out a line of the command bar at the desk; whatever is wrong is answered in words. */

import "./actWords";
import type { UnitRow } from "../../api/rows";
import { t, word } from "../../words/words.svelte";
import { AGENCIES } from "./agencies";
import { isTeam, parseLine, type Line, type Verb } from "./commandLine";
import type { Desk } from "./desk.svelte";
import * as find from "./resolve";
import * as sending from "./sending";
import { whyNot } from "./whyNot";

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

type Of<V extends Verb> = Extract<Line, { verb: V }>;
type Row = NonNullable<Desk["selected"]>;

const RUNNERS: { [V in Verb]: (desk: Desk, line: Of<V>) => Promise<boolean> } = {
  async assign(desk, { units: said, incident, beside }) {
    const row = getIncident(desk, incident);
    if (!row) return false;
    if (said.length === 1 && isTeam(said[0] ?? "")) {
      const team = row.recommendation?.team ?? [];
      return team.length
        ? await desk.assignEach(row.incident_id, team)
        : no(desk, t("desk.no_team"));
    }
    const units = said.map((each) => getUnit(desk, each));
    if (units.includes(null)) return false;
    const ids = units.flatMap((unit) => (unit ? [unit.unit_id] : []));
    if (ids.length > 1) return await desk.assignEach(row.incident_id, ids);
    return await desk.assign(row.incident_id, ids[0] ?? "", beside);
  },
  async divert(desk, { unit: said, incident, reason, approvedBy }) {
    const [unit, row] = [getUnit(desk, said), getIncident(desk, incident)];
    if (!unit || !row) return false;
    return await sending.divert(desk, row, unit.unit_id, { reason, approvedBy });
  },
  async withdraw(desk, { order: said, reason }) {
    const order = find.findOrder(said, desk.live.views.incidents, desk.live.views.units);
    if (!order) return no(desk, t("line.no_order", { text: said }));
    return await desk.withdraw(order, reason);
  },
  async backup(desk, { incident, nUnits, reason }) {
    const row = getIncident(desk, incident);
    return row !== null && (await sending.backUp(desk, row, { nUnits, skills: [], reason }));
  },
  async escalate(desk, { incident, reason }) {
    const row = getIncident(desk, incident);
    return row !== null && (await sending.escalate(desk, row, reason));
  },
  voice: (desk, { text }) => sending.enterVoice(desk, text),
  async emergency(desk, { unit: said }) {
    const unit = getUnit(desk, said);
    return unit !== null && (await sending.declareEmergency(desk, unit.unit_id));
  },
  undo: (desk) => desk.undo(),
  async hand(desk, { incident, what, desk: to, reason }) {
    const row = getIncident(desk, incident);
    if (!row) return false;
    if (what !== "offer") return await sending.answerHandOver(desk, row, what, reason);
    const desks = desk.live.city?.desks ?? [];
    const meant = desks.find((each) => each.desk_id === to.toLowerCase() || each.name === to);
    const names = desks.map((each) => `${each.desk_id} ${each.name}`).join("、");
    if (!meant) return no(desk, t("line.no_desk", { text: to, names }));
    return await sending.handOver(desk, row, meant.desk_id, reason);
  },
  async agency(desk, { agency: said, incident, what }) {
    const row = getIncident(desk, incident);
    if (!row) return false;
    if (said === "122") return await sending.askTraffic(desk, row);
    const is = (code: string): boolean =>
      code === said.toLowerCase() || word("agency", code).includes(said);
    const code = AGENCIES.find(is);
    if (!code) return no(desk, t("line.no_agency", { text: said }));
    return await sending.askAgency(desk, row, code, what);
  },
  async reserve(desk, { unit: said, incident }) {
    const [unit, row] = [getUnit(desk, said), getIncident(desk, incident)];
    return !!unit && !!row && (await sending.reserve(desk, row, unit.unit_id));
  },
  why(desk, { unit: said, incident }) {
    const [unit, row] = [getUnit(desk, said), getIncident(desk, incident)];
    if (!unit || !row) return Promise.resolve(false);
    desk.say("ok", t("why.said", { unit: unit.call_sign, why: whyNot(row, unit) }));
    desk.show("unit", unit.unit_id);
    return Promise.resolve(true);
  },
  async move(desk, { unit: said, post }) {
    const unit = getUnit(desk, said);
    if (!unit) return false;
    const row = find.findCircle(post, desk.live.views.circles);
    if (!row) return no(desk, t("line.no_circle", { text: post }));
    return await sending.moveUp(desk, unit.unit_id, row.post_id, row.name);
  },
  async status(desk, { unit: said, status }) {
    const unit = getUnit(desk, said);
    if (!unit) return false;
    const label = t("desk.status_set", { unit: unit.call_sign });
    return !!(await desk.send("SetUnitStatus", { unit_id: unit.unit_id, status }, label));
  },
  go(desk, { incident }) {
    const row = getIncident(desk, incident);
    if (row) desk.select(row.incident_id);
    return Promise.resolve(row !== null);
  },
  async rank(desk, { incident }) {
    const row = getIncident(desk, incident);
    return row !== null && (await desk.rank(row));
  },
  async priority(desk, { incident, priority, reason, approvedBy }) {
    const row = getIncident(desk, incident);
    if (!row) return false;
    const body = {
      incident_id: row.incident_id,
      priority,
      reason: reason || t("line.reason_default"),
      approved_by: approvedBy,
    };
    const label = t("desk.priority_set", { incident: row.incident_id, n: priority });
    return !!(await desk.send("SetPriority", body, label, { ifMatch: row.seq }));
  },
  async merge(desk, { incident, into: saidInto }) {
    const row = getIncident(desk, incident);
    const into = row && getIncident(desk, saidInto);
    if (!row || !into) return false;
    // What will change is read before it is confirmed.
    desk.select(row.incident_id);
    desk.openPanel("kin", { incident: row.incident_id, act: "merge", other: into.incident_id });
    return true;
  },
  async link(desk, { incident, other: saidOther, reason }) {
    const row = getIncident(desk, incident);
    const other = row && getIncident(desk, saidOther);
    if (!row || !other) return false;
    desk.select(row.incident_id);
    const seed = { incident: row.incident_id, act: "link", other: other.incident_id, reason };
    desk.openPanel("kin", seed);
    return true;
  },
  async split(desk, { incident }) {
    const row = getIncident(desk, incident);
    if (!row) return false;
    desk.select(row.incident_id);
    desk.openPanel("kin", { incident: row.incident_id, act: "split" });
    return true;
  },
  async reopen(desk, { incident: said, reason }) {
    // It need not be on the screen any more: the number is all that is left of it there.
    const id = /^\d+$/.test(said) ? `J${Number(said)}` : said.toUpperCase();
    const label = t("kin.reopened", { incident: id });
    const done = await desk.send("ReopenIncident", { incident_id: id, reason }, label);
    if (done) desk.select(id);
    return done !== null;
  },
  search(desk, { text }) {
    desk.openPanel("search", { text });
    return Promise.resolve(true);
  },
  found(desk, { text }) {
    desk.openPanel("plan", { unit: text });
    return Promise.resolve(true);
  },
  cast(desk, { text }) {
    desk.openPanel("broadcast", { text });
    return Promise.resolve(true);
  },
  circle(desk, { circle: said }) {
    const row = find.findCircle(said, desk.live.views.circles);
    if (!row) return Promise.resolve(no(desk, t("line.no_circle", { text: said })));
    desk.show("circle", row.post_id);
    desk.look(row.lat, row.lon);
    return Promise.resolve(true);
  },
};

/** The unit that was meant; where there is none, the nearest ones are named. */
function getUnit(desk: Desk, said: string): UnitRow | null {
  const { units } = desk.live.views;
  const unit = find.findUnit(said, units);
  if (!unit) no(desk, withNear("line.no_unit", said, find.nearUnits(said, units)));
  return unit;
}

/** The incident that was meant, or the selected one; where there is none, the nearest are named. */
function getIncident(desk: Desk, said: string | null): Row | null {
  if (said === null) {
    if (!desk.selected) no(desk, t("line.none_selected"));
    return desk.selected;
  }
  const { incidents } = desk.live.views;
  const row = find.findIncident(said, incidents);
  if (!row) no(desk, withNear("line.no_incident", said, find.nearIncidents(said, incidents)));
  return row;
}

function withNear(key: "line.no_unit" | "line.no_incident", text: string, near: string[]): string {
  const said = t(key, { text });
  return near.length ? `${said}${t("line.near", { names: near.join("、") })}` : said;
}
