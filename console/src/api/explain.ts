/** What the server refused, in words. */

import { addWords, either, t } from "../words/words.svelte";
import { refusedWords } from "../words/zh/refused";
import { RefusedError, UnknownOutcomeError } from "./client";

addWords(refusedWords);

/** An error in the words of the desk; anything else is a fault of ours and goes on. */
export function explain(error: unknown): string {
  if (error instanceof RefusedError) {
    const said = either(error.reason_zh, error.reason_en);
    return error.code === "version_conflict" ? t("refused.version", { said }) : said;
  }
  if (error instanceof UnknownOutcomeError) return t("refused.unknown");
  throw error;
}
