/** Photos that survive a cut and a reload: kept until the desk has each of them whole. */

import { RefusedError, getRefusal, viewerHeaders, type Viewer } from "../../api/client";
import { asPromise } from "./asPromise";

/** What is written once, when it is taken: megabytes are not written again for a number beside them. */
interface Stored {
  /** Order of taking; given by the store. */
  n: number;
  id: string;
  orderId: string;
  bytes: ArrayBuffer;
  sha256: string;
  kind: "image/jpeg";
  /** City time when it was taken. */
  takenAtMs: number;
}

export type Taken = Omit<Stored, "n">;

/** A photo that is still on the phone; the picture itself stays in the store. */
export interface Photo extends Omit<Stored, "bytes"> {
  nBytes: number;
  nSent: number;
  /** Why the desk does not take it; empty while it may still. */
  refusal: string;
}

export const PIECE_BYTES = 256 * 1024;
const PIECE_TIMEOUT_MS = 20_000;
/** What came was not what was sent: the line may do that once, a photo that is broken always does. */
const MAX_MISMATCHES = 3;
const STORE = "photos";
const REFUSALS = "refusals";

export class PhotoQueue {
  #isFlushing = false;
  #photos: Photo[] = [];
  #nMismatches = new Map<number, number>();

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
    const request = indexedDB.open(`kuaifan.${unitId}.photos`, 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      const options = { keyPath: "n", autoIncrement: true };
      if (oldVersion < 1) request.result.createObjectStore(STORE, options);
      request.result.createObjectStore(REFUSALS);
    };
    const queue = new PhotoQueue(await asPromise(request), viewer, changed, said);
    await queue.#read();
    return queue;
  }

  async add(taken: Taken): Promise<void> {
    const n = (await asPromise(this.#store(STORE, "readwrite").add(taken))) as number;
    this.#tell([...this.#photos, shown({ ...taken, n }, "")]);
    void this.flush();
  }

  /** The picture, to be looked at; null where it is not here any more. */
  async picture(n: number): Promise<Blob | null> {
    const stored = await this.#stored(n);
    return stored ? new Blob([stored.bytes], { type: stored.kind }) : null;
  }

  /** The crew does not want it after all, or has read why it is not taken. */
  async remove(n: number): Promise<void> {
    await asPromise(this.#store(STORE, "readwrite").delete(n));
    await asPromise(this.#store(REFUSALS, "readwrite").delete(n));
    this.#tell(this.#photos.filter((photo) => photo.n !== n));
  }

  /** Ask the desk once more for one that it has refused. */
  async retry(n: number): Promise<void> {
    await asPromise(this.#store(REFUSALS, "readwrite").delete(n));
    this.#nMismatches.delete(n);
    this.#change(n, { refusal: "", nSent: 0 });
    await this.flush();
  }

  /** Send what waits, oldest first; a dead line ends it until the next flush. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (const photo of this.#photos.filter((each) => !each.refusal)) {
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
      if (error.code === "wrong_offset" || this.#mayHaveBeenTheLine(photo, error)) return false;
      await this.#refuse(photo.n, this.said(error));
    }
    return true;
  }

  #mayHaveBeenTheLine(photo: Photo, error: RefusedError): boolean {
    if (error.code !== "hash_mismatch") return false;
    const n = (this.#nMismatches.get(photo.n) ?? 0) + 1;
    this.#nMismatches.set(photo.n, n);
    return n < MAX_MISMATCHES;
  }

  async #refuse(n: number, refusal: string): Promise<void> {
    // One that was thrown away meanwhile must not come back.
    if (!this.#has(n)) return;
    await asPromise(this.#store(REFUSALS, "readwrite").put(refusal, n));
    this.#change(n, { refusal });
  }

  async #upload(photo: Photo): Promise<void> {
    const begun = {
      photo_id: photo.id,
      order_id: photo.orderId,
      sha256: photo.sha256,
      n_bytes: photo.nBytes,
      kind: photo.kind,
      device_at_ms: photo.takenAtMs,
    };
    let at = await this.#ask("POST", "/v1/photos", JSON.stringify(begun), {
      "Content-Type": "application/json",
    });
    const bytes = at < photo.nBytes ? (await this.#stored(photo.n))?.bytes : null;
    // One that the crew throws away meanwhile goes no further.
    while (bytes && at < photo.nBytes && this.#has(photo.n)) {
      this.#change(photo.n, { nSent: at });
      at = await this.#ask(
        "PATCH",
        `/v1/photos/${photo.id}`,
        bytes.slice(at, at + PIECE_BYTES),
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

  async #read(): Promise<void> {
    const stored = (await asPromise(this.#store(STORE, "readonly").getAll())) as Stored[];
    const photos: Photo[] = [];
    for (const each of stored) {
      const refusal = (await asPromise(this.#store(REFUSALS, "readonly").get(each.n))) as unknown;
      photos.push(shown(each, typeof refusal === "string" ? refusal : ""));
    }
    this.#tell(photos);
  }

  async #stored(n: number): Promise<Stored | null> {
    return ((await asPromise(this.#store(STORE, "readonly").get(n))) as Stored | undefined) ?? null;
  }

  #has(n: number): boolean {
    return this.#photos.some((photo) => photo.n === n);
  }

  #change(n: number, change: Partial<Photo>): void {
    this.#tell(this.#photos.map((photo) => (photo.n === n ? { ...photo, ...change } : photo)));
  }

  #tell(photos: Photo[]): void {
    this.#photos = photos;
    this.changed(photos);
  }

  #store(name: string, mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(name, mode).objectStore(name);
  }
}

function shown(stored: Stored, refusal: string): Photo {
  const { n, id, orderId, sha256, kind, takenAtMs } = stored;
  const nBytes = stored.bytes.byteLength;
  return { n, id, orderId, sha256, kind, takenAtMs, nBytes, nSent: 0, refusal };
}
