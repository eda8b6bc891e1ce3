/** The rows of the server's views, as they arrive: the console folds nothing, it only shows. */

import type { Party, WarningLetter } from "./commands";

export type Millis = number;

export type CallState = "ringing" | "talking" | "ended" | "abandoned";

export interface CallRow {
  call_id: string;
  line: string;
  state: CallState;
  seat_id: string;
  caller_number: string;
  caller_name: string;
  incident_id: string;
  t0_ms: Millis;
  t2_ms: Millis;
  t3_ms: Millis;
  seq: number;
}

export type IncidentState =
  | "registered"
  | "queued"
  | "dispatched"
  | "acknowledged"
  | "en_route"
  | "on_scene"
  | "handled"
  | "fed_back"
  | "reviewed"
  | "closed"
  | "merged";

export type OrderState =
  | "dispatched"
  | "acknowledged"
  | "en_route"
  | "on_scene"
  | "handled"
  | "fed_back"
  | "withdrawn";

export interface OrderRow {
  order_id: string;
  unit_id: string;
  call_sign: string;
  state: OrderState;
  rank: number;
  travel_ms: Millis;
  eta_at_ms: Millis;
  unsigned_level: number;
  t4_ms: Millis;
  t5_ms: Millis;
  t6_ms: Millis;
  t7_ms: Millis;
  t7_source: string | null;
  t8_ms: Millis;
  t9_ms: Millis;
  feedback_overdue: boolean;
  /** Of the last change told, and of the last one signed; what changed. */
  amendment_no?: number;
  amendment_signed_no?: number;
  amended_what?: string;
  /** Stages whose stamp came late from a phone, or from one whose clock was off. */
  device_marks?: Record<string, "late" | "clock_off">;
  photos?: PhotoRow[];
  returned_reason?: string;
  to_mend?: FeedbackRow | null;
}

export interface PhotoRow {
  photo_id: string;
  n_bytes: number;
  at_ms: Millis;
  taken_at_ms: Millis;
  clock_off: boolean;
}

export interface FeedbackRow {
  disposition: string;
  story: string;
  parties: Party[];
  n_caught: number;
  n_rescued: number;
  letter: WarningLetter | null;
}

export interface Reason {
  code: string;
  number: number;
  subject: string;
}

export interface Candidate {
  unit_id: string;
  call_sign: string;
  travel_ms: Millis;
  score_ms: Millis;
  reasons: Reason[];
}

export interface Recommendation {
  seq: number;
  at_ms: Millis;
  policy: string;
  n_wanted: number;
  candidates: Candidate[];
  passed_over: { unit_id: string; code: string }[];
  counts: Record<string, number>;
}

export interface IncidentRow {
  incident_id: string;
  type_code: string;
  type_name: string;
  class_key: string;
  priority: number;
  state: IncidentState;
  narrative: string;
  address: string;
  lat: number;
  lon: number;
  is_placed: boolean;
  area_class: string;
  jurisdiction: string;
  record_class: string;
  source: string;
  plan: string;
  route: string;
  call_ids: string[];
  n_needed: number;
  n_sent: number;
  is_waiting: boolean;
  opened_at_ms: Millis;
  tp_ms: Millis;
  order_target_ms: Millis;
  arrival_target_ms: Millis;
  settled: boolean;
  orders: OrderRow[];
  recommendation: Recommendation | null;
  seq: number;
}

export type UnitState =
  | "standby"
  | "at_post"
  | "patrolling"
  | "returning"
  | "meal"
  | "training"
  | "elsewhere"
  | "assigned"
  | "en_route"
  | "on_scene";

export interface UnitRow {
  unit_id: string;
  call_sign: string;
  kind: string;
  line: string;
  status: string;
  state: UnitState;
  order_id: string;
  incident_id: string;
  n_crew: number;
  skills: string[];
  home_post_id: string;
  seq: number;
  emergency_id?: string;
  crew_name?: string;
  vehicle?: string;
  n_officers?: number;
  n_auxiliaries?: number;
}

export interface CircleRow {
  post_id: string;
  name: string;
  kind: string;
  lat: number;
  lon: number;
  state: "held" | "edge" | "lost";
  n_units: number;
  rings: CircleRing[];
}

export interface CircleRing {
  minutes: number;
  state: "held" | "edge" | "lost";
  n_holding: number;
}

export interface AlarmRow {
  key: string;
  kind: string;
  level: number;
  to: "dispatcher" | "supervisor" | "leader";
  taken_up_by: string;
  call_id: string;
  incident_id: string;
  order_id: string;
  unit_id: string;
  since_ms: Millis;
  text_zh: string;
  text_en: string;
}

/** A stretch of road closed (percent 0) or slowed; all pairs are latitude, longitude. */
export interface ClosureRow {
  closure_id: string;
  points: [number, number][];
  lines: [number, number][][];
  percent: number;
  reason: string;
  by: string;
  until_ms: Millis;
  both_ways: boolean;
  seq: number;
}

export interface Views {
  calls: Record<string, CallRow>;
  incidents: Record<string, IncidentRow>;
  units: Record<string, UnitRow>;
  circles: Record<string, CircleRow>;
  alarms: Record<string, AlarmRow>;
  closures: Record<string, ClosureRow>;
}

export type ViewName = keyof Views;

/** One column per field, one entry per unit: what the 1 Hz stream sends (measured smaller). */
export interface Positions {
  at_ms: Millis;
  unit_ids: string[];
  lat: number[];
  lon: number[];
  heading_deg: number[];
  speed_mps: number[];
  fix_at_ms: Millis[];
}

export interface Board {
  seq: number;
  now_ms: Millis;
  views: Views;
  positions: Positions | null;
}

export interface Change {
  view: string;
  key: string;
  row: unknown;
}

export interface Frame {
  /** From the id of the event, which is finer than the seq inside. */
  cursor: { seq: number; sub: number };
  at_ms: Millis;
  changes: Change[];
}
