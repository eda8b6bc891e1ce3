/** Why something was not done, in the words of whoever refused it. */

import { RefusedError } from "../api/client";
import { either, t } from "../words/words.svelte";

export function why(error: unknown): string {
  if (error instanceof RefusedError) return either(error.reason_zh, error.reason_en);
  return t("app.no_answer");
}
