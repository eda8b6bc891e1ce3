/** What the server says of the hour ahead. */

import { getJson, postJson, type Viewer } from "../../api/client";
import type { Job } from "./planningApi";

export interface Mean {
  n: number;
  mean: number | null;
  low: number | null;
  high: number | null;
}

export interface CircleAhead {
  post_id: string;
  name: string;
  lost_share: number;
  low: number;
  high: number;
  lost_min: number;
}

export interface AheadFigures {
  at: string;
  minutes: number;
  n_replications: number;
  calls: Mean;
  incidents: Mean;
  p50_s: Mean;
  p90_s: Mean;
  late_share: Mean;
  unreached: Mean;
  lost_min: Mean;
  circles: CircleAhead[];
}

export interface Ahead {
  job: Job | null;
  figures: AheadFigures | null;
}

export const readAhead = (viewer: Viewer): Promise<Ahead> => getJson("/v1/ahead", viewer);
export const stopAhead = (viewer: Viewer): Promise<unknown> => postJson("/v1/ahead/stop", {}, viewer);
export const askAhead = (viewer: Viewer): Promise<unknown> => postJson("/v1/ahead", {}, viewer);
