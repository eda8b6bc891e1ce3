/** Where the caller is, as the form treats it: a candidate only once a person has said so. */

import type { CallRow } from "../../api/rows";
import type { Draft } from "./draft";

/** Which position an answer was given for: one that has moved is asked about anew. */
export function spotOf(call: CallRow | null): string {
  if (!call || call.uncertainty_m < 0) return "";
  return `${call.lat},${call.lon},${call.uncertainty_m}`;
}

/** Whether the caller is at the scene, as far as it was said of where they are now. */
export function sceneAnswer(draft: Draft, call: CallRow | null): "" | "yes" | "no" {
  return draft.atSceneOf === spotOf(call) ? draft.atScene : "";
}
