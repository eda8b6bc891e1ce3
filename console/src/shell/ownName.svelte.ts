/** Fields that say who acts or consents: behind a log-on nobody types either. */

import { addWords, t } from "../words/words.svelte";
import { approvalWords } from "../words/zh/approval";
import { me } from "./me.svelte";

addWords(approvalWords);

/** Who acts is who is logged on; through an open door the field is typed as ever. */
export function ownName(field: HTMLInputElement): void {
  $effect(() => {
    if (me.person) fix(field, me.person.display_name);
  });
}

/** Who consents says so at its own seat; a supervisor's own act is its own consent. */
export function approver(field: HTMLInputElement): void {
  $effect(() => {
    if (!me.person || me.person.rights.includes("approve")) return;
    fix(field, "");
    field.placeholder = t("approval.will_ask");
  });
}

/** Read-only, a field is not asked for by the browser: the server knows better. */
function fix(field: HTMLInputElement, value: string): void {
  field.readOnly = true;
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
