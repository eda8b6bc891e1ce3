import { expect, test } from "vitest";
import type { SeatDeclaration } from "../src/api/seats";
import { restOf, shortly, tellPaper, titleOf } from "../src/pages/seats/paperWords";
import { addWords } from "../src/words/words.svelte";
import { specialSeatWords } from "../src/words/zh/specialSeats";

addWords(specialSeatWords);

const choice = (code: string, zh: string, en: string) => ({ code, zh, en });
const column = (name: string, zh: string, kind: string, choices: ReturnType<typeof choice>[] = []) => ({ name, zh, en: zh, kind, choices });
const declared = {
  title_zh: "联动",
  title_en: "Hand-overs",
  about: ["", ""],
  readers: [],
  actions: [],
  figures: [],
  consents: [],
  codes: [choice("gone", "到场未发现", "gone")],
  kinds: [{ words: {}, outcomes: { kept: ["首接自办", "kept"] } }],
  tables: [
    { name: "tickets", zh: "工单", en: "Tickets", columns: [column("direction", "方向", "code", [choice("out", "移交", "out")]), column("other", "对方", "text")] },
  ],
} as unknown as SeatDeclaration;
const how = { instant: (at: number) => `at ${at}`, desk: (id: string) => `desk ${id}` };
const paper = {
  incident_id: "J1",
  item_id: "W3",
  direction: "out",
  other: "12345",
  outcome: "kept",
  why: "gone",
  desk_id: "city",
  n_offered: 2,
  n_called: 0,
  offered_at_ms: 1_700_000_000_000,
  answer_by_ms: 0,
  served: true,
  description: "",
  attempts: [{ outcome: "failed" }],
};

test("an archived paper has every field that somebody named, by its name, and no empty one", () => {
  const told = tellPaper(declared, "tickets", paper, how);
  expect(told.map((each) => [each.label, each.said])).toEqual([
    ["方向", "移交"],
    ["对方", "12345"],
    ["结果", "首接自办"],
    ["指挥席", "desk city"],
    ["移交次数", "2"],
    ["移交时间", "at 1700000000000"],
    ["已送达", "是"],
  ]);
});

test("it keeps the rest as it is stored, and says how it ended first", () => {
  const rest = JSON.parse(restOf(declared, "tickets", paper)) as Record<string, unknown>;
  expect(Object.keys(rest)).toEqual(["why", "attempts"]);
  expect(shortly(declared, "tickets", paper)).toBe("首接自办 · 移交");
  expect(titleOf(declared, "tickets")).toBe("工单");
  expect(titleOf(declared, "none")).toBe("联动");
});
