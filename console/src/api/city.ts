/** What the server says once: the city, its types and targets, places, timelines, city life. */

import type { FeatureCollection, MultiLineString } from "geojson";
import type { FactAnswer, Millis } from "./rows";

export interface IncidentType {
  code: string;
  name_cn: string;
  key: string;
  class_key: string;
  class_cn: string;
  priority: number;
  route: string;
  min_units: number;
  seat: string;
  followups?: string[];
}

export interface Post {
  post_id: string;
  kind: string;
  name: string;
  lat: number;
  lon: number;
}

/** Roads that a circle's post reaches, narrowest ring first; each street once. */
export type Rings = FeatureCollection<
  MultiLineString,
  { post_id: string; ring_min: number; length_m: number }
>;

export interface DeskCard {
  desk_id: string;
  name: string;
  kind: string;
}

export interface Disposition {
  code: string;
  name_cn: string;
  name_en: string;
}

export interface DeskInfo {
  desk_id: string;
  name: string;
}

/** How the desk answers: the last hour, and what its load lets expect (Erlang C). */
export interface PhoneFigures {
  target_ms: Millis;
  target_share: number;
  n_ringing: number;
  n_calls: number;
  n_answered: number;
  n_missed: number;
  in_target_share: number | null;
  mean_wait_ms: Millis | null;
  mean_talk_ms: Millis | null;
  load: number;
  n_seats_on: number;
  n_seats_paused: number;
  expected_in_target_share: number | null;
  expected_mean_wait_ms: Millis | null;
  seats_needed: number | null;
  n_odd_events: number;
  outbox: "off" | "telling" | "troubled";
}

export interface TextTemplate {
  template_id: string;
  use: "caller_text" | "broadcast" | "safety";
  text_zh: string;
  text_en: string;
}

export interface City {
  name: string;
  centre: { lat: number; lon: number };
  bounds: [number, number, number, number];
  time_zone: string;
  attribution: string;
  speed: number;
  now_ms: Millis;
  posts: Post[];
  rings_min: number[];
  types: IncidentType[];
  targets: {
    first_order_ms: Record<string, Millis>;
    sign_ms: Millis;
    feedback_ms: Millis;
  };
  dispositions: Disposition[];
  desks: DeskCard[];
  /** Texts that administrators keep ready. */
  templates?: TextTemplate[];
  districts?: { area_id: string; name: string }[];
  has_basemap: boolean;
  /** Whether simulated people are there to be switched: only in the demo. */
  has_life: boolean;
  /** Whether sealed boards are made that a seat can save. */
  has_boards?: boolean;
}

export interface Place {
  name: string;
  kind: string;
  lat: number;
  lon: number;
  confidence: number;
  /** What is meant lies within this radius, if this place is meant. */
  uncertainty_m?: number;
  address: string;
  /** That a typed position was read in; "" for other places. */
  datum?: string;
}

/** An earlier incident as a fact of the past; distance_m: -1 where no place was asked for. */
export interface PastIncident {
  incident_id: string;
  type_code: string;
  type_name: string;
  priority: number;
  state: string;
  disposition: string;
  opened_at_ms: Millis;
  n_calls: number;
  distance_m: number;
  address: string;
}

/** What a search over incidents and units finds; n_looked: incidents whose addresses were read. */
export interface FoundCases {
  incidents: FoundIncident[];
  units: { unit_id: string; call_sign: string; state: string; incident_id: string }[];
  n_looked: number;
  looked_from_ms: Millis;
  /** Over, and looked for without a purpose: counted only. */
  n_withheld: number;
}

export interface FoundIncident {
  incident_id: string;
  type_code: string;
  type_name: string;
  priority: number;
  state: string;
  is_open: boolean;
  is_restricted: boolean;
  opened_at_ms: Millis;
  closed_at_ms: Millis;
  merged_into: string;
  disposition: string;
  n_calls: number;
  n_orders: number;
  address: string;
}

/** What was before, newest first; restricted records are counted only. */
export interface Past {
  days: number;
  n_calls: number;
  n_incidents: number;
  n_restricted: number;
  incidents: PastIncident[];
}

export interface TypeSuggestion {
  code: string;
  name_cn: string;
  priority: number;
  why: string;
  /** Runs of characters like those of other calls, where no phrase speaks for it. */
  runs: string[];
}

/** What a caller's words point to; a why of "" means: by an answer, or by the type. */
export interface Suggested {
  types: TypeSuggestion[];
  facts: { fact: string; answer: FactAnswer; why: string }[];
  priority: { priority: number; fact: string; why: string } | null;
  seats: { seat: string; why: string }[];
}

/** A question of the script: a fact to answer, or a line to begin in the story. */
export interface ScriptLine {
  fact: string;
  ask_zh: string;
  ask_en: string;
  note_zh: string;
  note_en: string;
  to_priority: number;
  to_type: string;
}

export interface Script {
  questions: ScriptLine[];
  advice: { text_zh: string; text_en: string }[];
}

export type LinkName = "warn" | "intake" | "dispatch" | "respond" | "handle" | "review";

export interface TimelineEntry {
  seq: number;
  at_ms: Millis;
  link: LinkName;
  actor: string;
  type: string;
  text_zh: string;
  text_en: string;
}

export const LIFE_ROLES = ["callers", "call_taking", "dispatch", "crews", "review", "seats"] as const;
export type LifeRole = (typeof LIFE_ROLES)[number];

export interface Life {
  speed: number;
  roles: Record<LifeRole, boolean>;
  units_human: string[];
}
