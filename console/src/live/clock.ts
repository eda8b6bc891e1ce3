/** The city's clock: what the server said last, carried on by the machine's monotonic counter. */

/** Without a word from the server the shown clock stops: better no time than a wrong one. */
const CARRY_ON_MS = 15_000;

export class CityClock {
  #cityMs = 0;
  #realMs = 0;
  #speed = 1;

  get speed(): number {
    return this.#speed;
  }

  get isSet(): boolean {
    return this.#cityMs > 0;
  }

  /** Take the server's word: `nowMs` of the city was read at `realMs` of performance.now(). */
  set(nowMs: number, realMs: number, speed = this.#speed): void {
    this.#cityMs = nowMs;
    this.#realMs = realMs;
    this.#speed = speed;
  }

  nowMs(realMs: number): number {
    const carried = Math.min(Math.max(realMs - this.#realMs, 0), CARRY_ON_MS);
    return this.#cityMs + carried * this.#speed;
  }
}
