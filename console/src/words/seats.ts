/** What a seat is called: 4 席, as the bar says it, not the id that its commands carry. */

import { word } from "./words.svelte";

const NUMBERED = /^(seat|intake|dispatch|paper)-(\d+)$/;

export function seatName(id: string): string {
  const [, kind, n] = NUMBERED.exec(id) ?? [];
  return kind && n ? word("seat_name", kind, { n }) : id && word("seat_name", "seat", { n: id });
}
