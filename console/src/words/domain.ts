/** Turns types of incidents into words. */

import type { City, IncidentType } from "../api/city";
import type { IncidentRow } from "../api/rows";
import { settings } from "../shell/settings.svelte";

/** The type's name; in English its key, which is English already. */
export function typeName(row: IncidentRow, city: City | null): string {
  if (settings.lang === "zh") return row.type_name;
  const type = city?.types.find((each) => each.code === row.type_code);
  return type ? typeLabel(type) : row.type_name;
}

export function typeLabel(type: IncidentType): string {
  return settings.lang === "zh" ? type.name_cn : type.key.replaceAll("_", " ");
}

export function classLabel(type: IncidentType): string {
  return settings.lang === "zh" ? type.class_cn : type.class_key.replaceAll("_", " ");
}
