/** Photos that survive a cut and a reload: kept until the desk has each of them whole. */

import { RefusedError, getRefusal, viewerHeaders, type Viewer } from "../../api/client";

export interface Photo {
  /** Order of taking; given by the store. */
  n: number;
  id: string;
  orderId: string;
  bytes: ArrayBuffer;
  sha256: string;
  kind: "image/jpeg";
  /** City time when it was taken. */
  takenAtMs: number;
  nSent: number;
  /** Why the desk does not take it; empty while it may still. */
  refusal: string;
}

export const PIECE_BYTES = 256 * 1024;
const PIECE_TIMEOUT_MS = 20_000;
const STORE = "photos";

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}

export class PhotoQueue {
  #isFlushing = false;

  private constructor(
    private readonly database: IDBDatabase,
    private readonly viewer: Viewer,
    /** Called after every change with what is still on the phone. */
    private readonly changed: (photos: Photo[]) => void,
    private readonly said: (error: RefusedError) => string,
  ) {}

  static async open(
    unitId: string,
    viewer: Viewer,
    changed: (photos: Photo[]) => void,
    said: (error: RefusedError) => string,
  ): Promise<PhotoQueue> {
    const request = indexedDB.open(`kuaifan.${unitId}.photos`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "n", autoIncrement: true });
    };
    const queue = new PhotoQueue(await asPromise(request), viewer, changed, said);
    await queue.#tell();
    return queue;
  }

  async list(): Promise<Photo[]> {
    return (await asPromise(this.#store("readonly").getAll())) as Photo[];
  }

  async add(photo: Omit<Photo, "n" | "nSent" | "refusal">): Promise<void> {
    await asPromise(this.#store("readwrite").add({ ...photo, nSent: 0, refusal: "" }));
    await this.#tell();
    void this.flush();
  }

  /** The crew does not want it after all, or has read why it is not taken. */
  async remove(n: number): Promise<void> {
    await asPromise(this.#store("readwrite").delete(n));
    await this.#tell();
  }

  /** Send what waits, oldest first; a dead line ends it until the next flush. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (const photo of (await this.list()).filter((each) => !each.refusal)) {
        if (!(await this.#sendOne(photo))) return;
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  close(): void {
    this.database.close();
  }

  /** True when it is settled: the desk has it, or will not have it. */
  async #sendOne(photo: Photo): Promise<boolean> {
    try {
      await this.#upload(photo);
      await this.remove(photo.n);
    } catch (error) {
      if (!(error instanceof RefusedError)) return false;
      // Where something else is there than we thought the next flush asks first.
      if (error.code === "wrong_offset" || error.code === "hash_mismatch") return false;
      await this.#keep({ ...photo, refusal: this.said(error) });
    }
    return true;
  }

  async #upload(photo: Photo): Promise<void> {
    const size = photo.bytes.byteLength;
    const begun = {
      photo_id: photo.id,
      order_id: photo.orderId,
      sha256: photo.sha256,
      n_bytes: size,
      kind: photo.kind,
      device_at_ms: photo.takenAtMs,
    };
    let at = await this.#ask("POST", "/v1/photos", JSON.stringify(begun), {
      "Content-Type": "application/json",
    });
    while (at < size) {
      await this.#keep({ ...photo, nSent: at });
      at = await this.#ask(
        "PATCH",
        `/v1/photos/${photo.id}`,
        photo.bytes.slice(at, at + PIECE_BYTES),
        { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" },
      );
    }
  }

  /** How many bytes are there; throws RefusedError for a no, anything else for no answer. */
  async #ask(
    method: string,
    path: string,
    body: BodyInit,
    headers: Record<string, string>,
  ): Promise<number> {
    const response = await fetch(path, {
      method,
      body,
      headers: { ...viewerHeaders(this.viewer), ...headers },
      signal: AbortSignal.timeout(PIECE_TIMEOUT_MS),
    });
    if (response.status >= 500) throw new Error(`${path}: ${response.status}`);
    if (!response.ok) throw await getRefusal(response);
    return ((await response.json()) as { n_here: number }).n_here;
  }

  async #keep(photo: Photo): Promise<void> {
    // One that was thrown away meanwhile must not come back.
    if (await asPromise(this.#store("readonly").getKey(photo.n))) {
      await asPromise(this.#store("readwrite").put(photo));
    }
    await this.#tell();
  }

  async #tell(): Promise<void> {
    this.changed(await this.list());
  }

  #store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}
