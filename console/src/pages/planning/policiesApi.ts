/** What the server says of policies: which hold, comparisons with them, what a policy goes live on. */

import { getJson, postJson, type Viewer } from "../../api/client";
import type { Millis } from "../../api/rows";
import type { Job } from "./planningApi";

export interface Ways {
  move_up: string;
  turns: boolean;
  kept: number;
  per_unit: number;
  per_shift: number;
}

export interface PolicyAsk {
  policy: string;
  ways: Ways;
  desk_id: string;
  n_days: number;
}

export interface ProofFigure {
  key: string;
  unit: string;
  old: number;
  new: number;
  difference: number;
  low: number;
  high: number;
  verdict: "better" | "worse" | "unsure";
}

export interface PolicyProof {
  trial_id: string;
  policy: string;
  present: string;
  desk_id: string;
  made_at_ms: Millis;
  n_days: number;
  figures: ProofFigure[];
  said_zh: string;
  said_en: string;
}

export interface PolicyTrial {
  trial_id: string;
  policy: string;
  present: string;
  ask: PolicyAsk;
  asked_at_ms: Millis;
  job: Job | null;
  proof: PolicyProof | null;
}

export interface PolicyNow {
  desk_id: string;
  name: string;
  text: string;
}

export interface ShadowRow {
  priority: number;
  n: number;
  n_same: number;
  share: number;
  low: number;
  high: number;
  difference_s: number;
  difference_low_s: number | null;
  difference_high_s: number | null;
}

export interface ShadowFigures {
  shadow: string;
  since_ms: Millis;
  n_passed: number;
  recommended: ShadowRow[];
  sent: ShadowRow[];
  chosen: ShadowRow[];
}

export interface Policies {
  now_ms: Millis;
  in_force: PolicyNow[];
  policies: string[];
  move_ups: string[];
  rules: { proof_days: number; shadow: string };
  trials: PolicyTrial[];
  shadow: ShadowFigures;
}

export const readPolicies = (viewer: Viewer): Promise<Policies> => getJson("/v1/policies", viewer);
export const askPolicy = (ask: PolicyAsk, viewer: Viewer): Promise<{ trial_id: string }> =>
  postJson("/v1/policies", ask, viewer);
export const stopPolicy = (id: string, viewer: Viewer): Promise<unknown> =>
  postJson(`/v1/policies/${id}/stop`, {}, viewer);
