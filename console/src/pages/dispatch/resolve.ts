/** Finds the row that a typed number means: 012, P012 or 巡012; 71 or J71; J71-1 or a unit. */

import type { CircleRow, IncidentRow, OrderRow, UnitRow } from "../../api/rows";
import { closest } from "./nearest";
import { isActive } from "./sentStatus";

/** By id, by call sign, or by the digits of either; null if none or more than one fits. */
export function findUnit(text: string, units: Record<string, UnitRow>): UnitRow | null {
  const said = text.toUpperCase();
  const all = Object.values(units);
  const exact = all.filter((unit) => unit.unit_id.toUpperCase() === said || unit.call_sign === text);
  if (exact.length === 1) return exact[0] ?? null;
  if (!/^\d+$/.test(said)) return null;
  const fits = (name: string): boolean => Number(/(\d+)$/.exec(name)?.[1] ?? -1) === Number(said);
  const byCallSign = all.filter((unit) => fits(unit.call_sign));
  const found = byCallSign.length ? byCallSign : all.filter((unit) => fits(unit.unit_id));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** Call signs that a mistyped one may have meant: its digits or its letters almost. */
export function nearUnits(text: string, units: Record<string, UnitRow>): string[] {
  const all = Object.values(units);
  const digits = /\d+$/.exec(text)?.[0];
  const same = digits
    ? all.filter((unit) => Number(/\d+$/.exec(unit.call_sign)?.[0] ?? -1) === Number(digits))
    : [];
  if (same.length) return same.slice(0, 3).map((unit) => unit.call_sign);
  const isDigits = /^\d+$/.test(text);
  const names = all.map((unit) => (isDigits ? (/\d+$/.exec(unit.call_sign)?.[0] ?? "") : unit.call_sign));
  const near = closest(text, names, isDigits ? 1 : 2, 3);
  return near.map((name) => all[names.indexOf(name)]?.call_sign ?? name);
}

/** Numbers of incidents that a mistyped one may have meant. */
export function nearIncidents(text: string, incidents: Record<string, IncidentRow>): string[] {
  const said = /^\d+$/.test(text) ? `J${Number(text)}` : text;
  return closest(said, Object.keys(incidents), 1, 3);
}

export function findIncident(
  text: string,
  incidents: Record<string, IncidentRow>,
): IncidentRow | null {
  const said = text.toUpperCase();
  return incidents[/^\d+$/.test(said) ? `J${Number(said)}` : said] ?? null;
}

/** By id, by name, or by a part of the name that only one has. */
export function findCircle(text: string, circles: Record<string, CircleRow>): CircleRow | null {
  const all = Object.values(circles);
  const is = (circle: CircleRow): boolean =>
    circle.post_id.toUpperCase() === text.toUpperCase() || circle.name === text;
  const exact = all.filter(is);
  const found = exact.length ? exact : all.filter((circle) => circle.name.includes(text));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** An order by its number, or the open one of a unit. */
export function findOrder(
  text: string,
  incidents: Record<string, IncidentRow>,
  units: Record<string, UnitRow>,
): OrderRow | null {
  const said = /^\d/.test(text) && text.includes("-") ? `J${text}` : text.toUpperCase();
  const orders = Object.values(incidents).flatMap((row) => row.orders);
  const byId = orders.find((order) => order.order_id === said);
  if (byId) return byId;
  const unit = findUnit(text, units);
  return orders.find((order) => order.unit_id === unit?.unit_id && isActive(order)) ?? null;
}
