/** What a candidate costs, in one line: circles it leaves, and how long calls to come wait for it. */

import { beforeEach, expect, test } from "vitest";
import type { Reason } from "../src/api/rows";
import { reasonLine } from "../src/words/reasons";
import { addWords } from "../src/words/words.svelte";
import { zh } from "../src/words/zh/all";

const lost: Reason = { code: "leaves_circle_lost", number: 28_700, subject: "C1" };
const edge: Reason = { code: "leaves_circle_edge", number: 2_000, subject: "C2" };
const others: Reason = { code: "next_calls_wait", number: 1_000, subject: "" };

beforeEach(() => addWords({ ...zh }));

test("where the plan in use says what to expect, the whole cost is said in seconds, last", () => {
  const line = reasonLine([lost, edge, others], 1, {});
  expect(line.text).toBe("派出后失守 C1 · 派出后 C2 仅剩一组 · 日后警情预计共多等 32 秒");
  expect(line.nLost).toBe(1);
  expect(reasonLine([lost, { ...others, number: 0 }], 1, {}).text).toBe(
    "派出后失守 C1 · 日后警情预计共多等 29 秒",
  );
  expect(reasonLine([others], 1, {}).text).toBe("圈不变 · 日后警情预计共多等 1 秒");
  expect(reasonLine([{ ...others, number: 300 }], 1, {}).text).toBe("圈不变");
});

test("a fixed price of a circle is nobody's wait and is not said", () => {
  expect(reasonLine([{ ...lost, number: 45_000 }], 1, {}).text).toBe("派出后失守 C1");
});
