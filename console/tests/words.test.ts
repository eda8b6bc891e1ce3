import { expect, test } from "vitest";
import { en } from "../src/words/en/all";
import { duration } from "../src/words/duration";
import { seatName } from "../src/words/seats";
import { clockTime } from "../src/words/time";
import { addWords, word } from "../src/words/words.svelte";
import { zh } from "../src/words/zh/all";

const places = (sentence: string): string[] => (sentence.match(/\{\w+\}/g) ?? []).sort();

test("both dictionaries have the same keys, none empty, with the same places to fill", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  for (const [key, sentence] of Object.entries(zh)) {
    const other = en[key as keyof typeof zh];
    expect(sentence, key).not.toBe("");
    expect(other, key).not.toBe("");
    expect(places(other), key).toEqual(places(sentence));
  }
});

test("every word that the console asks for by name is there, and none is left over", () => {
  const sources = import.meta.glob(["../src/**/*.ts", "../src/**/*.svelte"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const texts = Object.entries(sources).filter(([path]) => !/words\/(zh|en)\//.test(path));
  const code = texts.map(([, text]) => text as string).join("\n");
  const asked = [...code.matchAll(/\bt\(\s*"([\w.]+)"/g)].map((found) => found[1] ?? "");
  for (const key of asked) expect(zh, key).toHaveProperty([key]);
  // A group asked for by a code (`word("state", …)`, t(`life.${role}`)) uses all of its words.
  const groups = [...code.matchAll(/(?:word\("(\w+)"|`([\w.]+)[._]\$\{)/g)];
  const used = new Set(groups.map((found) => found[1] ?? found[2]));
  const isUsed = (key: string): boolean =>
    code.includes(`"${key}"`) ||
    [...used].some((group) => key.startsWith(`${group}.`) || key.startsWith(`${group}_`));
  expect(Object.keys(zh).filter((key) => !isUsed(key))).toEqual([]);
});

test("no word is defined in two files: which one a page shows would be chance", () => {
  for (const lang of ["zh", "en"]) {
    const files = import.meta.glob<Record<string, Record<string, string>>>("../src/words/*/*.ts", { eager: true });
    const homes = new Map<string, string[]>();
    for (const [path, module] of Object.entries(files)) {
      if (!path.includes(`/${lang}/`) || path.endsWith("/all.ts")) continue;
      for (const key of Object.values(module).flatMap(Object.keys)) {
        homes.set(key, [...(homes.get(key) ?? []), path]);
      }
    }
    expect(homes.size).toBeGreaterThan(500);
    expect([...homes].filter(([, paths]) => paths.length > 1)).toEqual([]);
  }
});

test("a code of a telephone line that no word is known for never reads as a sentence of the bar", () => {
  addWords({ ...zh });
  expect(word("call_line", "unknown")).toBe("unknown");
  expect(word("call_line", "web")).toBe("网络报警");
});

test("a seat is called what the bar calls it, not by the id of its commands", () => {
  addWords({ ...zh });
  expect(["seat-4", "intake-12", "dispatch-1", "A", ""].map(seatName)).toEqual([
    "4 席",
    "接警 12 席",
    "派警 1 席",
    "A 席",
    "",
  ]);
});

test("durations read as on a desk", () => {
  expect(duration(-5)).toBe("0:00");
  expect(duration(65_999)).toBe("1:05");
  expect(duration(3_729_000)).toBe("1:02:09");
});

test("the time of day is the city's, wherever the browser is", () => {
  const at = Date.UTC(2026, 0, 1, 22, 55, 46);
  expect(clockTime(at, "Asia/Shanghai")).toBe("06:55:46");
  expect(clockTime(at, "Europe/Helsinki")).toBe("00:55:46");
  expect(clockTime(0, "Asia/Shanghai")).toBe("--:--:--");
});
