/** Writes times of day as a desk reads them. */

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeZone: string): Intl.DateTimeFormat {
  let made = formats.get(timeZone);
  if (!made) {
    const options: Intl.DateTimeFormatOptions = {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    };
    made = new Intl.DateTimeFormat("en-GB", timeZone ? { ...options, timeZone } : options);
    formats.set(timeZone, made);
  }
  return made;
}

/** 14:30, or 12-31 14:30 where it is more than a day away. */
export function untilTime(atMs: number, nowMs: number, timeZone: string): string {
  const time = clockTime(atMs, timeZone).slice(0, 5);
  if (atMs - nowMs < DAY_MS) return time;
  const zone = timeZone ? { timeZone } : {};
  const day = new Intl.DateTimeFormat("en-CA", { month: "2-digit", day: "2-digit", ...zone });
  return `${day.format(atMs)} ${time}`;
}

/** 06:55:46 in the city's own time zone, wherever the browser is. */
export function clockTime(atMs: number, timeZone: string): string {
  return atMs > 0 ? format(timeZone).format(atMs) : "--:--:--";
}

const days = new Map<string, Intl.DateTimeFormat>();

/** 2026-11-22 in the city's own time zone. */
export function dayOf(atMs: number, timeZone: string): string {
  let made = days.get(timeZone);
  if (!made) {
    const zone = timeZone ? { timeZone } : {};
    made = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zone });
    days.set(timeZone, made);
  }
  return made.format(atMs);
}
