import { expect, test } from "vitest";
import { KEPT_FOR_MS, keep, readKept } from "../src/shell/drafts.svelte";
import { sweepKept } from "../src/shell/sweep";

function store(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (i: number) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size;
    },
  } as unknown as Storage;
}

test("what is older than a shift is removed from the browser, forms of calls too; settings stay", () => {
  const kept = store();
  const nowMs = 10 * KEPT_FOR_MS;
  keep("more.J1", { reason: "旧" }, nowMs - KEPT_FOR_MS, kept);
  keep("more.J2", { reason: "新" }, nowMs - KEPT_FOR_MS + 1, kept);
  kept.setItem("kuaifan.draft.intake-1.C1", JSON.stringify({ narrative: "旧", savedAtMs: 1 }));
  kept.setItem("kuaifan.draft.intake-1.C2", JSON.stringify({ narrative: "新", savedAtMs: nowMs }));
  kept.setItem("kuaifan.draft.intake-1.C3", "{");
  kept.setItem("kuaifan.lang", "en");
  sweepKept(nowMs, kept);
  const names = Array.from({ length: kept.length }, (_, i) => kept.key(i));
  expect(names).toEqual(["kuaifan.form.more.J2", "kuaifan.draft.intake-1.C2", "kuaifan.lang"]);
  expect(readKept("more.J2", nowMs, kept)).toEqual({ reason: "新" });
});
