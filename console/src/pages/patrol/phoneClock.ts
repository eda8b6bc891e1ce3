/** The phone's clock against the city's: what a finger did is told in city time, also offline. */

const KEY = "kuaifan.clock";
/** Above this the phone says that its own clock is wrong; the stamps are right all the same. */
const OFF_MS = 120_000;

/** Two clocks that tell the same time differ by this much between two ticks of a page. */
const KNOWN_MS = 500;

interface Pair {
  cityMs: number;
  phoneMs: number;
  speed: number;
}

export class PhoneClock {
  #pair: Pair | null = recall();

  constructor(private readonly phoneNowMs: () => number = Date.now) {}

  /** The server has just told the time: kept where it is not what was known already. */
  note(cityMs: number, speed: number): void {
    const isKnown = this.#pair?.speed === speed && Math.abs(this.nowMs() - cityMs) < KNOWN_MS;
    if (isKnown) return;
    this.#pair = { cityMs, phoneMs: this.phoneNowMs(), speed };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#pair));
    } catch {
      // Without storage a reload offline falls back to the phone's own clock; the desk marks it.
    }
  }

  /** City time by the last word of the server and what the phone counted since. */
  nowMs(): number {
    const pair = this.#pair;
    if (!pair) return Math.round(this.phoneNowMs());
    return Math.round(pair.cityMs + (this.phoneNowMs() - pair.phoneMs) * pair.speed);
  }

  /** By how much the phone is off, 0 where it does not matter or the city's clock is not ours. */
  offMs(): number {
    const pair = this.#pair;
    if (!pair || pair.speed !== 1) return 0;
    const off = pair.phoneMs - pair.cityMs;
    return Math.abs(off) > OFF_MS ? off : 0;
  }
}

function recall(): Pair | null {
  try {
    const text = localStorage.getItem(KEY);
    return text ? (JSON.parse(text) as Pair) : null;
  } catch {
    return null;
  }
}
