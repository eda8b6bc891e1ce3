/** English of `zh/incident.ts`. */

import type { incidentWords as zh } from "../zh/incident";

export const incidentWords: Record<keyof typeof zh, string> = {
  "incident.none": "Select an incident with ↑↓ or the mouse",
  "incident.gone": "{incident} is no longer open (closed or merged)",
  "incident.waited": "Waited {n}",
  "incident.limit": "target {n}",
  "incident.unplaced": "No place yet, so no unit can be ranked; the call-taker has to complete it.",

  "refused.sent_by": "{by} was quicker: {unit} → {incident}; nothing was sent from here, look again.",

  "call_line.110": "110",
  "call_line.122": "122",
  "call_line.119": "from 119",
  "call_line.12110": "text message",
  "call_line.12345": "from 12345",
  "call_line.web": "web",
  "call_line.one_key": "one-key alarm",
  "call_line.iot": "device",
  "call_line.walk_in": "walk-in",
  "call_line.patrol_found": "found by patrol",
  "call_line.other_desk": "other desk",

  "call.ringing": "ringing",
  "call.talking": "talking",
  "call.ended": "ended",
  "call.abandoned": "missed",
};
