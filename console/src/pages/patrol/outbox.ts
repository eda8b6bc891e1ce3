/** Taps that survive: written down before they are sent, sent in order, each exactly once. */

import { RefusedError, newKey } from "../../api/client";

export interface Tap {
  /** Order of the taps; given by the store. */
  n: number;
  /** Goes along as the Idempotency-Key: a tap sent twice happens once. */
  key: string;
  name: string;
  body: Record<string, unknown>;
  /** The phone's own clock when the finger was down. */
  tappedAtMs: number;
}

/** Sends one tap; throws RefusedError for a final no, anything else means "try again later". */
export type Send = (tap: Tap) => Promise<void>;

const STORE = "taps";

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}

async function openStore(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
  };
  return await asPromise(request);
}

export class Outbox {
  #isFlushing = false;

  private constructor(
    private readonly database: IDBDatabase,
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
    const outbox = new Outbox(await openStore(`kuaifan.${unitId}`), send, changed, refused);
    changed(await outbox.list());
    return outbox;
  }

  async list(): Promise<Tap[]> {
    const store = this.database.transaction(STORE).objectStore(STORE);
    return (await asPromise(store.getAll())) as Tap[];
  }

  /** Write a tap down, then send what waits. */
  async add(name: string, body: Record<string, unknown>, tappedAtMs: number): Promise<void> {
    const store = this.database.transaction(STORE, "readwrite").objectStore(STORE);
    await asPromise(store.add({ key: newKey(), name, body, tappedAtMs }));
    this.changed(await this.list());
    await this.flush();
  }

  /** Take one back that has not gone out; false where it has. */
  async remove(n: number): Promise<boolean> {
    if (this.#isFlushing) return false;
    const store = this.database.transaction(STORE, "readwrite").objectStore(STORE);
    await asPromise(store.delete(n));
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
        const store = this.database.transaction(STORE, "readwrite").objectStore(STORE);
        await asPromise(store.delete(tap.n));
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
    this.database.close();
  }
}
