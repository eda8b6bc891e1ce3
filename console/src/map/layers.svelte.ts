/** Which layers of the map a person wants to see (图层); kept in the browser. */

export const LAYERS = [
  "units",
  "posts",
  "circles",
  "calls",
  "closures",
  "slow",
  "premises",
  "districts",
] as const;
export type LayerName = (typeof LAYERS)[number];

const KEY = "kuaifan.layers_off";
/** Posts stand in the circles' middles, and dangers are told with each incident: off until asked. */
const OFF_AT_FIRST: readonly LayerName[] = ["posts", "premises"];

function readOff(): Set<string> {
  try {
    const text = localStorage.getItem(KEY);
    return new Set(text === null ? OFF_AT_FIRST : text.split(","));
  } catch {
    return new Set(OFF_AT_FIRST);
  }
}

class Layers {
  #off = $state.raw(readOff());

  isOn(name: LayerName): boolean {
    return !this.#off.has(name);
  }

  toggle(name: LayerName): void {
    const off = new Set(this.#off);
    if (!off.delete(name)) off.add(name);
    this.#off = off;
    try {
      localStorage.setItem(KEY, [...off].join(","));
    } catch {
      // It holds until the page is left.
    }
  }
}

export const layers = new Layers();
export type { Layers };
