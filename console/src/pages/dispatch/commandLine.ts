/** Reads the command bar: a letter, then unit, incident or order, then free words. Pure. */

import "./actWords";
import type { WordKey } from "../../words/words.svelte";
import { closest } from "./nearest";

/** What a line means, still in the words of the line: numbers are looked up by `resolve`. */
export type Line =
  | { verb: "assign"; units: string[]; incident: string | null; beside: boolean }
  | { verb: "divert"; unit: string; incident: string | null; reason: string; approvedBy: string }
  | { verb: "withdraw"; order: string; reason: string }
  | { verb: "backup"; incident: string | null; nUnits: number; reason: string }
  | { verb: "escalate"; incident: string | null; reason: string }
  | { verb: "voice"; text: string }
  | { verb: "emergency"; unit: string }
  | { verb: "undo" }
  | { verb: "hand"; incident: string | null; what: HandWhat; desk: string; reason: string }
  | { verb: "agency"; agency: string; incident: string | null; what: string }
  | { verb: "reserve"; unit: string; incident: string | null }
  | { verb: "why"; unit: string; incident: string | null }
  | { verb: "move"; unit: string; post: string }
  | { verb: "status"; unit: string; status: string }
  | { verb: "go"; incident: string }
  | { verb: "rank"; incident: string | null }
  | { verb: "priority"; incident: string; priority: number; reason: string; approvedBy: string }
  | { verb: "merge"; incident: string; into: string }
  | { verb: "link"; incident: string; other: string; reason: string }
  | { verb: "split"; incident: string | null }
  | { verb: "reopen"; incident: string; reason: string }
  | { verb: "search"; text: string }
  | { verb: "found"; text: string }
  | { verb: "cast"; text: string }
  | { verb: "circle"; circle: string };

export type Verb = Line["verb"];
export type HandWhat = "offer" | "accept" | "refuse" | "take";

export interface LineFault {
  fault: WordKey;
  values: Record<string, string>;
}

/** What a place in a line is filled with; the bar proposes it. */
export type Slot = "unit" | "incident" | "order" | "status" | "word" | "agency" | "desk" | "post" | "";

export interface VerbForm {
  verb: Verb;
  letters: string[];
  /** Whole words that are meant as well, and by which a slip is understood. */
  words: string[];
  slots: Slot[];
  example: string;
  meaning: WordKey;
}

export const FORMS: readonly VerbForm[] = [
  form("assign", "A 派", "派警 assign", ["unit", "incident"], "A 012 J71", "keys.c_assign"),
  form("divert", "D 改", "改派 divert", ["unit", "incident"], "D 012 J71 原因", "keys.c_divert"),
  form("withdraw", "W 撤", "撤回 withdraw", ["order"], "W J71-1 原因", "keys.c_withdraw"),
  form("backup", "B 援", "增援 backup", ["incident"], "B J71 2 原因", "keys.c_backup"),
  form("escalate", "X 升", "升级 escalate", ["incident"], "X J71 原因", "keys.c_escalate"),
  form("voice", "V 报", "电台 voice", ["unit", "word"], "V 012 到", "keys.c_voice"),
  form("emergency", "E 急", "紧急 emergency", ["unit"], "E 012", "keys.c_emergency"),
  form("undo", "U 消", "撤销 undo", [], "U", "keys.c_undo"),
  form("hand", "H 移", "移交 handover", ["incident", "desk"], "H J71 d1 原因", "keys.c_hand"),
  form("agency", "L 联", "联动 agency", ["agency", "incident"], "L 120 J71", "keys.c_agency"),
  form("reserve", "K 留", "预留 reserve", ["unit", "incident"], "K 012 J71", "keys.c_reserve"),
  form("why", "Q 问", "为何 why", ["unit", "incident"], "Q 012 J71", "keys.c_why"),
  form("move", "Y 补", "补位 moveup", ["unit", "post"], "Y 012 北门", "keys.c_move"),
  form("status", "S 状", "状态 status", ["unit", "status"], "S 012 用餐", "keys.c_status"),
  form("go", "G 看", "查看 go", ["incident"], "G J71", "keys.c_go"),
  form("rank", "R T 荐", "重排 rank", ["incident"], "R J71", "keys.c_rank"),
  form("priority", "P 级", "调级 priority", ["incident"], "P J71 1 原因", "keys.c_priority"),
  form("merge", "M 并", "并案 merge", ["incident", "incident"], "M J71 J70", "keys.c_merge"),
  form("link", "N 链", "关联 link", ["incident", "incident"], "N J71 J70 原因", "keys.c_link"),
  form("split", "Z 拆", "拆分 split", ["incident"], "Z J71", "keys.c_split"),
  form("reopen", "O 重", "重开 reopen", ["incident"], "O J71 原因", "keys.c_reopen"),
  form("search", "F 找", "检索 find", [""], "F 幸福里", "keys.c_search"),
  form("found", "I 现", "发现 selfinit", [], "I", "keys.c_found"),
  form("cast", "播", "广播 broadcast", [""], "播 留意白色面包车", "keys.c_cast"),
  form("circle", "C 圈", "圈层 circle", ["post"], "C 北门", "keys.c_circle"),
];

function form(
  verb: Verb,
  letters: string,
  words: string,
  slots: Slot[],
  example: string,
  meaning: WordKey,
): VerbForm {
  return { verb, letters: letters.split(" "), words: words.split(" "), slots, example, meaning };
}

export const STATUSES: Record<string, string> = {
  standby: "standby", 待命: "standby",
  post: "at_post", at_post: "at_post", 驻点: "at_post",
  patrol: "patrolling", patrolling: "patrolling", 巡逻: "patrolling",
  back: "returning", returning: "returning", 返回: "returning",
  meal: "meal", 用餐: "meal",
  training: "training", 训练: "training",
  elsewhere: "elsewhere", 外勤: "elsewhere",
}; // prettier-ignore

/** What a crew says on the radio, as the server takes it. */
export const RADIO_WORDS = ["收到", "出发", "到", "完", "在", "增援", "紧急", "归队", "平安"];
const RADIO = new RegExp(`^(\\S*\\d)\\s*(收到|签收|出发|出警|到达|到场|到|处理完毕|完毕|完|在|增援|紧急|归队|平安)(.*)$`);
/**
 * A letter that takes free words, written against its number: "X71 增援不够" is no report of a unit
 * X71. An incident's number begins with no 0, and how many are asked for is short.
 */
const COMMAND = /^(?:[VvWw报撤]|(?:[XxOoHh升重移]|升级|重开|移交)(?:[Jj]\d|[1-9])|[Bb援](?:[Jj]\d|[1-9]\d?(?!\d)))/;
const TEAM = new Set(["组", "编组", "队", "TEAM"]);
export const MAX_BACKUP = 60;

/** Full-width letters, digits and spaces become plain ones; the leading / or 、 is the bar's key. */
export function normalise(text: string): string {
  return text.normalize("NFKC").replace(/^[\s/、]+/, "").replace(/\s+/g, " ").trim();
}

export function parseLine(text: string): Line | LineFault {
  const plain = normalise(text);
  if (!plain) return missing("line.empty");
  // A call sign and a word of the radio need no letter before them.
  if (RADIO.test(plain) && !COMMAND.test(plain)) return { verb: "voice", text: plain };
  const found = findForm(plain);
  if (!found) return unknown(plain);
  return READERS[found.verb](found.rest === "" ? [] : found.rest.split(" "));
}

/** The verb of a line and what follows it; null for one that begins with none. */
export function findForm(plain: string): { verb: Verb; rest: string } | null {
  const head = plain.split(" ")[0] ?? "";
  const byWord = FORMS.find((each) => each.words.includes(head) && !/^[a-z]/i.test(head));
  if (byWord) return { verb: byWord.verb, rest: plain.slice(head.length).trim() };
  // "A012" is meant as "A 012", "GJ71" as "G J71"; a word such as "ABC" is not a command.
  if (/^[A-Za-z](?!J\d)[A-Za-z]/i.test(plain)) return null;
  const letter = plain.slice(0, 1).toUpperCase();
  const byLetter = FORMS.find((each) => each.letters.includes(letter));
  return byLetter ? { verb: byLetter.verb, rest: plain.slice(1).trim() } : null;
}

function unknown(plain: string): LineFault {
  const head = (plain.split(" ")[0] ?? "").toLowerCase();
  const [near] = closest(head, FORMS.flatMap((each) => each.words), 2, 1);
  const meant = FORMS.find((each) => near !== undefined && each.words.includes(near));
  return meant
    ? { fault: "line.unknown_near", values: { text: plain, near: meant.example } }
    : { fault: "line.unknown", values: { text: plain } };
}

type Reader = (words: string[]) => Line | LineFault;

const READERS: Record<Verb, Reader> = {
  assign: (words) => readAssign(words),
  divert: ([unit, ...rest]) => {
    if (!unit) return missing("line.how.divert");
    const { incident, left } = takeIncident(rest);
    const { reason, approvedBy } = takeApprover(left);
    return reason
      ? { verb: "divert", unit, incident, reason, approvedBy }
      : missing("line.how.divert");
  },
  withdraw: ([order, ...reason]) =>
    order && reason.length
      ? { verb: "withdraw", order, reason: reason.join(" ") }
      : missing("line.how.withdraw"),
  backup: (words) => readBackup(words),
  escalate: (words) => {
    const { incident, left } = takeIncident(words);
    return left.length
      ? { verb: "escalate", incident, reason: left.join(" ") }
      : missing("line.how.escalate");
  },
  voice: (words) =>
    words.length > 1 || RADIO.test(words.join(" "))
      ? { verb: "voice", text: words.join(" ") }
      : missing("line.how.voice"),
  emergency: ([unit]) => (unit ? { verb: "emergency", unit } : missing("line.how.emergency")),
  undo: () => ({ verb: "undo" }),
  hand: (words) => readHand(words),
  agency: ([agency, ...rest]) => {
    if (!agency) return missing("line.how.agency");
    const { incident, left } = takeIncident(rest);
    return { verb: "agency", agency, incident, what: left.join(" ") };
  },
  reserve: ([unit, incident]) =>
    unit ? { verb: "reserve", unit, incident: incident ?? null } : missing("line.how.reserve"),
  why: ([unit, incident]) =>
    unit ? { verb: "why", unit, incident: incident ?? null } : missing("line.how.why"),
  move: ([unit, ...post]) =>
    unit && post.length ? { verb: "move", unit, post: post.join(" ") } : missing("line.how.move"),
  status: ([unit, ...rest]) => readStatus(unit, rest.join(" ").toLowerCase()),
  go: ([incident]) => (incident ? { verb: "go", incident } : missing("line.how.go")),
  rank: ([incident]) => ({ verb: "rank", incident: incident ?? null }),
  priority: ([incident, level, ...rest]) => readPriority(incident, level, rest),
  merge: ([incident, into]) =>
    incident && into ? { verb: "merge", incident, into } : missing("line.how.merge"),
  link: ([incident, other, ...reason]) =>
    incident && other ? { verb: "link", incident, other, reason: reason.join(" ") } : missing("line.how.link"),
  split: ([incident]) => ({ verb: "split", incident: incident ?? null }),
  reopen: ([incident, ...reason]) =>
    incident && reason.length
      ? { verb: "reopen", incident, reason: reason.join(" ") }
      : missing("line.how.reopen"),
  search: (words) =>
    words.length ? { verb: "search", text: words.join(" ") } : missing("line.how.search"),
  found: (words) => ({ verb: "found", text: words.join(" ") }),
  cast: (words) => ({ verb: "cast", text: words.join(" ") }),
  circle: (words) =>
    words.length ? { verb: "circle", circle: words.join(" ") } : missing("line.how.circle"),
};

function missing(fault: WordKey): LineFault {
  return { fault, values: {} };
}

/** J71 or 71 at the beginning is an incident; anything else is already a word of the rest. */
function takeIncident(words: string[]): { incident: string | null; left: string[] } {
  const [first] = words;
  return first && /^J?\d+$/i.test(first)
    ? { incident: first, left: words.slice(1) }
    : { incident: null, left: words };
}

/** `reason words @supervisor`. */
function takeApprover(words: string[]): { reason: string; approvedBy: string } {
  const named = words.filter((each) => each.startsWith("@")).map((each) => each.slice(1));
  const reason = words.filter((each) => !each.startsWith("@")).join(" ");
  return { reason, approvedBy: named.join(" ") };
}

/** `A 012 J71`, several by `A 012,013 J71`, the team by `A 组 J71`, beside another by a last +. */
function readAssign(words: string[]): Line | LineFault {
  const isBeside = words.at(-1) === "+";
  const [who, incident] = isBeside ? words.slice(0, -1) : words;
  const units = (who ?? "").split(/[,+]/).filter(Boolean);
  if (!units.length) return missing("line.how.assign");
  return { verb: "assign", units, incident: incident ?? null, beside: isBeside };
}

export function isTeam(said: string): boolean {
  return TEAM.has(said.toUpperCase());
}

function readBackup(words: string[]): Line | LineFault {
  // A lone small number is how many; an incident is said as J71, or before the number.
  const [first, second] = words;
  const isPlace = /^J\d+$/i.test(first ?? "") || (/^\d+$/.test(first ?? "") && /^\d+$/.test(second ?? ""));
  const incident = isPlace ? (first ?? null) : null;
  const rest = isPlace ? words.slice(1) : words;
  const said = /^\d+$/.test(rest[0] ?? "") ? Number(rest[0]) : null;
  if (said !== null && (said < 1 || said > MAX_BACKUP)) return missing("line.how.backup");
  const reason = (said === null ? rest : rest.slice(1)).join(" ");
  return { verb: "backup", incident, nUnits: said ?? 1, reason };
}

const HANDS: Record<string, HandWhat> = { 收: "accept", 签收: "accept", OK: "accept", 退: "refuse", 退回: "refuse", 提: "take", 提级: "take" }; // prettier-ignore

function readHand(words: string[]): Line | LineFault {
  const { incident, left } = takeIncident(words);
  const [to, ...rest] = left;
  if (!to) return missing("line.how.hand");
  const what = HANDS[to.toUpperCase()] ?? "offer";
  const reason = rest.join(" ");
  if (what !== "accept" && !reason) return missing("line.how.hand");
  return { verb: "hand", incident, what, desk: what === "offer" ? to : "", reason };
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
  return { verb: "priority", incident, priority, ...takeApprover(rest) };
}
