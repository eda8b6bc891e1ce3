/** Reads the command bar: a letter, then unit, incident or order, then free words. Pure. */

import type { WordKey } from "../../words/words.svelte";

/** What a line means, still in the words of the line: numbers are looked up by `resolve`. */
export type Line =
  | { verb: "assign"; unit: string; incident: string | null }
  | { verb: "withdraw"; order: string; reason: string }
  | { verb: "status"; unit: string; status: string }
  | { verb: "go"; incident: string }
  | { verb: "rank"; incident: string | null }
  | { verb: "priority"; incident: string; priority: number; reason: string; approvedBy: string }
  | { verb: "merge"; incident: string; into: string }
  | { verb: "circle"; circle: string };

export interface LineFault {
  fault: WordKey;
  values: Record<string, string>;
}

/** The first word, in the language of either keyboard. */
const VERBS: Record<string, Line["verb"]> = {
  A: "assign", 派: "assign",
  W: "withdraw", 撤: "withdraw",
  S: "status", 状: "status",
  G: "go", 看: "go",
  T: "rank", R: "rank", 荐: "rank",
  P: "priority", 级: "priority",
  M: "merge", 并: "merge",
  C: "circle", 圈: "circle",
}; // prettier-ignore

export const STATUSES: Record<string, string> = {
  standby: "standby", 待命: "standby",
  post: "at_post", at_post: "at_post", 驻点: "at_post",
  patrol: "patrolling", patrolling: "patrolling", 巡逻: "patrolling",
  back: "returning", returning: "returning", 返回: "returning",
  meal: "meal", 用餐: "meal",
  training: "training", 训练: "training",
  elsewhere: "elsewhere", 外勤: "elsewhere",
}; // prettier-ignore

/** Full-width letters, digits and spaces become plain ones; the leading / or 、 is the bar's key. */
export function normalise(text: string): string {
  return text.normalize("NFKC").replace(/^[\s/、]+/, "").replace(/\s+/g, " ").trim();
}

export function parseLine(text: string): Line | LineFault {
  const plain = normalise(text);
  if (!plain) return { fault: "line.empty", values: {} };
  const first = plain.slice(0, 1).toUpperCase();
  const verb = VERBS[first];
  // "A012" is meant as "A 012"; a word such as "ABC" is not a command.
  const rest = plain.slice(1).trim();
  if (!verb || /^[A-Za-z]{2}/.test(plain)) return { fault: "line.unknown", values: { text: plain } };
  return READERS[verb](rest === "" ? [] : rest.split(" "));
}

const READERS: Record<Line["verb"], (words: string[]) => Line | LineFault> = {
  assign: ([unit, incident]) =>
    unit ? { verb: "assign", unit, incident: incident ?? null } : missing("line.how.assign"),
  withdraw: ([order, ...reason]) =>
    order && reason.length
      ? { verb: "withdraw", order, reason: reason.join(" ") }
      : missing("line.how.withdraw"),
  status: ([unit, ...rest]) => readStatus(unit, rest.join(" ").toLowerCase()),
  go: ([incident]) => (incident ? { verb: "go", incident } : missing("line.how.go")),
  rank: ([incident]) => ({ verb: "rank", incident: incident ?? null }),
  priority: ([incident, level, ...rest]) => readPriority(incident, level, rest),
  merge: ([incident, into]) =>
    incident && into ? { verb: "merge", incident, into } : missing("line.how.merge"),
  circle: (words) =>
    words.length ? { verb: "circle", circle: words.join(" ") } : missing("line.how.circle"),
};

function missing(fault: WordKey): LineFault {
  return { fault, values: {} };
}

function readStatus(unit: string | undefined, said: string): Line | LineFault {
  if (!unit || !said) return missing("line.how.status");
  const status = STATUSES[said];
  if (!status) return { fault: "line.no_status", values: { text: said } };
  return { verb: "status", unit, status };
}

/** `P J71 1 reason @supervisor`: the name after @ approves a lowering. */
function readPriority(
  incident: string | undefined,
  level: string | undefined,
  rest: string[],
): Line | LineFault {
  const priority = Number(level);
  if (!incident || !level) return missing("line.how.priority");
  if (!Number.isInteger(priority) || priority < 1 || priority > 5) {
    return { fault: "line.no_priority", values: { text: level } };
  }
  const approvedBy = rest.filter((each) => each.startsWith("@")).map((each) => each.slice(1));
  const reason = rest.filter((each) => !each.startsWith("@")).join(" ");
  return { verb: "priority", incident, priority, reason, approvedBy: approvedBy.join(" ") };
}
