/** The stream of the server (SSE): reopened where it broke off, watched for silence. */

import type { Frame, Positions } from "../api/rows";
import { readCursor } from "./reducer";

export interface StreamSink {
  onFrame(frame: Frame): void;
  onPositions(positions: Positions): void;
  onClock(clock: { now_ms: number; speed: number }): void;
  /** The server no longer keeps what comes after our seq: the board has to be read anew. */
  onReset(): void;
  /** The line broke, or the server would not have us: a stream does not say which. */
  onBroken?(): void;
}

const REOPEN_AFTER_MS = [500, 1000, 2000, 3000];
/** A line that is dead but not closed says nothing; the server speaks every two seconds. */
const SILENT_AFTER_MS = 8_000;

export class Stream {
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #nTries = 0;
  #lastAtMs = 0;

  constructor(
    /** The address of the stream from where we are now. */
    private readonly url: () => string,
    private readonly sink: StreamSink,
  ) {}

  open(): void {
    this.close();
    this.#lastAtMs = performance.now();
    const source = new EventSource(this.url());
    this.#source = source;
    this.#listen(source, "message", (data, id) => {
      this.sink.onFrame({ ...(data as Omit<Frame, "cursor">), cursor: readCursor(id) });
    });
    this.#listen(source, "positions", (data) => this.sink.onPositions(data as Positions));
    this.#listen(source, "clock", (data) =>
      this.sink.onClock(data as { now_ms: number; speed: number }),
    );
    source.addEventListener("reset", () => this.sink.onReset());
    // The browser would reconnect by itself, but not after an answer such as 503, and with the
    // cursor of this page's first opening; we reopen from where we really are.
    source.onerror = () => this.#reopenLater();
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** To be called now and then: a stream that has gone silent is opened again. */
  watch(): void {
    const isSilent = performance.now() - this.#lastAtMs > SILENT_AFTER_MS;
    if (isSilent && this.#timer === null) this.open();
  }

  #listen(source: EventSource, name: string, take: (data: unknown, id: string) => void): void {
    source.addEventListener(name, (event) => {
      this.#lastAtMs = performance.now();
      this.#nTries = 0;
      const { data, lastEventId } = event as MessageEvent<string>;
      take(JSON.parse(data), lastEventId);
    });
  }

  #reopenLater(): void {
    this.#source?.close();
    this.#source = null;
    if (this.#timer !== null) return;
    this.sink.onBroken?.();
    const wait = REOPEN_AFTER_MS[Math.min(this.#nTries, REOPEN_AFTER_MS.length - 1)] ?? 3000;
    this.#nTries += 1;
    this.#timer = setTimeout(() => this.open(), wait);
  }
}
