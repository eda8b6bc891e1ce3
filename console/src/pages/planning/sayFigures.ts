/** Writes a figure of a comparison in its unit, and which way it points: pure. */

import type { Paired } from "./planningApi";

/** Of fewer days nothing is sure; the server's own limit. */
export const SURE_DAYS = 5;
const HIGHER = new Set(["within_60", "within_180", "within_300"]);

export function sayValue(value: number, unit: string, isDifference = false): string {
  const sign = isDifference && value > 0 ? "+" : "";
  if (unit === "share") return `${sign}${(value * 100).toFixed(1)}${isDifference ? "pp" : "%"}`;
  const digits = unit === "s" || unit === "min" ? 0 : 2;
  return sign + value.toFixed(Math.abs(value) < 10 && digits === 0 && !Number.isInteger(value) ? 1 : digits);
}

/** Better or worse only where no difference at all is out of the question. */
export function verdictOf(pair: Paired): "better" | "worse" | "unsure" {
  if (pair.verdict) return pair.verdict;
  if (pair.n_days < SURE_DAYS || (pair.low <= 0 && pair.high >= 0)) return "unsure";
  const wantsMore = HIGHER.has(pair.key) || pair.unit === "share";
  return pair.difference > 0 === wantsMore ? "better" : "worse";
}
