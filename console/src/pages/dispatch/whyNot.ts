/** Why a unit is not among those recommended for an incident: from what the server has said. Pure. */

import "./actWords";
import type { IncidentRow, UnitRow } from "../../api/rows";
import { duration } from "../../words/duration";
import { t, word } from "../../words/words.svelte";

const FREE = new Set(["standby", "at_post", "patrolling", "returning"]);

export function whyNot(row: IncidentRow, unit: UnitRow): string {
  const ranking = row.recommendation;
  if (row.orders.some((order) => order.unit_id === unit.unit_id && order.state !== "withdrawn")) {
    return t("why.sent", { incident: row.incident_id });
  }
  const at = ranking?.candidates.findIndex((each) => each.unit_id === unit.unit_id) ?? -1;
  const candidate = ranking?.candidates[at];
  if (candidate) return t("why.ranked", { n: at + 1, eta: duration(candidate.travel_ms) });
  if (unit.emergency_id) return t("why.emergency");
  if (unit.incident_id) {
    const state = word("state", unit.state);
    return t("why.busy", { state, incident: unit.incident_id });
  }
  if (!FREE.has(unit.state)) return word("state", unit.state);
  const code = ranking?.passed_over.find((each) => each.unit_id === unit.unit_id)?.code;
  if (code) return word("why_not", code);
  return ranking ? t("why.after", { n: ranking.candidates.length }) : t("rank.not_yet");
}
