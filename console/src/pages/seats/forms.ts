/** What is typed in a seat's form, read as its command wants it; what cannot be is said in words. */

import type { FormField } from "../../api/seats";
import type { WordKey } from "../../words/words.svelte";

/** Text as typed; ticked codes of `choices`; a tick of `yes_no`; the rows of `rows`. */
export type Typed = string | string[] | boolean | Values[];
export interface Values {
  [name: string]: Typed;
}

export interface Fault {
  key: WordKey;
  values?: Record<string, string | number>;
}

export interface Read {
  body: Record<string, unknown>;
  faults: Record<string, Fault>;
}

/** The whole country keeps Beijing time. */
const ZONE = "+08:00";
const MAX_TEXT = 200;
const MAX_LONG_TEXT = 2000;
const MINUTE_MS = 60_000;

export function emptyValues(fields: readonly FormField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, emptyOf(field)]));
}

function emptyOf({ kind, required, choices }: FormField): Typed {
  // What there is no choice of is chosen.
  if (kind === "choice" && required && choices.length === 1) return choices[0]?.code ?? "";
  if (kind === "choices" || kind === "rows") return [];
  return kind === "yes_no" ? false : "";
}

/** The body of a command out of a form; a field left empty is left out. */
export function readForm(fields: readonly FormField[], values: Values): Read {
  const read: Read = { body: {}, faults: {} };
  for (const field of fields) {
    const typed = values[field.name] ?? emptyOf(field);
    if (field.kind === "rows") {
      readRows(field, typed as Values[], read);
      continue;
    }
    const text = typeof typed === "string" ? typed.trim() : typed;
    const isEmpty = text === "" || (Array.isArray(text) && text.length === 0);
    if (isEmpty) {
      if (field.required) read.faults[field.name] = { key: "special.required" };
      // Nothing ticked is an answer.
      else if (field.kind === "choices") read.body[field.name] = [];
      continue;
    }
    const found = typeof text === "string" ? readText(field, text) : { value: text };
    if ("fault" in found) read.faults[field.name] = found.fault;
    else read.body[field.name] = found.value;
  }
  return read;
}

/** Each row by itself; one in which nothing is typed is no row. A fault is kept as `gates.1.lat`. */
function readRows(field: FormField, rows: readonly Values[], read: Read): void {
  const sent: unknown[] = [];
  rows.forEach((row, i) => {
    if (isBlankRow(row)) return;
    const one = readForm(field.rows, row);
    for (const [name, fault] of Object.entries(one.faults)) read.faults[`${field.name}.${i}.${name}`] = fault;
    sent.push("" in one.body ? one.body[""] : one.body);
  });
  if (sent.length === 0 && field.required) read.faults[field.name] = { key: "special.row_needed" };
  else if (sent.length > field.most) read.faults[field.name] = { key: "special.too_many_rows", values: { n: field.most } };
  else read.body[field.name] = sent;
}

export function isBlankRow(row: Values): boolean {
  return Object.values(row).every((typed) => typed === false || (typeof typed === "string" ? typed.trim() === "" : Array.isArray(typed) && typed.length === 0));
}

/** What a form begins with, of what a row holds: as it would have been typed. */
export function beginning(fields: readonly FormField[], row: Record<string, unknown>): Values {
  const begun = fields.filter((field) => field.begins && row[field.begins] !== undefined && row[field.begins] !== null);
  return Object.fromEntries(begun.map((field) => [field.name, asTyped(field, row[field.begins])]));
}

function asTyped(field: FormField, value: unknown): Typed {
  if (typeof value === "boolean") return value;
  if (field.kind === "choices") return Array.isArray(value) ? value.map(String) : [];
  if (field.kind !== "rows") return String(value);
  const rows = Array.isArray(value) ? (value as unknown[]) : [];
  return rows.map((each) =>
    Object.fromEntries(
      field.rows.map((of) => [of.name, asTyped(of, of.name ? (each as Record<string, unknown>)[of.name] : each)]),
    ),
  );
}

type Found = { value: unknown } | { fault: Fault };
const no = (key: WordKey, values?: Fault["values"]): Found => ({ fault: values ? { key, values } : { key } });

function readText(field: FormField, text: string): Found {
  const plain = text.normalize("NFKC");
  switch (field.kind) {
    case "number":
      return readNumber(plain, "special.bad_number");
    case "yuan":
      return readYuan(plain);
    case "minutes":
      return /^\d{1,6}$/.test(plain) && Number(plain) > 0
        ? { value: Number(plain) * MINUTE_MS }
        : no("special.bad_minutes");
    case "date":
      return readInstant(`${plain}T00:00:00${ZONE}`);
    case "instant":
      return readInstant(`${plain.length === 16 ? `${plain}:00` : plain}${ZONE}`);
    case "day":
      return isDay(plain) ? { value: plain } : no("special.bad_date");
    case "clock":
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(plain) ? { value: plain } : no("special.bad_clock");
    case "phone":
      return readPhone(plain);
    case "lat":
      return readWithin(plain, 90, "special.bad_lat");
    case "lon":
      return readWithin(plain, 180, "special.bad_lon");
    case "incident":
      return /^[Jj]\d+$/.test(plain) ? { value: plain.toUpperCase() } : no("special.bad_incident");
    case "unit":
    case "item":
      return { value: plain.toUpperCase() };
    default:
      return readWords(text, field.kind === "long_text" ? MAX_LONG_TEXT : MAX_TEXT);
  }
}

function readWords(text: string, n: number): Found {
  return text.length > n ? no("special.too_long", { n }) : { value: text };
}

function readNumber(text: string, fault: WordKey): Found {
  return /^-?\d+(\.\d+)?$/.test(text) ? { value: Number(text) } : no(fault);
}

/** Typed in yuan, sent in fen: by its digits, for 1.15 is no binary fraction. */
function readYuan(text: string): Found {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(",", ""));
  if (!found) return no("special.bad_yuan");
  return { value: Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) };
}

/** A day that there is: 31 June is none. */
function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

function readInstant(text: string): Found {
  const at = Date.parse(text);
  return Number.isFinite(at) ? { value: at } : no("special.bad_date");
}

function readPhone(text: string): Found {
  const digits = text.replace(/[\s-]/g, "");
  return /^\+?\d{3,20}$/.test(digits) ? { value: digits } : no("special.bad_phone");
}

function readWithin(text: string, most: number, fault: WordKey): Found {
  const found = readNumber(text, fault);
  return "value" in found && Math.abs(Number(found.value)) > most ? no(fault) : found;
}

/** Fen as yuan, its thousands apart: a nought too many is a mistake of ten times. */
export function yuan(fen: number): string {
  const [whole = "", rest = ""] = (fen / 100).toFixed(2).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}
