/** Times as they stand on a card, "09:12" on a day, as instants of the city. Pure. */

const DAY_MS = 86_400_000;
const HALF_DAY_MS = DAY_MS / 2;

/** How far a city's clock is ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: timeZone || "UTC",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(atMs);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(atMs / 1000) * 1000;
}

/** The instant of a day and a time of day in the city; null where either is not written whole. */
export function instantOf(day: string, time: string, timeZone: string): number | null {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(time.normalize("NFKC").trim());
  if (!date || !clock) return null;
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const wall = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), hour, minute, second);
  return wall - offsetMs(wall - offsetMs(wall, timeZone), timeZone);
}

/**
 * The stamps of a card in their order. A time of day that lies far before the one above it is of
 * the next day: cards carry no date at each line. 0 where nothing is written; null: unreadable.
 */
export function stampsOf(
  day: string,
  times: readonly string[],
  timeZone: string,
  afterMs = 0,
): (number | null)[] {
  let last = afterMs;
  return times.map((time) => {
    if (!time.trim()) return 0;
    let at = instantOf(day, time, timeZone);
    if (at === null) return null;
    while (last - at > HALF_DAY_MS) at += DAY_MS;
    last = at;
    return at;
  });
}

/** The city's day at an instant, as a date field has it. */
export function dayOf(atMs: number, timeZone: string): string {
  return new Date(atMs + offsetMs(atMs, timeZone)).toISOString().slice(0, 10);
}
