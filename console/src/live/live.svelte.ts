/** What the page shows, live: rows, positions and the city's clock, replaced as they arrive. */

import type { City } from "../api/city";
import { getJson, viewerQuery, type Viewer } from "../api/client";
import type { Board, Frame, Positions } from "../api/rows";
import { CUT_AFTER_MS, freshness, type Freshness } from "./age";
import { CityClock } from "./clock";
import {
  NOTHING_SEEN,
  applyFrame,
  emptyViews,
  fromBoard,
  writeCursor,
  type Snapshot,
} from "./reducer";
import { Stream } from "./stream";

const TICK_MS = 500;
const POLL_MS = 3_000;

export class Live {
  // Raw state: 500 rows as deep proxies would cost more than they give; rows are never mutated.
  snapshot = $state.raw<Snapshot>({ cursor: NOTHING_SEEN, views: emptyViews() });
  positions = $state.raw<Positions | null>(null);
  city = $state.raw<City | null>(null);
  nowMs = $state(0);
  speed = $state(1);
  ageMs = $state<number | null>(null);

  readonly views = $derived(this.snapshot.views);
  readonly freshness: Freshness = $derived(freshness(this.ageMs));
  readonly isLoaded = $derived(this.snapshot.cursor.seq >= 0);

  /** Called when the stream breaks off. */
  whenBroken: () => void = () => {};

  #clock = new CityClock();
  #heardAtMs: number | null = null;
  #polledAtMs = 0;
  #stream: Stream | null = null;
  #pending: Frame[] = [];
  #isReading = false;

  constructor(readonly viewer: Viewer) {}

  /** Begin; returns what ends it. */
  start(): () => void {
    const stream = new Stream(
      () => {
        const query = viewerQuery(this.viewer);
        if (this.isLoaded) query.set("after", writeCursor(this.snapshot.cursor));
        return `/v1/events?${query}`;
      },
      {
        onFrame: (frame) => this.#takeFrame(frame),
        onPositions: (positions) => this.#takePositions(positions),
        onClock: ({ now_ms, speed }) => this.#hear(now_ms, speed),
        onReset: () => void this.#readBoard(),
        onBroken: () => this.whenBroken(),
      },
    );
    this.#stream = stream;
    void this.#begin();
    const timer = setInterval(() => this.#tick(), TICK_MS);
    return () => {
      clearInterval(timer);
      stream.close();
    };
  }

  async #begin(): Promise<void> {
    await Promise.all([this.#readCity(), this.#readBoard()]);
    this.#stream?.open();
  }

  async #readCity(): Promise<void> {
    this.city = await getJson<City>("/v1/city", this.viewer).catch(() => this.city);
    if (this.city) this.#clock.set(this.city.now_ms, performance.now(), this.city.speed);
  }

  /** Read the whole board; frames that arrive meanwhile wait and are applied after it. */
  async #readBoard(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const query = viewerQuery(this.viewer);
    const board = await getJson<Board>(`/v1/board?${query}`, this.viewer).catch(() => null);
    this.#isReading = false;
    const waiting = this.#pending;
    this.#pending = [];
    if (!board) return;
    this.snapshot = waiting.reduce(applyFrame, fromBoard(board));
    if (board.positions) this.positions = board.positions;
    this.#clock.set(board.now_ms, performance.now());
    // A board that was polled is no word of the stream: its age goes on until the stream is back.
    if (this.#heardAtMs === null) this.#hear();
  }

  #takeFrame(frame: Frame): void {
    if (this.#isReading) this.#pending.push(frame);
    else this.snapshot = applyFrame(this.snapshot, frame);
    this.#hear();
  }

  #takePositions(positions: Positions): void {
    this.positions = positions;
    this.#hear();
  }

  #hear(cityNowMs?: number, speed?: number): void {
    const realMs = performance.now();
    this.#heardAtMs = realMs;
    if (cityNowMs !== undefined) this.#clock.set(cityNowMs, realMs, speed);
    this.speed = this.#clock.speed;
    this.#show(realMs);
  }

  #tick(): void {
    const realMs = performance.now();
    this.#show(realMs);
    this.#stream?.watch();
    const isCut = this.ageMs === null || this.ageMs > CUT_AFTER_MS || !this.isLoaded;
    if (isCut && realMs - this.#polledAtMs > POLL_MS) {
      this.#polledAtMs = realMs;
      void this.#poll();
    }
  }

  async #poll(): Promise<void> {
    if (!this.city) await this.#readCity();
    await this.#readBoard();
  }

  #show(realMs: number): void {
    if (this.#clock.isSet) this.nowMs = this.#clock.nowMs(realMs);
    this.ageMs = this.#heardAtMs === null ? null : realMs - this.#heardAtMs;
  }
}
