/** What is typed in a seat's form, read as its command wants it; what cannot be is said in words. */

import type { FieldKind, FormField } from "../../api/seats";
import type { WordKey } from "../../words/words.svelte";

/** Text as typed; ticked codes of `choices`; a tick of `yes_no`. */
export type Typed = string | string[] | boolean;
export type Values = Record<string, Typed>;

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
  return Object.fromEntries(fields.map((field) => [field.name, emptyOf(field.kind)]));
}

function emptyOf(kind: FieldKind): Typed {
  if (kind === "choices") return [];
  return kind === "yes_no" ? false : "";
}

/** The body of a command out of a form; a field left empty is left out. */
export function readForm(fields: readonly FormField[], values: Values): Read {
  const read: Read = { body: {}, faults: {} };
  for (const field of fields) {
    const typed = values[field.name] ?? emptyOf(field.kind);
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
