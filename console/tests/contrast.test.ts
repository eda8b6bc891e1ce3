import { describe, expect, test } from "vitest";
import css from "../src/app.css?raw";
import { PALETTES } from "../src/map/palette";

function tokens(theme: string): Record<string, string> {
  const block = new RegExp(`data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1], found[2]]),
  ) as Record<string, string>;
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["ground", "panel", "raised", "sunk", "field"];
const TEXT: [string, string[]][] = [
  ["text", [...GROUNDS, "blue-ground", "red-ground", "amber-ground"]],
  ["dim", [...GROUNDS, "blue-ground"]],
  ["blue", GROUNDS],
  ["red", ["panel", "sunk", "raised", "red-ground", "blue-ground"]],
  ["amber", ["panel", "sunk", "amber-ground", "blue-ground"]],
  ["on-fill", ["red-fill", "blue"]],
];

describe.each(["dark", "light"] as const)("%s", (theme) => {
  const colours = tokens(theme);
  test("text has 4.5:1 on every ground that it stands on", () => {
    for (const [ink, grounds] of TEXT) {
      for (const ground of grounds) {
        const found = contrast(colours[ink] ?? "", colours[ground] ?? "");
        expect(found, `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
  test("shapes and frames have 3:1", () => {
    for (const fill of ["red-fill", "amber-fill", "blue"]) {
      const found = contrast(colours[fill] ?? "", colours["panel"] ?? "");
      expect(found, fill).toBeGreaterThanOrEqual(3);
    }
    const map = PALETTES[theme];
    const shapes = { ...map.level, ready: map.ready, way: map.underWay, scene: map.onScene };
    for (const [name, colour] of Object.entries({ ...shapes, lost: map.lost, edge: map.edge })) {
      expect(contrast(colour, map.land), name).toBeGreaterThanOrEqual(3);
    }
    for (const ring of map.rings) expect(contrast(ring, map.land), ring).toBeGreaterThanOrEqual(3);
    const rings = [colours["ring-near"], colours["ring-middle"], colours["ring-far"]];
    expect(rings).toEqual([...map.rings]);
  });
});
