/** An instant with its day, as a register says it. */

import { clockTime, dayOf } from "../../words/time";

export function dateTime(atMs: number, zone: string): string {
  return atMs ? `${dayOf(atMs, zone)} ${clockTime(atMs, zone)}` : "—";
}
