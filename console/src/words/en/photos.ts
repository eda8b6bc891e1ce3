/** English of `zh/photos.ts`. */

import type { photoWords as zh } from "../zh/photos";

export const photoWords: Record<keyof typeof zh, string> = {
  "photo.title": "Photos from the scene",
  "photo.purpose": "What for (goes into the log)",
  "photo.usual": "check the scene、judge back-up、check the feedback、brief the units",
  "photo.no_purpose": "Say what for first: every look goes into the log.",
  "photo.open": "Look",
  "photo.taken": "taken {at}",
  "photo.arrived": "uploaded {at} (the phone's clock was off)",
  "photo.seen": "seen at this seat",
  "photo.loading": "Fetching…",
  "photo.logged": "This look is in the log, purpose: {purpose}",
  "photo.alt": "Photo of the scene by {unit}, {order}",
  "photo.before": "Previous",
  "photo.next": "Next",
};
