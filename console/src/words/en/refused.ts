/** English of `zh/refused.ts`. */

import type { refusedWords as zh } from "../zh/refused";

export const refusedWords: Record<keyof typeof zh, string> = {
  "refused.version": "{said} — look again before you repeat it.",
  "refused.unknown": "No answer from the server: it is unknown whether this was done. Do not send another unit; watch the timeline.",
};
