/** Values of settings in words: names for ids, and words for codes. */

import { word } from "../../words/words.svelte";
import { WORDS, type Field, type Section } from "./sections";
import type { Settings } from "./settingsApi";

/** What a change was about: a target by its desk, area and priority, other things by their code. */
export function sayKey(section: Section, key: string, settings: Settings): string {
  const parts = key.split("|");
  const said = section.keys.map((each, i) =>
    sayValue(section, each.name, parts[i] ?? "", settings),
  );
  return said.join(" ");
}

/** One value of a column or field as people read it. */
export function sayValue(section: Section, name: string, value: string, settings: Settings): string {
  const field = [...section.keys, ...section.fields].find((each) => each.name === name);
  if (name === "desk_id" && value === "") return WORDS.desk("all");
  if (name === "unit") return word("admin_unit", value);
  if (value === "") return "—";
  if (name === "tells_leader" || name === "has_gps" || name === "is_retired") {
    return word("admin_flag", value);
  }
  if (name === "priority") return `P${value}`;
  if (!field) return value;
  if (field.kind === "list") return sayList(field, value);
  return sayOne(field, value, settings);
}

function sayList(field: Field, value: string): string {
  const parts = value.split(";");
  return parts.map((part) => saySkill(field, part)).join("、");
}

/** `armed:1` is a skill with its number. */
function saySkill(field: Field, part: string): string {
  const [code = "", n] = part.split(":");
  if (field.words === "seat_skill") return WORDS.seat_skill(code);
  const isSkill = field.words === "skill" || field.name === "hard" || field.name === "wish";
  const name = isSkill ? WORDS.skill(code) : part;
  return isSkill && n ? `${name}×${n}` : name;
}

function sayOne(field: Field, value: string, settings: Settings): string {
  if (field.words) return WORDS[field.words](value);
  const option = field.options?.(settings).find(([code]) => code === value);
  return option ? option[1] || value : value;
}
