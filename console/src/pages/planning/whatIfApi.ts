/** What the server says of what another policy, or another unit, would have brought. */

import { getJson, postJson, type Viewer } from "../../api/client";
import type { Job } from "./planningApi";
import type { Ways } from "./policiesApi";

export interface WhatIfAsk {
  at: string;
  policy: string;
  ways: Ways;
  incident_id: string;
  unit_id: string;
  minutes: number;
  n_runs: number;
}

export interface WhatIfFigure {
  key: string;
  unit: "s" | "share" | "n" | "min";
  n: number;
  base: number;
  other: number;
  difference: number;
  low: number;
  high: number;
  verdict: "better" | "worse" | "unsure" | "same";
}

export interface WhatIfAnswer {
  ask: WhatIfAsk;
  at: string;
  present: string;
  policy: string;
  sent: string[];
  n_runs: number;
  minutes: number;
  figures: WhatIfFigure[];
  said_zh: string;
  said_en: string;
}

export interface WhatIf {
  job: Job | null;
  answer: WhatIfAnswer | null;
  begins_at: string;
}

const PATH = "/v1/what-if";
export const readWhatIf = (viewer: Viewer): Promise<WhatIf> => getJson(PATH, viewer);
export const askWhatIf = (ask: WhatIfAsk, viewer: Viewer): Promise<unknown> => postJson(PATH, ask, viewer);
export const stopWhatIf = (viewer: Viewer): Promise<unknown> => postJson(`${PATH}/stop`, {}, viewer);
