/** Names of people as a page says them. */

import { t } from "./words.svelte";

/** Who plays in a demo has an id instead of a name. */
export function personName(said: string): string {
  return said.replace(/\bsim:[\w:.-]+/g, t("app.simulated"));
}
