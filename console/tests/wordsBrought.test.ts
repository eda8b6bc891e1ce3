/** Words come in parts, late ones with what says them: nothing shows the key of a word it lacks. */

import { expect, test } from "vitest";

const text: Record<string, string> = {
  ...import.meta.glob<string>("../src/**/*.ts", { query: "?raw", import: "default", eager: true }),
  ...import.meta.glob<string>("../src/**/*.svelte", { query: "?raw", import: "default", eager: true }),
};
const MAIN = "../src/main.ts";
const files = Object.keys(text).filter((path) => !/words\/(zh|en)\//.test(path));

function find(from: string, named: string): string | undefined {
  if (!named.startsWith(".")) return undefined;
  const path = new URL(named, `file:///console/tests/${from}`).pathname.replace("/console/", "../");
  return [path, `${path}.ts`, `${path}.svelte.ts`].find((each) => files.includes(each));
}

function list(file: string, pattern: RegExp): string[] {
  return [...(text[file] ?? "").matchAll(pattern)].map((match) => match[1] ?? "");
}

/** All that comes with some files at once. */
function withImports(roots: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...roots];
  for (let file = open.pop(); file; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const named = list(file, /^\s*(?:import|export)\s(?!type\b)[^;]*?"([^"]+)";/gm);
    for (const each of named) open.push(...[find(file, each) ?? []].flat());
  }
  return found;
}

function brought(closure: Set<string>): Set<string> {
  const names = [...closure].flatMap((file) => list(file, /words\/zh\/(\w+)"/g));
  const of = (name: string): string[] => list(`../src/words/zh/${name}.ts`, /^ {2}"([^"]+)":/gm);
  return new Set(["shell", ...names].flatMap(of));
}

// What fetches parts for later shows none of them.
const openers = files.filter((file) => !/\/(later|keepPage)\.ts$/.test(file));
const opened = openers.flatMap((opener) =>
  list(opener, /\bimport\("([^"]+)"\)/g).flatMap((named) => {
    const part = find(opener, named);
    return part ? [{ part, opener }] : [];
  }),
);

test("there are parts to look at", () => expect(opened.length).toBeGreaterThan(50));

test.each(opened)("$part has its words where $opener opens it", ({ part, opener }) => {
  const shell = withImports([MAIN]);
  const own = [...withImports([part])].filter((file) => !shell.has(file));
  // It is opened by what stands on a page, and may use what that has brought.
  const folder = /pages\/\w+\//.exec(part)?.[0] ?? "-";
  const page = files.find((each) => each.includes(folder) && each.endsWith("Page.svelte"));
  const known = brought(withImports([part, opener, ...(page ? [page] : [])]));
  const said = own.flatMap((file) => list(file, /\bt\("([^"]+)"/g));
  expect(said.filter((key) => !known.has(key))).toEqual([]);
});
