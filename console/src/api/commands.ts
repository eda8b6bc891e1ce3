/** The commands of the vocabulary that the console sends, with their fields. */

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

export interface Commands {
  RegisterCall: { line: string; caller_number?: string; seat_id?: string };
  AnswerCall: { call_id: string; seat_id: string };
  UpdateCall: { call_id: string; caller_name?: string; caller_number?: string };
  HangUpCall: { call_id: string };
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
  CloseIncident: { incident_id: string; disposition?: string };
  AssignUnit: { incident_id: string; unit_id: string; painted_seq?: number };
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
  AcknowledgeAmendment: { order_id: string; amendment_no: number };
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
}

export type CommandName = keyof Commands;

export interface Accepted {
  seq: number;
  events: { type: string; [field: string]: unknown }[];
  undo_until_ms: number | null;
}
