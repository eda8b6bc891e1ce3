/** Writes a figure of a comparison in its unit, and which way it points: pure. */

import type { Paired } from "./planningApi";

/** Of fewer days nothing is sure; the server's own limit. */
export const SURE_DAYS = 5;
const HIGHER = new Set(["within_60", "within_180", "within_300"]);

export function sayValue(value: number, unit: string, isDifference = false): string {
  if (unit === "share") return signed((value * 100).toFixed(1), isDifference) + (isDifference ? "pp" : "%");
  const digits = unit === "s" || unit === "min" ? 0 : 2;
  const few = Math.abs(value) < 10 && digits === 0 && !Number.isInteger(value) ? 1 : digits;
  return signed(value.toFixed(few), isDifference);
}

/** What is rounded to nothing has no sign; else a difference shows which way it points. */
function signed(text: string, isDifference: boolean): string {
  if (Number(text) === 0) return text.replace("-", "");
  return isDifference && !text.startsWith("-") ? `+${text}` : text;
}

/** Better or worse only where no difference at all is out of the question. */
export function verdictOf(pair: Paired): "better" | "worse" | "unsure" {
  if (pair.verdict) return pair.verdict;
  if (pair.n_days < SURE_DAYS || (pair.low <= 0 && pair.high >= 0)) return "unsure";
  const wantsMore = HIGHER.has(pair.key) || pair.unit === "share";
  return pair.difference > 0 === wantsMore ? "better" : "worse";
}
