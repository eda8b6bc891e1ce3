/** English of `zh/crewApproval.ts`. */

import type { crewApprovalWords as zh } from "../zh/crewApproval";

export const crewApprovalWords: Record<keyof typeof zh, string> = {
  "crew_asked.HandOverShift": "Relief on scene",
  "crew_approval.waiting": "waiting for a supervisor",
  "crew_approval.given": "{who} has consented",
  "crew_approval.refused": "{who} did not consent: {why}",
  "crew_approval.not_done": "{who} consented, but it could not be done: {why}",
};
