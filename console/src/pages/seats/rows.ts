/** Lists in a seat's form: where a fault is, in words, and which rows there are. */

import type { FormField } from "../../api/seats";
import { either, t } from "../../words/words.svelte";
import { emptyValues, type Values } from "./forms";

/** Rows and one more, empty; as they are where no more may be given. */
export function withRow(field: FormField, rows: readonly Values[]): Values[] {
  return rows.length < field.most ? [...rows, emptyValues(field.rows)] : [...rows];
}

export function withoutRow(rows: readonly Values[], at: number): Values[] {
  return rows.filter((_, i) => i !== at);
}

/** `$.gates[1].lat` of a server's sentence as 校门 第 2 行 纬度. */
export function inWords(said: string, fields: readonly FormField[]): string {
  return said.replace(/`?\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?`?/g, (whole, name: string, at?: string, of?: string) => {
    const field = fields.find((each) => each.name === name);
    if (!field) return whole;
    const words = [either(field.zh, field.en)];
    if (at !== undefined) words.push(t("special.row", { n: Number(at) + 1 }));
    const inner = of === undefined ? undefined : field.rows.find((each) => each.name === of);
    if (inner) words.push(either(inner.zh, inner.en));
    return words.join(" ");
  });
}
