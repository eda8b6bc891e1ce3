/** Taps that survive: written down before they are sent, sent in order, each exactly once. Where the
    browser keeps nothing they are held by the page, and sent all the same. */

import { RefusedError, newKey } from "../../api/client";
import { asPromise } from "./asPromise";

export interface Tap {
  /** Order of the taps; given by the store. */
  n: number;
  /** Goes along as the Idempotency-Key: a tap sent twice happens once. */
  key: string;
  name: string;
  body: Record<string, unknown>;
  /** The phone's own clock when the finger was down. */
  tappedAtMs: number;
  /** Held by this page alone: the browser would not write it down. */
  isUnkept?: boolean;
}

/** Sends one tap; throws RefusedError for a final no, anything else means "try again later". */
export type Send = (tap: Tap) => Promise<void>;

const STORE = "taps";
/** A store that has not opened by then is as good as none: a call for help does not wait for it. */
const OPEN_WITHIN_MS = 2_000;
/** Numbers of taps that no store has numbered; behind all that a store ever gives. */
const UNKEPT_FROM = 2 ** 40;

async function openStore(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
  };
  return await asPromise(request);
}

/** Null where there is no store, it is forbidden, or it does not answer. */
async function findStore(name: string): Promise<IDBDatabase | null> {
  const opening = openStore(name).catch(() => null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), OPEN_WITHIN_MS);
  });
  const store = await Promise.race([opening, late]);
  clearTimeout(timer);
  if (!store) void opening.then((found) => found?.close());
  return store;
}

export class Outbox {
  #isFlushing = false;
  #unkept: Tap[] = [];
  #nUnkept = 0;

  private constructor(
    private readonly database: IDBDatabase | null,
    private readonly send: Send,
    /** Called after every change with what still waits. */
    private readonly changed: (waiting: Tap[]) => void,
    private readonly refused: (tap: Tap, error: RefusedError) => void,
  ) {}

  /** One outbox per unit: a phone that changes hands must not send another crew's taps. */
  static async open(
    unitId: string,
    send: Send,
    changed: (waiting: Tap[]) => void,
    refused: (tap: Tap, error: RefusedError) => void,
  ): Promise<Outbox> {
    const outbox = new Outbox(await findStore(`kuaifan.${unitId}`), send, changed, refused);
    changed(await outbox.list());
    return outbox;
  }

  async list(): Promise<Tap[]> {
    return [...(await this.#listKept()), ...this.#unkept];
  }

  async #listKept(): Promise<Tap[]> {
    try {
      const store = this.database?.transaction(STORE).objectStore(STORE);
      return store ? ((await asPromise(store.getAll())) as Tap[]) : [];
    } catch {
      // What is in there waits for a page that can read it; what this page holds goes out.
      return [];
    }
  }

  /** Write a tap down, then send what waits. */
  async add(name: string, body: Record<string, unknown>, tappedAtMs: number): Promise<void> {
    const tap = { key: newKey(), name, body, tappedAtMs };
    if (!(await this.#keep(tap))) {
      const n = UNKEPT_FROM + this.#nUnkept;
      this.#nUnkept += 1;
      this.#unkept = [...this.#unkept, { ...tap, n, isUnkept: true }];
    }
    this.changed(await this.list());
    await this.flush();
  }

  /** Whether a tap could be written down. */
  async #keep(tap: Omit<Tap, "n">): Promise<boolean> {
    try {
      const store = this.database?.transaction(STORE, "readwrite").objectStore(STORE);
      if (store) await asPromise(store.add(tap));
      return store !== undefined;
    } catch {
      return false;
    }
  }

  async #drop(n: number): Promise<void> {
    const rest = this.#unkept.filter((tap) => tap.n !== n);
    const isUnkept = rest.length < this.#unkept.length;
    this.#unkept = rest;
    if (isUnkept) return;
    const store = this.database?.transaction(STORE, "readwrite").objectStore(STORE);
    if (store) await asPromise(store.delete(n));
  }

  /** Take one back that has not gone out; false where it has. */
  async remove(n: number): Promise<boolean> {
    if (this.#isFlushing) return false;
    await this.#drop(n);
    this.changed(await this.list());
    return true;
  }

  /** Send in order; the first that gets no answer stops the rest until the next flush. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (let tap = (await this.list())[0]; tap; tap = (await this.list())[0]) {
        if (!(await this.#sendOne(tap))) return;
        await this.#drop(tap.n);
        this.changed(await this.list());
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  /** True when the tap is settled, accepted or refused for good. */
  async #sendOne(tap: Tap): Promise<boolean> {
    try {
      await this.send(tap);
    } catch (error) {
      if (!(error instanceof RefusedError)) return false;
      this.refused(tap, error);
    }
    return true;
  }

  close(): void {
    this.database?.close();
  }
}
