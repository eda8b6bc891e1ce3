/** Special seats over the wire: what a seat says of itself, and what it keeps. */

import type { ItemRow, Millis } from "./rows";

export type Words = [zh: string, en: string];

export interface Choice {
  code: string;
  zh: string;
  en: string;
}

export type FieldKind =
  | "text"
  | "long_text"
  | "choice"
  | "choices"
  | "yes_no"
  | "number"
  | "yuan"
  | "minutes"
  | "date"
  | "instant"
  | "phone"
  | "person"
  | "unit"
  | "incident"
  | "item"
  | "lat"
  | "lon"
  | "id"
  | "day"
  | "clock"
  | "rows";

export interface FormField {
  name: string;
  zh: string;
  en: string;
  kind: FieldKind;
  choices: Choice[];
  required: boolean;
  help: Words;
  /** Of a list: the fields of each row; one without a name is a list of plain values. */
  rows: FormField[];
  most: number;
  /** The field of the chosen row that the form begins with. */
  begins: string;
}

/** What a field has unless it says otherwise. */
export const PLAIN: Omit<FormField, "name" | "zh" | "en" | "kind"> = {
  choices: [],
  required: true,
  help: ["", ""],
  rows: [],
  most: 0,
  begins: "",
};

export interface SeatAction {
  command: string;
  zh: string;
  en: string;
  on: "seat" | "item" | "subject" | "row" | "incident";
  fills: string;
  key: string;
  kinds: string[];
  stages: string[];
  table: string;
  fields: FormField[];
  by: string;
  sure: boolean;
}

export interface Column {
  name: string;
  zh: string;
  en: string;
  kind: "text" | "code" | "number" | "yuan" | "share" | "instant" | "due" | "incident" | "owner";
  choices: Choice[];
}

export interface SeatTable {
  name: string;
  zh: string;
  en: string;
  columns: Column[];
}

export interface Figure {
  name: string;
  zh: string;
  en: string;
  kind: "count" | "share" | "yuan";
  of: string;
  over: string;
  interval: boolean;
}

export interface ItemKind {
  seat_id: string;
  kind: string;
  title_zh: string;
  title_en: string;
  words: Record<string, Words>;
  outcomes: Record<string, Words>;
}

export interface SeatDeclaration {
  title_zh: string;
  title_en: string;
  about: Words;
  readers: string[];
  kinds: ItemKind[];
  actions: SeatAction[];
  tables: SeatTable[];
  figures: Figure[];
  consents: SeatConsent[];
  codes: Choice[];
}

/** A paper in the list of the archive: its facts, without any personal text. */
export interface ArchiveLine {
  table: string;
  paper_id: string;
  incident_id: string;
  archived_at_ms: Millis;
  paper: Record<string, unknown>;
}

export interface ArchiveFound {
  from_day: string;
  to_day: string;
  lines: ArchiveLine[];
  n_looked: number;
  /** Not opened for this purpose: counted only. */
  n_withheld: number;
  is_cut: boolean;
}

export interface ArchivedPaper {
  table: string;
  paper_id: string;
  incident_id: string;
  paper: Record<string, unknown>;
  is_masked: boolean;
}

/** What another reader of the seat consents to; code: of the refusal that asks for it. */
export interface SeatConsent {
  command: string;
  code: string;
}

export interface SeatListed {
  seat_id: string;
  /** The one of the viewer's roles to open it in. */
  role: string;
  declaration: SeatDeclaration;
  n_open: number;
  n_late: number;
}

export type TableRow = Record<string, unknown> & { row_id: string; incident_id: string; is_masked: boolean };

export interface TableSeen {
  name: string;
  rows: TableRow[];
  skip: number;
  n_rows: number;
  is_capped: boolean;
}

export interface FigureSeen {
  name: string;
  kind: "count" | "share" | "yuan";
  numerator: number;
  denominator: number | null;
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface SeatSeen {
  seat_id: string;
  role: string;
  declaration: SeatDeclaration;
  commands: string[];
  items: ItemRow[];
  n_items: number;
  tables: TableSeen[];
  figures: FigureSeen[];
  from_day: string;
  to_day: string;
  now_ms: Millis;
}
