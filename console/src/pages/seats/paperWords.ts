/** An archived paper in words: its fields as the seat's own tables and forms call them. */

import type { Choice, SeatDeclaration } from "../../api/seats";
import { ARCHIVED_FIELDS } from "../../words/archived";
import { either, t } from "../../words/words.svelte";
import { yuan } from "./forms";

export type Paper = Record<string, unknown>;

export interface Told {
  name: string;
  label: string;
  said: string;
}

/** How instants and desks are said: as the page says them. */
export interface Sayings {
  instant: (atMs: number) => string;
  desk: (deskId: string) => string;
}

const INSTANT = /_ms$/;
/** A year is more than this: what is less is a span, and stands among the rest. */
const EARLIEST_MS = 31_536_000_000;
const NEVER = new Set(["record_class", "item_id", "incident_id"]);
const SHORT_MOST = 4;
/** How a paper ended, in whichever word its seat has for it. */
const STATES = ["outcome", "state", "finding", "result", "last_answer"];

interface Known {
  label: string;
  choices: Choice[];
}

/** What is known of a field by its name: of the paper's own table first. */
function known(declared: SeatDeclaration, table: string, name: string): Known | null {
  const tables = [...declared.tables].sort((a, b) => Number(b.name === table) - Number(a.name === table));
  const columns = tables.flatMap((each) => each.columns);
  const fields = declared.actions.flatMap((each) => each.fields);
  const found = [...columns, ...fields].filter((each) => each.name === name);
  const choices = [...found.flatMap((each) => each.choices), ...endings(declared, table)];
  const own = ARCHIVED_FIELDS[name];
  const label = found[0] ? either(found[0].zh, found[0].en) : own ? either(...own) : "";
  return label ? { label, choices } : null;
}

/** Codes that a field of no form or table may have: how things stand, and how they end. */
function endings(declared: SeatDeclaration, table: string): Choice[] {
  const states = declared.tables.find((each) => each.name === table)?.columns.filter((each) => STATES.includes(each.name)) ?? [];
  const ends = declared.kinds.flatMap((each) => [...Object.entries(each.outcomes), ...Object.entries(each.words)]);
  return [...states.flatMap((each) => each.choices), ...declared.codes, ...ends.map(([code, [zh, en]]) => ({ code, zh, en }))];
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

function saidOf(name: string, value: unknown, choices: Choice[], how: Sayings): string {
  if (Array.isArray(value)) return value.map((each) => saidOf(name, each, choices, how)).join("、");
  if (typeof value === "boolean") return t(value ? "special.yes" : "special.no");
  if (typeof value === "number" && INSTANT.test(name)) return how.instant(value);
  if (typeof value === "number" && name.endsWith("_fen")) return yuan(value);
  if (name === "desk_id") return how.desk(String(value));
  const choice = choices.find((each) => each.code === value);
  return choice ? either(choice.zh, choice.en) : String(value);
}

function isSayable(name: string, value: unknown): boolean {
  if (NEVER.has(name) || isEmpty(value)) return false;
  if (INSTANT.test(name) && !(typeof value === "number" && value >= EARLIEST_MS)) return false;
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

/** Every field that has words, in the order of the paper. */
export function tellPaper(declared: SeatDeclaration, table: string, paper: Paper, how: Sayings): Told[] {
  const told: Told[] = [];
  for (const [name, value] of Object.entries(paper)) {
    const about = isSayable(name, value) ? known(declared, table, name) : null;
    if (about) told.push({ name, label: about.label, said: saidOf(name, value, about.choices, how) });
  }
  return told;
}

/** What has no words of its own, as it is stored; empty where there is nothing. */
export function restOf(declared: SeatDeclaration, table: string, paper: Paper): string {
  const rest = Object.entries(paper).filter(
    ([name, value]) => !NEVER.has(name) && !isEmpty(value) && !(isSayable(name, value) && known(declared, table, name)),
  );
  return rest.length ? JSON.stringify(Object.fromEntries(rest), null, 1) : "";
}

/** The codes of a paper on one line, how it ended first. */
export function shortly(declared: SeatDeclaration, table: string, paper: Paper): string {
  const columns = declared.tables.find((each) => each.name === table)?.columns ?? [];
  const coded = columns.filter((each) => each.kind === "code").map((each) => each.name);
  const said = [...new Set([...STATES, ...coded])].map((name) => {
    const code = paper[name];
    const found = typeof code === "string" && code ? known(declared, table, name)?.choices : undefined;
    const choice = found?.find((each) => each.code === code);
    return choice ? either(choice.zh, choice.en) : "";
  });
  return said.filter(Boolean).slice(0, SHORT_MOST).join(" · ");
}

export function titleOf(declared: SeatDeclaration, table: string): string {
  const found = declared.tables.find((each) => each.name === table);
  return found ? either(found.zh, found.en) : either(declared.title_zh, declared.title_en);
}
