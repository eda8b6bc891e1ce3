/** The sections of the page: what each shows, what of it can be changed, and by which command. */

import type { SettingCommand } from "../../api/settingCommands";
import { word } from "../../words/words.svelte";
import type { SettingChange, Settings } from "./settingsApi";

/** Groups of words for the values of a field. */
export const WORDS = {
  route: (code: string) => word("admin_route", code),
  seat: (code: string) => word("admin_seat", code),
  area: (code: string) => word("admin_area", code),
  desk: (code: string) => word("admin_desk", code),
  clock: (code: string) => word("admin_clock", code),
  kind: (code: string) => word("admin_kind", code),
  line: (code: string) => word("admin_line", code),
  skill: (code: string) => word("admin_skill", code),
  seat_skill: (code: string) => word("seat_skill", code),
  use: (code: string) => word("admin_use", code),
  policy: (code: string) => word("admin_policy", code),
} as const;
export type Group = keyof typeof WORDS;

export type FieldKind = "text" | "long" | "number" | "list" | "levels" | "choice" | "flag";
export type Option = readonly [value: string, label: string];
export type Values = Record<string, string>;

export interface Field {
  name: string;
  kind: FieldKind;
  /** Group of words for its values; a value without a word is shown as it is. */
  words?: Group;
  options?: (settings: Settings) => Option[];
}

export interface Row {
  id: string;
  values: Values;
  isRetired: boolean;
}

export interface Section {
  key: string;
  command: SettingCommand;
  /** What names the thing: sent with every change, filled in only for a new one. */
  keys: Field[];
  fields: Field[];
  columns: string[];
  /** A column whose values are offered as a filter. */
  filter: string;
  canAdd: boolean;
  rows: (settings: Settings) => Row[];
}

const PRIORITIES = [1, 2, 3, 4, 5].map((n) => [String(n), `P${n}`] as const);
const same = (names: readonly string[]): Option[] => names.map((name) => [name, name] as const);

/** A value as the form holds it: a text; lists with semicolons, as in the tables of a city. */
export function asText(value: unknown): string {
  if (value === true || value === false) return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(asText).join(";");
  return value === null || value === undefined ? "" : String(value);
}

function rowsOf(
  things: Record<string, unknown>[],
  settings: Settings,
  kind: string,
  keys: readonly string[],
): Row[] {
  return things.map((thing) => {
    const values = Object.fromEntries(Object.entries(thing).map(([k, v]) => [k, asText(v)]));
    const id = keys.map((key) => values[key] ?? "").join("|");
    return { id, values, isRetired: settings.retired.includes(`${kind}:${id}`) };
  });
}

interface Capability {
  skill: string;
  n: number;
  is_wish: boolean;
}

/** A plan with its skills as people type them: `armed:1`. */
function planRows(settings: Settings): Row[] {
  const plans = settings.plans.map((plan) => {
    const all = plan["capabilities"] as Capability[];
    const say = (isWish: boolean): string[] =>
      all.filter((each) => each.is_wish === isWish).map((each) => `${each.skill}:${each.n}`);
    return { ...plan, hard: say(false), wish: say(true) };
  });
  return rowsOf(plans, settings, "plan", ["code"]);
}

const text = (name: string): Field => ({ name, kind: "text" });
const number = (name: string): Field => ({ name, kind: "number" });
const list = (name: string): Field => ({ name, kind: "list" });
/** A list whose parts are ticked. */
const ticks = (name: string, words: Group, options: (settings: Settings) => Option[]): Field => ({
  name,
  kind: "list",
  words,
  options,
});
const choice = (
  name: string,
  options: (settings: Settings) => Option[],
  words?: Group,
): Field => (words ? { name, kind: "choice", options, words } : { name, kind: "choice", options });
const priority = choice("priority", () => [...PRIORITIES]);
const deskOrCity = choice("desk_id", (s) => [["", WORDS.desk("all")], ...s.choices.desks]);
const targetKeys = ["desk_id", "area_class", "priority"] as const;

export const SECTIONS: readonly Section[] = [
  {
    key: "type",
    command: "ChangeIncidentType",
    keys: [text("code")],
    fields: [
      text("name_cn"),
      choice("class_key", (s) => s.choices.classes),
      priority,
      choice("plan", (s) => s.plans.map((p) => [asText(p["code"]), `${asText(p["code"])} ${asText(p["name_cn"])}`])),
      number("min_units"),
      choice("route", (s) => same(s.choices.routes), "route"),
      choice("seat", (s) => same(s.choices.seat_kinds), "seat"),
      list("agencies"),
    ],
    columns: ["code", "name_cn", "class_cn", "priority", "plan", "min_units", "route"],
    filter: "class_cn",
    canAdd: true,
    rows: (s) => rowsOf(s.types, s, "type", ["code"]),
  },
  {
    key: "arrival_target",
    command: "ChangeArrivalTarget",
    keys: [deskOrCity, choice("area_class", (s) => same(s.choices.area_classes), "area"), priority],
    fields: [number("target_s")],
    columns: ["desk_id", "area_class", "priority", "target_s"],
    filter: "area_class",
    canAdd: true,
    rows: (s) => rowsOf(s.arrival_targets, s, "arrival_target", targetKeys),
  },
  {
    key: "first_order_target",
    command: "ChangeFirstOrderTarget",
    keys: [deskOrCity, priority],
    fields: [number("target_s")],
    columns: ["desk_id", "priority", "target_s"],
    filter: "",
    canAdd: true,
    rows: (s) => rowsOf(s.first_order_targets, s, "first_order_target", ["desk_id", "priority"]),
  },
  {
    key: "clock",
    command: "ChangeClock",
    keys: [{ name: "clock", kind: "text", words: "clock" }],
    fields: [{ name: "levels", kind: "levels" }],
    columns: ["clock", "levels", "unit"],
    filter: "",
    canAdd: false,
    rows: (s) => rowsOf(s.clocks, s, "clock", ["clock"]),
  },
  {
    key: "plan",
    command: "ChangeResponsePlan",
    keys: [text("code")],
    fields: [
      text("name_cn"),
      number("at_least"),
      list("hard"),
      list("wish"),
      { name: "tells_leader", kind: "flag" },
    ],
    columns: ["code", "name_cn", "at_least", "hard", "wish", "tells_leader"],
    filter: "",
    canAdd: true,
    rows: planRows,
  },
  {
    key: "unit",
    command: "ChangeUnitProfile",
    keys: [text("unit_id")],
    fields: [
      text("call_sign"),
      choice("kind", (s) => same(s.choices.unit_kinds), "kind"),
      choice("line", (s) => same(s.choices.lines), "line"),
      ticks("skills", "skill", (s) => same(s.choices.skills)),
      choice("home_post_id", (s) => s.choices.posts),
      number("n_officers"),
      number("n_auxiliaries"),
      number("shift_start_hour"),
      number("shift_end_hour"),
      choice("desk_id", (s) => s.choices.desks),
      text("admin_parent"),
      { name: "has_gps", kind: "flag" },
    ],
    columns: ["unit_id", "call_sign", "kind", "line", "skills", "home_post_id", "n_officers", "desk_id"],
    filter: "kind",
    canAdd: true,
    rows: (s) => rowsOf(s.units, s, "unit", ["unit_id"]),
  },
  {
    key: "seat",
    command: "ChangeSeatProfile",
    keys: [text("seat_id")],
    fields: [text("number"), text("extension"), ticks("skills", "seat_skill", (s) => same(s.choices.seat_skills)), deskOrCity],
    columns: ["seat_id", "number", "extension", "skills", "desk_id"],
    filter: "",
    canAdd: true,
    rows: (s) => rowsOf(s.seats, s, "seat", ["seat_id"]),
  },
  {
    key: "template",
    command: "ChangeTemplate",
    keys: [text("template_id")],
    fields: [
      choice("use", () => same(["caller_text", "broadcast", "safety"]), "use"),
      { name: "text_zh", kind: "long" },
      { name: "text_en", kind: "long" },
    ],
    columns: ["template_id", "use", "text_zh"],
    filter: "use",
    canAdd: true,
    rows: (s) => rowsOf(s.templates, s, "template", ["template_id"]),
  },
  {
    key: "policy_rules",
    command: "ChangePolicyRules",
    keys: [],
    fields: [
      number("proof_days"),
      choice("shadow", (s) => [["", WORDS.policy("none")], ...same(s.choices.policies)], "policy"),
    ],
    columns: ["proof_days", "shadow"],
    filter: "",
    canAdd: false,
    rows: (s) => rowsOf(s.policy_rules, s, "policy_rules", []),
  },
];

export const RETIRABLE: ReadonlySet<string> = new Set(["type", "unit", "seat", "template"]);
/** Targets and clocks are there or not; only things with a code of their own are ever new. */
export const WITH_CODE: ReadonlySet<string> = new Set(["type", "plan", "unit", "seat", "template"]);

export interface Form {
  isNew: boolean;
  isRetired: boolean;
  values: Values;
}

/** A form for a new thing: what is chosen from a list begins with its first. */
export function newForm(section: Section, settings: Settings): Form {
  const values: Values = {};
  for (const field of [...section.keys, ...section.fields]) {
    if (field.kind === "choice") values[field.name] = field.options?.(settings)[0]?.[0] ?? "";
    if (field.kind === "flag") values[field.name] = field.name === "has_gps" ? "yes" : "no";
  }
  return { isNew: true, isRetired: false, values };
}

/** The parts of a list. */
export const partsOf = (value: string): string[] => value.split(PARTS).filter(Boolean);

/** A list with one part more, or less, in the order of the options. */
export function ticked(value: string, part: string, isOn: boolean, all: readonly Option[]): string {
  const now = new Set(partsOf(value));
  if (isOn) now.add(part);
  else now.delete(part);
  return all.map(([code]) => code).filter((code) => now.has(code)).join(";");
}

/** The command that a form asks for: its keys, and of its fields those that differ. */
export function commandOf(section: Section, form: Form, was: Row | null): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const key of section.keys) body[key.name] = typed(key, form.values[key.name] ?? "");
  for (const field of section.fields) {
    const now = form.values[field.name] ?? "";
    const isSaid = was ? now !== (was.values[field.name] ?? "") : now.trim() !== "";
    if (isSaid || !WITH_CODE.has(section.key)) body[field.name] = typed(field, now);
  }
  if (WITH_CODE.has(section.key)) body["is_new"] = form.isNew;
  if (RETIRABLE.has(section.key) && form.isRetired !== (was?.isRetired ?? false)) {
    body["is_retired"] = form.isRetired;
  }
  return body;
}

/** Skills of units, in the order of the server's bits. */
const SKILL_CODES = [
  "patrol",
  "traffic",
  "mediation",
  "female_officer",
  "armed",
  "forensics",
  "interpreter",
  "minors",
  "first_aid",
  "inspection",
] as const;
const PARTS = /[;；,，、\s]+/;

function typed(field: Field, value: string): unknown {
  const plain = value.normalize("NFKC").trim();
  const isNumber = field.kind === "number" || field.name === "priority";
  if (isNumber) return plain === "" || Number.isNaN(Number(plain)) ? plain : Number(plain);
  if (field.kind === "flag") return plain === "yes";
  const parts = partsOf(value);
  if (field.kind === "list") return parts.map((part) => skillCode(part, field));
  if (field.kind === "levels") return parts.map((part) => Number(part.normalize("NFKC")) || 0);
  return value.trim();
}

/** A skill may be typed by its name: 持械:1 is armed:1. */
function skillCode(part: string, field: Field): string {
  if (field.name !== "hard" && field.name !== "wish") return part;
  const [name = "", n = "1"] = part.normalize("NFKC").split(/[:×]/);
  const code = SKILL_CODES.find((each) => WORDS.skill(each) === name) ?? name;
  return `${code}:${n}`;
}

/** The row that a change was about, where it is still there. */
export function rowOfChange(rows: readonly Row[], change: SettingChange): Row | null {
  return rows.find((row) => row.id === change.key) ?? null;
}

/** Whether a change added its thing: then there is nothing before it. */
const isAdding = (section: Section, change: SettingChange): boolean =>
  change.changes.some((each) => each.old === "" && section.keys.some((key) => key.name === each.field));

/** Whether a change can be taken back; what was added can only be retired. */
export function canUndo(section: Section, change: SettingChange): boolean {
  return RETIRABLE.has(section.key) || !isAdding(section, change);
}

/** A form that takes a change back: one more change, to what was before. */
export function undoing(section: Section, change: SettingChange, row: Row): Form {
  const values = { ...row.values };
  if (isAdding(section, change)) return { isNew: false, isRetired: true, values };
  let isRetired = row.isRetired;
  for (const { field, old } of change.changes) {
    if (field === "is_retired") isRetired = old === "yes";
    else values[field] = old;
  }
  return { isNew: false, isRetired, values };
}

/** Rows that hold every word of a search, in any of the columns as shown. */
export function findRows(rows: readonly Row[], search: string, shown: (row: Row) => string): Row[] {
  const words = search.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...rows];
  return rows.filter((row) => {
    const all = `${shown(row)} ${Object.values(row.values).join(" ")}`.normalize("NFKC").toLowerCase();
    return words.every((each) => all.includes(each));
  });
}
