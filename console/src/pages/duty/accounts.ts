/** Accounts as the security administrator sees them: nothing that opens one. */

export interface AccountRow {
  name: string;
  display_name: string;
  roles: string[];
  desk_id: string;
  unit_id: string;
  is_disabled: boolean;
  is_locked: boolean;
  has_password: boolean;
  has_second_factor: boolean;
  last_on_at_ms: number;
  n_sessions: number;
}

export interface SessionRow {
  means: string;
  address: string;
  began_at_ms: number;
  seen_at_ms: number;
}

export interface KeyRow {
  key_id: string;
  rights: string[];
  ends_at_ms: number;
}

export type Act = "roles" | "disable" | "enable" | "release" | "link" | "reset_second_factor" | "end_sessions";

/** Roles of persons; the server says which may not be one person's. */
export const ROLES = [
  ...["call_taker", "dispatcher", "commander", "crew", "reviewer", "planner", "wall"],
  ...["dv_officer", "minors_officer", "admin", "security_admin", "audit_admin"],
];
