/** Says things in the chosen language. Chinese comes page by page, English when it is asked for. */

import { settings } from "../shell/settings.svelte";
import type { WordKey } from "./zh/all";
import { shellWords } from "./zh/shell";

export type { WordKey };
export type Values = Record<string, string | number>;

/** Fill the {places} of a sentence. */
export function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const chinese: Partial<Record<WordKey, string>> = { ...shellWords };

/** A page's own words; called by its module, before anything of it is drawn. */
export function addWords(words: Partial<Record<WordKey, string>>): void {
  Object.assign(chinese, words);
}

// A second language is fetched when it is first wanted: a phone on a poor line need not wait.
let english = $state.raw<Record<WordKey, string> | null>(null);
let isFetching = false;

function fetchEnglish(): void {
  if (isFetching) return;
  isFetching = true;
  import("./en/all").then(
    ({ en }) => (english = en),
    () => (isFetching = false),
  );
}

export function t(key: WordKey, values: Values = {}): string {
  const words = settings.lang === "en" ? (english ?? chinese) : chinese;
  return fill(words[key] ?? key, values);
}

/** Have the words of the chosen language; an effect of the shell calls this. */
export function haveWords(): void {
  if (settings.lang === "en") fetchEnglish();
}

/** The word for a code of the server, or the code itself: a new code must still be readable. */
export function word(group: string, code: string, values: Values = {}): string {
  const key = `${group}.${code}`;
  return key in chinese ? t(key as WordKey, values) : code.replaceAll("_", " ");
}

/** Of a text that the server says in both languages, the one to show. */
export function either(text_zh: string, text_en: string): string {
  return settings.lang === "en" ? text_en || text_zh : text_zh || text_en;
}
