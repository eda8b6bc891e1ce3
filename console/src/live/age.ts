/** How old what is on the screen may be, from the time since the last word of the stream. */

export type Freshness = "connecting" | "fresh" | "stale" | "cut";

export const STALE_AFTER_MS = 5_000;
export const CUT_AFTER_MS = 15_000;

export function freshness(ageMs: number | null): Freshness {
  if (ageMs === null) return "connecting";
  if (ageMs > CUT_AFTER_MS) return "cut";
  return ageMs > STALE_AFTER_MS ? "stale" : "fresh";
}
