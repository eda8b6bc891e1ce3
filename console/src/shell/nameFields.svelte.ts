/** Fields that say who acts or consents, as the log-on has it; fetched after the page. */

import { addWords, t } from "../words/words.svelte";
import { approvalWords } from "../words/zh/approval";
import { me } from "./me.svelte";

addWords(approvalWords);

/** Keep a field to what the log-on says; returns what lets it go. */
export function keep(kind: "acts" | "consents", field: HTMLInputElement): () => void {
  return $effect.root(() => {
    $effect(() => {
      if (!me.person) return;
      fix(field, kind === "acts" ? me.person.display_name : "");
      if (kind === "consents") field.placeholder = t("approval.will_ask");
    });
  });
}

/** Read-only, a field is not asked for by the browser: the server knows better. */
function fix(field: HTMLInputElement, value: string): void {
  field.readOnly = true;
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
