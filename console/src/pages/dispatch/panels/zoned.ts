/** A date and time as typed, in the city's own time zone, wherever the browser is. Pure. */

/** "2026-11-22T14:30" there, as an instant; null for what is no time. */
export function atInZone(text: string, timeZone: string): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  // Twice: the offset of the guess may be that of the other side of a change of clocks.
  const once = asUtc - offsetMs(asUtc, timeZone);
  return asUtc - offsetMs(once, timeZone);
}

/** An instant as the field for dates and times writes it. */
export function fieldOf(atMs: number, timeZone: string): string {
  return new Date(atMs + offsetMs(atMs, timeZone)).toISOString().slice(0, 16);
}

function offsetMs(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-CA", {
    ...(timeZone ? { timeZone } : {}),
    ...{ year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const there = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"]);
  return there - Math.floor(atMs / 60_000) * 60_000;
}
