/** What is half typed in a form: kept in this browser at each change, there again after a reload. */

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;
type WholeStore = Store & Pick<Storage, "key" | "length">;

const PREFIX = "kuaifan.form.";
/** Forms of calls are kept beside these, with a time of their own. */
const SWEPT = [PREFIX, "kuaifan.draft."];
/** A shift: what is older was meant for a day that is gone. */
export const KEPT_FOR_MS = 12 * 3_600_000;

interface Kept {
  at_ms: number;
  value: unknown;
}

function here(): Storage | null {
  // A browser that forbids storage still works, it only forgets.
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** What was kept under a name, null where there is nothing or it is too old. */
export function readKept<T>(name: string, nowMs = Date.now(), store: Store | null = here()): T | null {
  try {
    const kept = JSON.parse(store?.getItem(PREFIX + name) ?? "null") as Kept | null;
    return kept && Math.abs(nowMs - kept.at_ms) < KEPT_FOR_MS ? (kept.value as T) : null;
  } catch {
    return null;
  }
}

/** Keep a value under a name; null forgets it. */
export function keep(name: string, value: unknown, nowMs = Date.now(), store: Store | null = here()): void {
  try {
    if (value === null) store?.removeItem(PREFIX + name);
    else store?.setItem(PREFIX + name, JSON.stringify({ at_ms: nowMs, value } satisfies Kept));
  } catch {
    // Full or forbidden: the form itself still holds everything.
  }
}

/** Remove what is older than a shift: words about people do not stay on a desk's machine. */
export function sweepKept(nowMs = Date.now(), store: WholeStore | null = here()): void {
  try {
    const names = Array.from({ length: store?.length ?? 0 }, (_, i) => store?.key(i) ?? "");
    for (const name of names.filter((each) => SWEPT.some((begin) => each.startsWith(begin)))) {
      if (Math.abs(nowMs - writtenAtMs(store?.getItem(name) ?? "")) >= KEPT_FOR_MS) store?.removeItem(name);
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

/**
 * The fields of one form. To be made while its component is; `empty` says what stands in it before
 * anybody has typed, and a field that an older console did not know gets that value. `isBlank`:
 * whether nothing worth keeping is typed yet.
 */
export class FormDraft<T extends object> {
  value = $state() as T;
  /** Whether it came back from a reload, until it is cleared or changed by hand to nothing. */
  isRestored = $state(false);

  constructor(
    private readonly name: string,
    private readonly empty: () => T,
    isBlank = (value: T): boolean => JSON.stringify(value) === JSON.stringify(empty()),
  ) {
    const kept = readKept<Partial<T>>(name);
    this.value = { ...empty(), ...kept };
    this.isRestored = kept !== null;
    $effect(() => {
      const value = $state.snapshot(this.value) as T;
      const isNothing = isBlank(value);
      keep(this.name, isNothing ? null : value);
      if (isNothing) this.isRestored = false;
    });
  }

  /** Sent or given up: nothing is left of it. */
  clear(): void {
    this.value = this.empty();
    this.isRestored = false;
    keep(this.name, null);
  }
}
