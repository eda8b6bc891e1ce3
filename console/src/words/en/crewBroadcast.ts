/** English of `zh/crewBroadcast.ts`. */

import type { crewBroadcastWords as zh } from "../zh/crewBroadcast";

export const crewBroadcastWords: Record<keyof typeof zh, string> = {
  "crew_broadcast.title": "Broadcasts",
  "crew_broadcast.read": "Read",
  "crew_broadcast.was_read": "read",
  "crew_subject.notice": "Notice",
  "crew_subject.vehicle": "Vehicle",
  "crew_subject.place": "Place",
  "crew_subject.person": "Person",
};
