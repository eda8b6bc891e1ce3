/** What the server refused, in words. */

import { either, t } from "../words/words.svelte";
import { RefusedError, UnknownOutcomeError } from "./client";

/** An error in the words of the desk; anything else is a fault of ours and goes on. */
export function explain(error: unknown): string {
  if (error instanceof RefusedError) {
    const said = either(error.reason_zh, error.reason_en);
    return error.code === "version_conflict" ? t("refused.version", { said }) : said;
  }
  if (error instanceof UnknownOutcomeError) return t("refused.unknown");
  throw error;
}
