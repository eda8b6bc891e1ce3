/** What the server says of scenarios, runs, comparisons, plans and promises. */

import { getJson, postJson, type Viewer } from "../../api/client";
import type { Millis } from "../../api/rows";

export interface SitePost {
  site_id: string;
  kind: string;
  name: string;
  lat: number;
  lon: number;
}

export interface Draft {
  name: string;
  author: string;
  model: string;
  n_posts: number;
  reach_s: number;
  seconds: number;
  n_candidates: number;
  seed: number;
  drawn: SitePost[];
  locked: string[];
  forbidden: string[];
  note: string;
  parameters: Record<string, number>;
}

export interface Job {
  kind: "solve" | "twin";
  state: "queued" | "running" | "done" | "stopped" | "failed" | "unfinished";
  done: number;
  of: number;
  said_zh: string;
  said_en: string;
}

export interface ModelOffer {
  model: string;
  title_zh: string;
  title_en: string;
  asks: string[];
  uses_reach: boolean;
  uses_n_posts: boolean;
}

export interface ScenarioLine {
  scenario_id: string;
  name: string;
  model: string;
  author: string;
  n_posts: number;
  mean_s: number | null;
  n_days: number;
  job: Job | null;
  fault_zh: string;
  fault_en: string;
}

export interface RingShare {
  ring_min: number;
  share: number;
}

export interface SolvedSite extends SitePost {
  is_new: boolean;
  is_locked: boolean;
  marginal: number;
  per_day: number;
  rings: RingShare[];
  n_units: number;
}

export interface Solution {
  value: number;
  bound: number;
  gap: number;
  is_proven: boolean;
  mean_s: number;
  p90_s: number;
  unreached: number;
  left_out: number;
  rings: RingShare[];
  sites: SolvedSite[];
  given_up: string[];
}

export interface ScenarioFull {
  scenario_id: string;
  scenario: { draft: Draft; posts: SitePost[] };
  solution: Solution | null;
  job: Job | null;
  n_days: number;
}

export interface Comparison {
  comparison_hash: string;
  baseline: string;
  n_pairs: number;
  said_zh: string;
  said_en: string;
}

export interface PlanRow {
  plan_id: string;
  state: "proposed" | "published" | "used" | "replaced" | "rejected";
  person: string;
  reason: string;
  agreed_by: string;
  from_ms: Millis;
  used_at_ms: Millis;
  plan: { name: string; posts: SitePost[] };
  comparison: Comparison;
}

export interface Overview {
  now_ms: Millis;
  in_use: string;
  plans: PlanRow[];
  scenarios: ScenarioLine[];
  models: ModelOffer[];
  posts: SitePost[];
}

export interface Paired {
  key: string;
  unit: string;
  old: number;
  new: number;
  difference: number;
  low: number;
  high: number;
  n: number;
  n_days: number;
  verdict?: "better" | "worse" | "unsure";
}

export interface Compared {
  n_days: number;
  /** Side of a square, in degrees both ways. */
  cell_deg: number;
  metrics: Paired[];
  ecdf: Paired[];
  cells: { cell: number; lat: number; lon: number; p50: Paired; p90: Paired }[];
  hours: { hour: number; mean: Paired }[];
  units: { unit_id: string; busy_h: Paired; orders: Paired }[];
  comparison: Comparison;
}

/** What some posts reach by road, and the squares that calls come from. */
export interface RingMap {
  cell_m: number;
  bands: { ring_min: number; length_m: number; share: number; per_week: number; lines: [number, number][][] }[];
  squares: { lat: number; lon: number; per_week: number; ring_min: number | null }[];
  left_out: number;
}

export interface Kept {
  post_id: string;
  name: string;
  ring_min: number;
  promised: number;
  n: number;
  n_kept: number;
  share: number | null;
  low: number | null;
  high: number | null;
  simulated: number | null;
  n_simulated: number;
}

export interface Waits {
  n: number;
  p50_s: number | null;
  p90_s: number | null;
}

export interface Ledger {
  plan_id: string;
  plan_name: string;
  from_ms: Millis;
  circles: Kept[];
  days: { day: string; rows: Kept[]; unit: Waits; caller: Waits }[];
}

export const readPlans = (viewer: Viewer): Promise<Overview> => getJson("/v1/plans", viewer);
export const readLedger = (viewer: Viewer): Promise<Ledger | null> =>
  getJson("/v1/plans/ledger", viewer);
export const readScenario = (id: string, viewer: Viewer): Promise<ScenarioFull> =>
  getJson(`/v1/scenarios/${id}`, viewer);
export const drawScenario = (draft: Draft, viewer: Viewer): Promise<{ scenario_id: string }> =>
  postJson("/v1/scenarios", draft, viewer);
export const actOn = (id: string, act: string, body: unknown, viewer: Viewer): Promise<unknown> =>
  postJson(`/v1/scenarios/${id}/${act}`, body, viewer);
export const readComparison = (id: string, other: string, viewer: Viewer): Promise<Compared> =>
  getJson(`/v1/scenarios/${id}/comparison?with=${other}`, viewer);
export const readProposal = (
  id: string,
  other: string,
  viewer: Viewer,
): Promise<{ plan: unknown; plan_hash: string; comparison: Comparison }> =>
  getJson(`/v1/scenarios/${id}/proposal?with=${other}`, viewer);
