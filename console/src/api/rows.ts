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
  /** Where the caller is, within uncertainty_m; -1 where nobody has located them. */
  lat: number;
  lon: number;
  uncertainty_m: number;
  location_source: LocationSource | null;
  /** Of the line itself; an older server leaves them out. */
  offered_seat_id?: string;
  on_hold?: boolean;
  parties?: PartyRow[];
  transfer_kind?: TransferKind | null;
  transfer_id?: string;
  transfer_at_ms?: Millis;
  handed_to?: string;
  silent_step?: string;
  to_call_back?: boolean;
  n_call_backs?: number;
  call_back_seat_id?: string;
  never_ring?: boolean;
  never_ring_reason?: string;
  is_limited?: boolean;
  limit_id?: string;
  limit_until_ms?: Millis;
  texts?: TextLine[];
  recordings?: { started_at_ms: Millis; duration_ms: Millis }[];
  cleared_by?: string;
}

export type TransferKind = "seat" | "desk" | "agency";

export interface PartyRow {
  party_no: number;
  kind: string;
  name: string;
  left: boolean;
}

/** text_no 0: the caller wrote it. */
export interface TextLine {
  text_no: number;
  kind: string;
  text: string;
  at_ms: Millis;
  outcome: string | null;
}

export type SeatState = "idle" | "ringing" | "talking" | "after_call" | "paused";

export interface SeatRow {
  seat_id: string;
  person: string;
  desk_id: string;
  skills: string[];
  extension: string;
  state: SeatState;
  since_ms: Millis;
  call_ids: string[];
  seq: number;
  offered_call_id: string;
  pause_reason: string;
  to_person: string;
  handed_call_ids: string[];
  hand_over_notes: string;
  after_call_s: number;
  ready_at_ms: Millis;
}

export type LocationSource = "handset" | "cell" | "text_link" | "line" | "said";

export type IncidentState =
  | "scheduled"
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
  beside: boolean;
  amendment_no: number;
  amendment_signed_no: number;
  amended_at_ms: Millis;
  diverted_from: string;
  /** The seat that sent it; "" where nobody said so. */
  sent_by: string;
  withdrawn_at_ms: Millis;
  withdrawn_reason: string;
  /** It is void, and the crew that had read it has not signed that. */
  withdrawal_unsigned: boolean;
  /** What the last change is about. */
  amended_what?: string;
  /** Stages whose stamp came late from a phone, or from one whose clock was off. */
  device_marks?: Record<string, "late" | "clock_off" | "paper">;
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
  n_reads?: number;
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
  /** What no free unit can bring: skills, and under "" units of any kind. */
  short: Record<string, number>;
  /** Units that go together. */
  team: string[];
  diversions: Candidate[];
}

export type AgencyState = "told" | "accepted" | "refused" | "arrived" | "called_off";

export interface AgencyRequest {
  request_id: string;
  agency: string;
  state: AgencyState;
  what: string;
  by: string;
  reason: string;
  told_at_ms: Millis;
  replied_at_ms: Millis;
  arrived_at_ms: Millis;
}

/** A skill that the plan or back-up asks for. */
export interface Asked {
  skill: string;
  n: number;
  n_sent: number;
  is_wish: boolean;
}

/** One of several places it may be at; reason: why it was ruled out. */
export interface PossiblePlaceRow {
  place_no: number;
  lat: number;
  lon: number;
  address: string;
  ruled_out: boolean;
  reason: string;
}

/** A danger of the place where an incident is. */
export interface PremiseRow {
  note_id: string;
  kind: string;
  text: string;
  distance_m: number;
  expires_at_ms: Millis;
}

/** A danger of a place, wherever an incident may be. */
export interface PremiseNoteRow {
  note_id: string;
  kind: string;
  text: string;
  lat: number;
  lon: number;
  radius_m: number;
  by: string;
  added_at_ms: Millis;
  expires_at_ms: Millis;
  seq: number;
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
  /** When and by whom it was typed in from a paper card, 0 where it came in live. */
  entered_at_ms?: Millis;
  entered_by?: string;
  desk_id: string;
  /** The desk that it is offered to, "" for none; since `offered_at_ms`. */
  to_desk_id: string;
  offered_at_ms: Millis;
  level: number;
  n_backup: number;
  reserved_unit_ids: string[];
  short: Record<string, number>;
  requests: AgencyRequest[];
  asked: Asked[];
  facts: Record<string, FactAnswer>;
  places: PossiblePlaceRow[];
  duplicate_ids: string[];
  premises: PremiseRow[];
  is_major?: boolean;
  linked_ids?: string[];
  split_from?: string;
  /** When it is due; 0 for one that is not scheduled. */
  scheduled_at_ms?: Millis;
  notes?: NoteRow[];
  /** Units that a complaint is about; those never see the row. */
  complained_of?: string[];
  /** What it is besides its type, as a case that concerns a firm. */
  overlays?: string[];
  /** Shown without personal data: it can be opened with a purpose. */
  is_masked?: boolean;
}

export interface NoteRow {
  note_no: number;
  text: string;
  at_ms: Millis;
  struck: string;
  correction: string;
}

export type FactAnswer = "yes" | "no" | "unknown";

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
  crew_name?: string;
  vehicle?: string;
  n_officers?: number;
  n_auxiliaries?: number;
  emergency_id: string;
  desk_id: string;
  admin_parent: string;
  post_id: string;
  reserved_incident_ids: string[];
  beside_order_ids: string[];
  unsigned_withdrawal_ids: string[];
  /** Since when it is in this state. */
  since_ms?: Millis;
  position_source?: "gps" | "voice" | "post" | null;
  uncertainty_m?: number;
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

/** Incident numbers set aside for paper cards; used: those typed in. */
export interface CardBlockRow {
  block_id: string;
  desk_id: string;
  first_no: number;
  n_cards: number;
  by: string;
  reserved_at_ms: Millis;
  used: number[];
  seq: number;
}

/** An officer in danger, until a second person has ended it. */
export interface EmergencyRow {
  emergency_id: string;
  unit_id: string;
  call_sign: string;
  incident_id: string;
  declared_by: string;
  state: "declared" | "taken_up" | "in_contact" | "ended";
  declared_at_ms: Millis;
  taken_up_by: string;
  contact_by: string;
  seq: number;
}

/** A move that would fill an empty circle, as long as it would. */
export interface MoveUpRow {
  unit_id: string;
  call_sign: string;
  post_id: string;
  post_name: string;
  travel_ms: Millis;
  n_lost_before: number;
  n_lost_after: number;
  reasons: Reason[];
  at_ms: Millis;
  seq: number;
}

export interface UpReport {
  report_no: number;
  target: string;
  by: string;
  text: string;
  at_ms: Millis;
  received_by: string;
  received_at_ms: Millis;
}

export interface AfterAction {
  item_no: number;
  what: string;
  owner: string;
  due_at_ms: Millis;
  by: string;
  done_by: string;
  done_at_ms: Millis;
}

/** A major incident and its papers; is_over: closed, with items still owed. */
export interface MajorRow {
  incident_id: string;
  type_name: string;
  is_major: boolean;
  is_over: boolean;
  reason: string;
  declared_by: string;
  declared_at_ms: Millis;
  ended_by: string;
  ended_at_ms: Millis;
  keeper: string;
  keeper_at_ms: Millis;
  reports: UpReport[];
  items: AfterAction[];
  seq: number;
}

/** A message to many units while it holds; read_at_ms: when each that has read it did. */
export interface BroadcastRow {
  broadcast_id: string;
  text: string;
  by: string;
  subject: "notice" | "vehicle" | "place" | "person";
  audience: "all" | "line" | "desk" | "district" | "units";
  to: string[];
  incident_id: string;
  person: string;
  unit_ids: string[];
  read_at_ms: Record<string, Millis>;
  at_ms: Millis;
  expires_at_ms: Millis;
  seq: number;
}

/** What somebody owes, as long as it is open; late: the rung of its ladder that was told. */
export interface ItemRow {
  item_id: string;
  seat_id: string;
  kind: string;
  title_zh: string;
  title_en: string;
  stage: string;
  owner_kind: "seat" | "desk" | "unit" | "person";
  owner_id: string;
  incident_id: string;
  subject_id: string;
  desk_id: string;
  holds: boolean;
  opened_at_ms: Millis;
  stage_at_ms: Millis;
  due_at_ms: Millis;
  late: number;
  n_postponed: number;
  n_notes: number;
  seq: number;
}

/** Something that could not be told to the telephones or to another service; a person decides. */
export interface LetterRow {
  effect_id: string;
  channel: string;
  channel_zh: string;
  what: string;
  why: "silent" | "refused" | "late" | "gone";
  n_attempts: number;
  status: number;
  call_id: string;
  incident_id: string;
  request_id: string;
  at_ms: Millis;
  state: "waiting" | "repeated";
  seq: number;
}

/** A command that waits for a supervisor's consent, or has had its answer. */
export interface ApprovalRow {
  approval_id: string;
  person: string;
  command: string;
  incident_id: string;
  call_id: string;
  unit_id: string;
  priority: number;
  reason: string;
  state: "waiting" | "given" | "refused" | "not_done";
  decided_by: string;
  answer: string;
  not_done_zh: string;
  not_done_en: string;
  asked_at_ms: Millis;
  until_ms: Millis;
  /** Of a special seat's own command: what it is called there, and who may consent; else empty. */
  seat_id: string;
  title_zh: string;
  title_en: string;
  right: string;
  readers: string[];
  seq: number;
}

/** Somebody sees beyond its rights; in sight until an administrator has looked at it. */
export interface GlassRow {
  glass_id: string;
  person: string;
  reason: string;
  desk_id: string;
  at_ms: Millis;
  until_ms: Millis;
  seq: number;
}

export interface Views {
  calls: Record<string, CallRow>;
  incidents: Record<string, IncidentRow>;
  units: Record<string, UnitRow>;
  circles: Record<string, CircleRow>;
  alarms: Record<string, AlarmRow>;
  closures: Record<string, ClosureRow>;
  cards: Record<string, CardBlockRow>;
  emergencies: Record<string, EmergencyRow>;
  move_ups: Record<string, MoveUpRow>;
  seats: Record<string, SeatRow>;
  premises: Record<string, PremiseNoteRow>;
  majors: Record<string, MajorRow>;
  broadcasts: Record<string, BroadcastRow>;
  items: Record<string, ItemRow>;
  letters: Record<string, LetterRow>;
  approvals: Record<string, ApprovalRow>;
  glass: Record<string, GlassRow>;
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
