/** The commands of the vocabulary that the console sends, with their fields. */

import type { SettingBody, SettingCommand } from "./settingCommands";

import type { FactAnswer } from "./rows";

export type StampSource = "button" | "gps" | "voice";

export interface Party {
  role: "caller" | "victim" | "suspect" | "witness" | "other";
  name?: string;
  identity_number?: string;
  phone?: string;
}

export interface WarningLetter {
  issued: boolean;
  kind?: "domestic_violence" | "admonition" | "parenting" | "other";
  number?: string;
  reason?: string;
}

export interface RoadChange {
  /** Latitude, longitude, along the street. */
  points: [number, number][];
  reason: string;
  by: string;
  minutes: number;
  both_ways: boolean;
}

export interface Commands extends Record<SettingCommand, SettingBody> {
  RegisterCall: { line: string; caller_number?: string; seat_id?: string };
  AnswerCall: { call_id: string; seat_id: string };
  UpdateCall: { call_id: string; caller_name?: string; caller_number?: string };
  HangUpCall: { call_id: string; by?: "caller" | "desk" };
  AttachCall: { call_id: string; incident_id: string };
  OpenIncident: {
    type_code: string;
    call_id?: string;
    source?: string;
    narrative?: string;
    address?: string;
    lat?: number;
    lon?: number;
    priority?: number;
  };
  PlaceIncident: { incident_id: string; lat: number; lon: number; address?: string };
  UpdateIncident: { incident_id: string; type_code?: string; narrative?: string };
  SetPriority: { incident_id: string; priority: number; reason: string; approved_by?: string };
  MergeIncident: { incident_id: string; into_incident_id: string };
  RecommendUnits: { incident_id: string };
  SettleByPhone: { incident_id: string; disposition: string };
  ReviewIncident: { incident_id: string; reviewer_id: string; final_type_code?: string };
  CloseIncident: { incident_id: string; disposition?: string; by?: string };
  NoteItem: { item_id: string; text: string; by: string };
  HandOnItem: { item_id: string; to: { kind: string; owner_id: string }; reason: string; by: string };
  AssignUnit: {
    incident_id: string;
    unit_id: string;
    painted_seq?: number;
    beside?: boolean;
    by?: string;
    approved_by?: string;
  };
  DivertUnit: {
    incident_id: string;
    unit_id: string;
    reason: string;
    approved_by?: string;
    by?: string;
  };
  AcknowledgeWithdrawal: { order_id: string; source?: "button" | "voice" };
  AcknowledgeAmendment: { order_id: string; amendment_no: number; source?: "button" | "voice" };
  ReportSafe: { order_id: string; source?: StampSource };
  EscalateIncident: { incident_id: string; reason: string };
  ReserveUnit: { incident_id: string; unit_id: string };
  ReleaseUnit: { incident_id: string; unit_id: string };
  HandOverIncident: { incident_id: string; to_desk_id: string; reason: string };
  AcceptHandOver: { incident_id: string; by: string };
  RefuseHandOver: { incident_id: string; by: string; reason: string };
  TakeOverIncident: { incident_id: string; by: string; reason: string };
  RequestAgency: { incident_id: string; agency: string; what?: string };
  AcceptAgencyRequest: { request_id: string; by: string };
  RefuseAgencyRequest: { request_id: string; by: string; reason: string };
  ReportAgencyArrival: { request_id: string };
  CallOffAgency: { request_id: string; reason: string };
  TakeUpEmergency: { emergency_id: string; by: string };
  ConfirmVoiceContact: { emergency_id: string; by: string };
  EndEmergency: { emergency_id: string; by: string; reason: string };
  EnterVoiceReport: {
    text: string;
    entered_by: string;
    lat?: number;
    lon?: number;
    uncertainty_m?: number;
  };
  MoveUp: { unit_id: string; post_id: string; reason?: string };
  DeclineMoveUp: { unit_id: string; post_id: string; by: string };
  WithdrawUnit: { order_id: string; reason: string };
  AcknowledgeOrder: { order_id: string; source?: StampSource; device_at_ms?: number };
  ReportEnRoute: { order_id: string; source?: StampSource; device_at_ms?: number };
  ReportArrival: { order_id: string; source?: StampSource; device_at_ms?: number };
  ReportHandled: { order_id: string; source?: StampSource; device_at_ms?: number };
  GiveFeedback: {
    order_id: string;
    incident_id: string;
    disposition: string;
    story?: string;
    parties?: Party[];
    n_caught?: number;
    n_rescued?: number;
    letter?: WarningLetter;
    device_at_ms?: number;
  };
  RequestBackup: {
    incident_id: string;
    order_id?: string;
    n_units?: number;
    skills?: string[];
    reason?: string;
  };
  DeclareEmergency: { unit_id: string; declared_by: string; source?: string };
  HandOverShift: {
    unit_id: string;
    n_officers: number;
    n_auxiliaries?: number;
    handed_by: string;
    taken_by: string;
    notes?: string;
    approved_by?: string;
  };
  ReturnFeedback: { order_id: string; reason: string };
  StartShift: {
    unit_id: string;
    n_officers: number;
    n_auxiliaries?: number;
    status?: string;
    crew_name?: string;
    vehicle?: string;
    skills?: string[];
  };
  EndShift: { unit_id: string };
  SetUnitStatus: { unit_id: string; status: string };
  CloseRoad: RoadChange;
  SlowRoad: RoadChange & { percent: number };
  TakeUpAlarm: { alarm_id: string; by: string };
  OpenRoad: { closure_id: string; by: string; reason?: string };
  Undo: { seq: number };
  ReserveCardNumbers: { n_cards: number; desk_id: string; by: string };
  EnterPaperCard: {
    incident_id: string;
    type_code: string;
    called_at_ms: number;
    ended_at_ms?: number;
    by: string;
    written_by?: string;
    caller_number?: string;
    caller_name?: string;
    narrative?: string;
    address?: string;
    lat?: number;
    lon?: number;
    orders: {
      unit_id: string;
      sent_at_ms: number;
      signed_at_ms: number;
      en_route_at_ms: number;
      arrived_at_ms: number;
      handled_at_ms: number;
      disposition: string;
      story: string;
      letter?: WarningLetter;
    }[];
    settled?: string;
    outage_from_ms?: number;
  };
  TakeOverCall: { call_id: string; seat_id: string; reason?: string };
  HoldCall: { call_id: string };
  ResumeCall: { call_id: string };
  TransferCall: { call_id: string; to_kind: string; to_id: string; reason?: string };
  AcceptTransfer: { call_id: string; by: string };
  RefuseTransfer: { call_id: string; by: string; reason: string };
  AddParty: { call_id: string; kind: string; name: string; number?: string };
  DropParty: { call_id: string; party_no: number };
  SendText: { call_id: string; text: string; kind?: string };
  CallBack: { call_id: string; seat_id: string };
  RecordCallBack: { call_id: string; outcome: string };
  ClearMissedCall: { call_id: string; cleared_by: string; reason: string };
  FlagNeverRing: { call_id: string; reason: string };
  LiftNeverRing: { call_id: string; approved_by: string; reason: string };
  ReportSilence: { call_id: string };
  NoteSilentSign: { call_id: string; sign: string };
  SkipSilentStep: { call_id: string; reason: string };
  LimitCaller: {
    call_id: string;
    approved_by: string;
    reason: string;
    minutes: number;
    is_child?: boolean;
  };
  LiftCallerLimit: { limit_id: string; approved_by: string };
  LogOnSeat: {
    seat_id: string;
    person: string;
    desk_id?: string;
    skills?: string[];
    extension?: string;
    after_call_s?: number | null;
  };
  PauseSeat: { seat_id: string; reason: string };
  ResumeSeat: { seat_id: string };
  LogOffSeat: { seat_id: string };
  HandOverSeat: { seat_id: string; to_person: string; notes?: string };
  AcceptSeat: { seat_id: string; person: string };
  RecordFact: { incident_id: string; fact: string; answer: FactAnswer };
  AddPossiblePlace: { incident_id: string; lat: number; lon: number; address?: string };
  RuleOutPlace: { incident_id: string; place_no: number; reason: string };
  AddNote: { incident_id: string; text: string };
  DismissDuplicate: { incident_id: string; other_incident_id: string; reason: string };
  AddPremiseNote: {
    kind: string;
    text: string;
    lat: number;
    lon: number;
    radius_m: number;
    by: string;
    days: number;
  };
  RepeatEffect: { effect_id: string };
  DismissEffect: { effect_id: string; why: "told_otherwise" | "not_needed" };
  EndPremiseNote: { note_id: string; by: string; reason: string };
  SplitIncident: {
    incident_id: string;
    type_code: string;
    reason: string;
    call_ids?: string[];
    order_ids?: string[];
  };
  LinkIncidents: { incident_id: string; other_incident_id: string; kind?: string; reason?: string };
  UnlinkIncidents: { incident_id: string; other_incident_id: string; reason: string };
  ReopenIncident: { incident_id: string; reason: string };
  ScheduleIncident: { incident_id: string; due_at_ms: number };
  StartScheduled: { incident_id: string };
  SelfInitiate: {
    unit_id: string;
    type_code: string;
    narrative?: string;
    lat?: number;
    lon?: number;
  };
  DeclareMajor: { incident_id: string; reason: string; declared_by: string };
  EndMajor: { incident_id: string; approved_by: string };
  ReportUp: { incident_id: string; target: string; by: string; text?: string };
  ConfirmReport: { incident_id: string; report_no: number; received_by: string };
  NameLogKeeper: { incident_id: string; keeper: string; by: string };
  AddAfterAction: {
    incident_id: string;
    what: string;
    owner: string;
    due_at_ms: number;
    by: string;
  };
  TickAfterAction: { incident_id: string; item_no: number; by: string };
  Broadcast: {
    text: string;
    by: string;
    minutes: number;
    subject?: string;
    audience?: string;
    to?: string[];
    incident_id?: string;
    person?: string;
  };
  ReadBroadcast: { broadcast_id: string; unit_id: string };
  EndBroadcast: { broadcast_id: string; by: string };
  AskApproval: { person: string; what: { type: string } };
  GiveApproval: { approval_id: string; person: string };
  RefuseApproval: { approval_id: string; person: string; reason: string };
  HoldRecord: {
    person: string;
    reason: string;
    until_ms: number;
    incident_ids?: string[];
    call_ids?: string[];
  };
  ReleaseHold: { hold_id: string; person: string; reason: string };
  RequestErasure: {
    person: string;
    ground: string;
    reason: string;
    incident_ids?: string[];
    call_ids?: string[];
  };
  DecideErasure: { erasure_id: string; person: string; approves: boolean; reason?: string };
  NameComplainedOf: { incident_id: string; unit_ids: string[] };
  MarkOverlay: {
    incident_id: string;
    overlay: string;
    by: string;
    lifted?: boolean;
    reason?: string;
  };
  ProposePlan: {
    person: string;
    reason: string;
    plan: unknown;
    plan_hash: string;
    comparison: unknown;
    from_ms?: number;
  };
  UsePolicy: {
    policy: string;
    approved_by: string;
    desk_id?: string;
    ways?: unknown;
    proof?: unknown;
    reason?: string;
  };
  RunShadowPolicy: { policy: string; ways?: unknown; by: string; reason: string };
  PublishPlan: { plan_id: string; person: string; reason?: string };
  RejectPlan: { plan_id: string; person: string; reason: string };
}

export type CommandName = keyof Commands;

export interface Accepted {
  seq: number;
  events: { type: string; [field: string]: unknown }[];
  undo_until_ms: number | null;
}
