/** What helps while one listens: the server's suggestions on the words, questions and advice by type. */

import type { Script, Suggested } from "../../api/city";
import { getJson, postJson } from "../../api/client";
import type { FactAnswer } from "../../api/rows";
import type { Draft } from "./draft";
import { suggestType } from "./draft";
import type { Taker } from "./taker.svelte";

const WAIT_MS = 100;
const NOTHING: Suggested = { types: [], facts: [], priority: null, seats: [] };

export class Guide {
  found = $state.raw<Suggested>(NOTHING);
  script = $state.raw<Script>({ questions: [], advice: [] });
  /** Goes up when a question wants its answer written into the story. */
  nNotes = $state(0);

  /** To be made while a component is being set up: its effects end with it. */
  constructor(readonly taker: Taker) {
    $effect(() => this.#askWhenQuiet());
    $effect(() => this.#readScript(this.taker.draft.typeCode));
  }

  /** What is known of a fact, by the form or by the record. */
  answerOf(fact: string): FactAnswer | "" {
    return this.taker.draft.facts[fact] ?? this.taker.incident?.facts[fact] ?? "";
  }

  /** The caller's words that speak of a fact, if nobody has answered yet. */
  wordsOf(fact: string): string {
    const said = this.found.facts.find((each) => each.fact === fact);
    return said?.answer === "yes" && this.answerOf(fact) === "" ? said.why : "";
  }

  async answer(fact: string, answer: FactAnswer): Promise<void> {
    if (this.answerOf(fact) !== answer) await this.taker.answerFact(fact, answer);
  }

  /** A question that no yes or no answers: its words begin a line of the story. */
  note(words: string): void {
    const draft = this.taker.draft;
    if (!draft.narrative.includes(words)) {
      draft.narrative = `${draft.narrative.trimEnd()}\n${words}`.trimStart();
    }
    this.nNotes += 1;
  }

  // Each new word drops the question before it, so that answers cannot arrive in the wrong order.
  #askWhenQuiet(): () => void {
    const draft = this.taker.draft;
    const asked = asking(draft, this.taker.incident?.facts ?? {});
    const controller = new AbortController();
    const timer = setTimeout(() => void this.#ask(asked, controller.signal), asked ? WAIT_MS : 0);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }

  async #ask(asked: ReturnType<typeof asking>, signal: AbortSignal): Promise<void> {
    const draft = this.taker.draft;
    if (!asked) {
      this.found = NOTHING;
      draft.suggestedPriority = null;
      return;
    }
    try {
      const found = await postJson<Suggested>("/v1/suggest", asked, this.taker.live.viewer, signal);
      if (signal.aborted) return;
      this.found = found;
      const first = found.types[0];
      if (first) draft.typeCode = suggestType(draft, first.code).typeCode;
      draft.suggestedPriority = found.priority?.fact ? found.priority.priority : null;
    } catch {
      // Aborted by the next word, or no answer: type and level can be chosen by hand.
    }
  }

  #readScript(typeCode: string): (() => void) | undefined {
    if (!typeCode) {
      this.script = { questions: [], advice: [] };
      return undefined;
    }
    const controller = new AbortController();
    const query = new URLSearchParams({ type: typeCode });
    getJson<Script>(`/v1/questions?${query}`, this.taker.live.viewer, controller.signal).then(
      (script) => (this.script = script),
      () => undefined,
    );
    return () => controller.abort();
  }
}

/** What to ask the server, null where nothing is said yet; a type that stands is not argued with. */
function asking(draft: Draft, known: Record<string, FactAnswer>) {
  const text = draft.narrative.trim().slice(0, 20_000);
  const answers = { ...known, ...draft.facts };
  const isSettled = draft.isTypeManual || draft.incidentId !== "";
  const type_code = isSettled ? draft.typeCode : "";
  if (!text && !type_code) return null;
  return { text, type_code, answers };
}
