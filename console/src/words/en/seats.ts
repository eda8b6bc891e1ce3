/** English of `zh/seats.ts`. */

import type { seatsWords as zh } from "../zh/seats";

export const seatsWords: Record<keyof typeof zh, string> = {
  "incident.none": "Select an incident with ↑↓ or the mouse",
  "incident.gone": "{incident} is no longer open (closed or merged)",
  "incident.waited": "Waited {n}",
  "incident.limit": "target {n}",
  "incident.unplaced": "No place yet, so no unit can be ranked; the call-taker has to complete it.",

  "refused.version": "{said} — look again before you repeat it.",
  "refused.sent_by": "{by} was quicker: {unit} → {incident}; nothing was sent from here, look again.",
  "refused.unknown": "No answer from the server: it is unknown whether this was done. Do not send another unit; watch the timeline.",

  "line.110": "110",
  "line.122": "122",
  "line.119": "from 119",
  "line.12110": "text message",
  "line.12345": "from 12345",
  "line.web": "web",
  "line.one_key": "one-key alarm",
  "line.iot": "device",
  "line.walk_in": "walk-in",
  "line.patrol_found": "found by patrol",
  "line.other_desk": "other desk",

  "call.ringing": "ringing",
  "call.talking": "talking",
  "call.ended": "ended",
  "call.abandoned": "missed",
};
