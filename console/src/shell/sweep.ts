/** Takes what was half typed and is older than a shift out of the browser, now and every hour. */

import { KEPT_FOR_MS } from "./drafts.svelte";

type Store = Pick<Storage, "getItem" | "removeItem" | "key" | "length">;

/** Forms, and the forms of calls, which have a time of their own. */
const SWEPT = ["kuaifan.form.", "kuaifan.draft."];
const EVERY_MS = 3_600_000;

/** Remove what is older than a shift: words about people do not stay on a desk's machine. */
export function sweepKept(nowMs = Date.now(), store?: Store): void {
  try {
    const from = store ?? localStorage;
    const names = Array.from({ length: from.length }, (_, i) => from.key(i) ?? "");
    for (const name of names.filter((each) => SWEPT.some((begin) => each.startsWith(begin)))) {
      if (Math.abs(nowMs - writtenAtMs(from.getItem(name) ?? "")) >= KEPT_FOR_MS) from.removeItem(name);
    }
  } catch {
    // Forbidden: then nothing was kept either.
  }
}

/** When something kept was written; what cannot be read is as old as can be. */
function writtenAtMs(text: string): number {
  try {
    const kept = JSON.parse(text) as { at_ms?: number; savedAtMs?: number } | null;
    return kept?.at_ms ?? kept?.savedAtMs ?? -Infinity;
  } catch {
    return -Infinity;
  }
}

/** A desk's page stays open for days. Returns what ends it. */
export function sweepHourly(): () => void {
  sweepKept();
  const timer = setInterval(() => sweepKept(), EVERY_MS);
  return () => clearInterval(timer);
}
