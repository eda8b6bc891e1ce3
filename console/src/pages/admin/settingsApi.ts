/** What the server says of the settings, and of what a change would do. */

import { getJson, postJson, type Viewer } from "../../api/client";
import type { Millis } from "../../api/rows";

export interface FieldChange {
  field: string;
  old: string;
  new: string;
}

export interface SettingChange {
  seq: number;
  at_ms: Millis;
  kind: string;
  key: string;
  changes: FieldChange[];
  by: string;
  reason: string;
}

type Plain = Record<string, unknown>;

export interface Settings {
  types: Plain[];
  plans: Plain[];
  arrival_targets: Plain[];
  first_order_targets: Plain[];
  clocks: Plain[];
  units: Plain[];
  seats: Plain[];
  templates: Plain[];
  policy_rules: Plain[];
  retired: string[];
  changes: SettingChange[];
  choices: {
    classes: [string, string][];
    routes: string[];
    seat_kinds: string[];
    skills: string[];
    seat_skills: string[];
    lines: string[];
    unit_kinds: string[];
    posts: [string, string][];
    desks: [string, string][];
    area_classes: string[];
    policies: string[];
  };
}

export interface Effect {
  code: string;
  n: number;
  text_zh: string;
  text_en: string;
  ids: string[];
}

/** One period of the log; so many of n missed the time, by the old one and by the new. */
export interface PastCount {
  from_ms: Millis;
  to_ms: Millis;
  n: number;
  missed_old: number | null;
  missed_new: number | null;
}

export interface Preview {
  changes: FieldChange[];
  effects: Effect[];
  history: PastCount[];
}

export const readSettings = (viewer: Viewer): Promise<Settings> =>
  getJson<Settings>("/v1/settings", viewer);

export const askPreview = (name: string, body: unknown, viewer: Viewer): Promise<Preview> =>
  postJson<Preview>(`/v1/preview/${name}`, body, viewer);
