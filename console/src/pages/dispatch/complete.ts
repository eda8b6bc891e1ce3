/** What the command bar proposes while a line is typed: commands, units, incidents. Pure. */

import "./actWords";
import type { City } from "../../api/city";
import type { UnitState, Views } from "../../api/rows";
import { t, word } from "../../words/words.svelte";
import { AGENCIES } from "./agencies";
import { FORMS, RADIO_WORDS, STATUSES, findForm, normalise, type Slot, type VerbForm } from "./commandLine";
import { isActive } from "./sentStatus";

export interface Proposal {
  /** The whole line when it is taken. */
  line: string;
  /** What is shown, and what it is. */
  text: string;
  about: string;
}

export const MAX_PROPOSALS = 7;
const FREE: readonly UnitState[] = ["standby", "at_post", "patrolling", "returning"];

export function propose(text: string, views: Views, city: City | null): Proposal[] {
  const plain = normalise(text);
  if (!plain) return [];
  const isNext = /[\s\u3000]$/.test(text);
  const found = findForm(plain);
  if (!found || (found.rest === "" && !isNext)) return proposeForms(plain);
  const form = FORMS.find((each) => each.verb === found.verb);
  if (!form) return [];
  const words = found.rest === "" ? [] : found.rest.split(" ");
  const typed = isNext ? "" : (words.pop() ?? "");
  const slot = form.slots[words.length];
  if (!slot) return [];
  const head = [form.letters[0], ...words].join(" ");
  return entries(slot, views, city)
    .map((entry) => ({ ...entry, rank: fit(entry.text, entry.also, typed) }))
    .filter(({ rank }) => rank < NO_FIT)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MAX_PROPOSALS)
    .map(({ text: name, about }) => ({ line: `${head} ${name} `, text: name, about }));
}

function proposeForms(plain: string): Proposal[] {
  const said = plain.toUpperCase();
  const starts = (form: VerbForm): boolean =>
    [...form.letters, ...form.words].some((each) => each.toUpperCase().startsWith(said));
  return FORMS.filter(starts)
    .slice(0, MAX_PROPOSALS)
    .map((form) => ({
      line: `${form.letters[0]} `,
      text: form.example,
      about: t(form.meaning),
    }));
}

interface Entry {
  text: string;
  also: string;
  about: string;
}

const NO_FIT = 2;

/** 0: typed as it stands; 1: its letters in order, 巡4 for 巡特004; 2: not meant. */
function fit(name: string, also: string, typed: string): number {
  const said = typed.toUpperCase();
  const names = [name.toUpperCase(), also.toUpperCase()];
  if (names.some((each) => each.includes(said))) return 0;
  return names.some((each) => isWithin(said, each)) ? 1 : NO_FIT;
}

function isWithin(said: string, name: string): boolean {
  let at = -1;
  return [...said].every((letter) => (at = name.indexOf(letter, at + 1)) >= 0);
}

function entries(slot: Slot, views: Views, city: City | null): Entry[] {
  switch (slot) {
    case "unit":
      return unitEntries(views);
    case "incident":
      return Object.values(views.incidents).map((row) => ({
        text: row.incident_id,
        also: row.address,
        about: `${row.type_name} ${row.address}`.trim(),
      }));
    case "order":
      return Object.values(views.incidents)
        .flatMap((row) => row.orders.filter(isActive))
        .map((order) => ({
          text: order.order_id,
          also: order.call_sign,
          about: `${order.call_sign} ${word("state", order.state)}`,
        }));
    case "desk":
      return (city?.desks ?? []).map((desk) => ({
        text: desk.desk_id,
        also: desk.name,
        about: desk.name,
      }));
    case "agency":
      return AGENCIES.map((code) => ({ text: code, also: "", about: word("agency", code) }));
    case "post":
      return Object.values(views.circles).map((row) => ({
        text: row.name,
        also: row.post_id,
        about: row.post_id,
      }));
    case "word":
      return RADIO_WORDS.map((said) => ({ text: said, also: "", about: "" }));
    case "status":
      return Object.keys(STATUSES)
        .filter((said) => !/^[a-z_]+$/.test(said))
        .map((said) => ({ text: said, also: STATUSES[said] ?? "", about: "" }));
    default:
      return [];
  }
}

/** Free units first: they are what is mostly meant. */
function unitEntries(views: Views): Entry[] {
  const all = Object.values(views.units);
  const isFree = (state: UnitState): boolean => FREE.includes(state);
  all.sort(
    (a, b) =>
      Number(isFree(b.state)) - Number(isFree(a.state)) || a.call_sign.localeCompare(b.call_sign),
  );
  return all.map((unit) => ({
    text: unit.call_sign,
    also: unit.unit_id,
    about: word("state", unit.state) + (unit.incident_id ? ` ${unit.incident_id}` : ""),
  }));
}
