/** The call-taker's hands: the call in the ear, its draft, and what becomes of both. */

import { sendCommand } from "../../api/client";
import type { Accepted, CommandName, Commands } from "../../api/commands";
import type { CallRow, FactAnswer } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { t } from "../../words/words.svelte";
import { explain } from "../../api/explain";
import { keep as keepForm } from "../../shell/drafts.svelte";
import {
  draftOf,
  dropDraft,
  emptyDraft,
  hasNews,
  isBlank,
  keepDraft,
  listDrafts,
  missing,
  missingToPush,
  nothingSent,
  readDraft,
  type ChosenPlace,
  type Draft,
  type KeptDraft,
  type PossiblePlace,
} from "./draft";
import { sceneAnswer, spotOf } from "./callerSpot";
import { nextAnswer } from "./sceneFacts";
import {
  completeIncident,
  endIncident,
  hasUnsaved,
  openIncident,
  sendFacts,
  sendPlaces,
  type EndKind,
} from "./saving.svelte";

export interface Said {
  kind: "ok" | "no";
  text: string;
}

/** From the sixth call on about one incident the long form only costs time. */
export const SHORT_AFTER = 5;
/** What takes an incident that has a level but no type yet: the desk types it anew. */
const ANY_CLASS = "other";

export class Taker {
  callId = $state<string | null>(null);
  draft = $state<Draft>(emptyDraft());
  said = $state.raw<Said | null>(null);
  /** Half-written forms of this seat, without the one in hand. */
  kept = $state.raw<KeptDraft[]>([]);
  /**
   * Whether the short form stands before the hand: chosen as a call comes into the form, or as it
   * is attached, and never changed under the hand, however many call about it meanwhile.
   */
  isShort = $state(false);

  readonly ringing = $derived.by(() =>
    Object.values(this.live.views.calls)
      .filter((call) => call.state === "ringing")
      .sort((a, b) => a.t0_ms - b.t0_ms),
  );
  readonly mine = $derived.by(() =>
    Object.values(this.live.views.calls).filter(
      (call) => call.state === "talking" && call.seat_id === this.live.viewer.seat,
    ),
  );
  readonly call: CallRow | null = $derived.by(() =>
    this.callId === null ? null : (this.live.views.calls[this.callId] ?? null),
  );
  readonly incident = $derived.by(() =>
    this.draft.incidentId ? (this.live.views.incidents[this.draft.incidentId] ?? null) : null,
  );

  #saving: Promise<void> = Promise.resolve();
  #isLeaving = false;
  /** The call that F9 could not leave, because something was refused: the next F9 puts it by. */
  #heldId = "";

  constructor(readonly live: Live) {
    this.#list();
  }

  /** Take a call into the form; what was written for it before is there again. */
  open(callId: string): void {
    const call = this.live.views.calls[callId];
    if (this.call?.state !== "talking") this.#putBy();
    this.callId = callId;
    this.#heldId = "";
    const row = call ? this.live.views.incidents[call.incident_id] : undefined;
    const kept = readDraft(localStorage, this.live.viewer.seat, callId);
    const fresh = (): Draft => emptyDraft(call?.caller_number, call?.caller_name);
    this.draft = kept ?? (call && row ? draftOf(row, call) : fresh());
    const { isAttached, different, incidentId } = this.draft;
    this.isShort = isAttached && (different.trim() !== "" || this.#isShortFor(incidentId));
    this.#list();
  }

  /** Whether this call is one too many for the long form; not where a story is written already. */
  #isShortFor(incidentId: string): boolean {
    const others = (this.live.views.incidents[incidentId]?.call_ids ?? []).filter(
      (each) => each !== this.callId,
    );
    return others.length >= SHORT_AFTER && this.draft.narrative.trim() === "";
  }

  /** To be called whenever a draft has changed; the one in hand, or one that was left meanwhile. */
  keep(callId = this.callId, draft = this.draft): void {
    if (!callId) return;
    const kept = { ...$state.snapshot(draft), savedAtMs: Date.now() };
    keepDraft(localStorage, this.live.viewer.seat, callId, kept);
    if (callId !== this.callId) this.#list();
  }

  /** A call goes out of the form: what the record knows is not kept in the browser as well. */
  #putBy(): void {
    const { callId, draft } = this;
    if (!callId) return;
    const isTold = draft.incidentId ? !hasNews(draft) : isBlank(draft);
    if (!isTold) return;
    dropDraft(localStorage, this.live.viewer.seat, callId);
    keepForm(`text.${callId}`, null);
  }

  /** Throw a half-written form away: a person's decision, asked for twice. */
  discard(callId: string): void {
    dropDraft(localStorage, this.live.viewer.seat, callId);
    this.#list();
  }

  #list(): void {
    const all = listDrafts(localStorage, this.live.viewer.seat);
    this.kept = all.filter((each) => each.callId !== this.callId);
  }

  async answer(callId = this.ringing[0]?.call_id): Promise<void> {
    if (!callId) return this.say("no", t("intake.none_ringing"));
    const body = { call_id: callId, seat_id: this.live.viewer.seat };
    if (await this.send("AnswerCall", body, t("intake.answered", { call: callId }))) {
      this.open(callId);
    }
  }

  /** Someone stands at the counter, or a test wants a call: registered and answered at once. */
  async register(line: string, callerNumber: string): Promise<boolean> {
    const body = { line, caller_number: callerNumber, seat_id: this.live.viewer.seat };
    const accepted = await this.send("RegisterCall", body, t("intake.registered"));
    const event = accepted?.events.find((each) => each.type === "CallRegistered");
    if (typeof event?.["call_id"] !== "string") return false;
    // Whoever stands at the counter does not ring: the call is this seat's at once.
    const isTaken = accepted?.events.some((each) => each.type === "CallAnswered");
    if (isTaken) this.open(event["call_id"]);
    else await this.answer(event["call_id"]);
    return true;
  }

  /** Save: open the incident, or complete the one that is open already. */
  async save(): Promise<void> {
    const lacking = missing(this.draft);
    if (lacking.length > 0 && !this.draft.isAttached) {
      const what = lacking.map((each) => t(`intake.missing_${each}`)).join("、");
      return this.say("no", t("intake.missing", { what }));
    }
    await this.#alone(() => this.#openOrComplete(this.draft.typeCode));
  }

  /** 先派后补: with a place and a level it goes to the dispatcher while the caller speaks on. */
  async push(): Promise<void> {
    if (this.draft.incidentId) return this.save();
    const lacking = missingToPush(this.draft);
    const types = this.live.city?.types ?? [];
    const typeCode = this.draft.typeCode || types.find((type) => type.class_key === ANY_CLASS)?.code;
    if (lacking.length > 0 || !typeCode) {
      const what = lacking.map((each) => t(`intake.missing_${each}`)).join("、");
      return this.say("no", t("intake.missing_to_push", { what }));
    }
    await this.#alone(() => this.#openOrComplete(typeCode));
  }

  #openOrComplete(typeCode: string): Promise<void> {
    return this.draft.incidentId ? completeIncident(this) : openIncident(this, typeCode);
  }

  /** One saving after the other: a key held down is not two incidents, and none is lost. */
  #alone(work: () => Promise<void>): Promise<void> {
    this.#saving = this.#saving.then(work, work);
    return this.#saving;
  }

  /** What a type gives by itself, 5 where there is none yet. */
  levelOf(typeCode: string): number {
    const types = this.live.city?.types ?? [];
    return types.find((type) => type.code === typeCode)?.priority ?? 5;
  }

  /** The caller's name and number, if they are news. */
  async saveCaller(callId = this.callId, draft = this.draft): Promise<boolean> {
    const call = callId ? this.live.views.calls[callId] : undefined;
    if (!call) return false;
    const { callerName, callerNumber } = draft;
    const body: Commands["UpdateCall"] = { call_id: call.call_id };
    if (callerName !== call.caller_name) body.caller_name = callerName;
    if (callerNumber !== call.caller_number) body.caller_number = callerNumber;
    if (Object.keys(body).length === 1) return false;
    return (await this.send("UpdateCall", body, "")) !== null;
  }

  /** By a person's hand only: this call is about an incident that is open already. */
  async attach(incidentId: string): Promise<void> {
    const { callId, draft } = this;
    if (!callId || incidentId === draft.incidentId) return;
    const own = draft.isAttached ? null : this.incident;
    const label = t("intake.attached", { incident: incidentId });
    if (own && own.call_ids.length <= 1) {
      // Saved already as one of its own: two incidents are one, and both calls stay readable.
      const body = { incident_id: own.incident_id, into_incident_id: incidentId };
      if (!(await this.send("MergeIncident", body, label))) return;
    } else {
      const body = { call_id: callId, incident_id: incidentId };
      if (!(await this.send("AttachCall", body, label))) return;
    }
    // What was written before is this caller's own story: it becomes a note of that incident.
    Object.assign(draft, { incidentId, isAttached: true, sent: nothingSent() });
    if (callId === this.callId) this.isShort = this.#isShortFor(incidentId);
    this.keep(callId, draft);
  }

  /** By a person's hand: that one is another matter, and is not shown again. */
  async dismiss(incidentId: string): Promise<void> {
    this.draft.dismissedIds = [...this.draft.dismissedIds, incidentId];
    if (this.incident?.duplicate_ids.includes(incidentId)) {
      await this.dismissSuggested(this.draft.incidentId, incidentId);
    }
    this.say("ok", t("taking.dismissed", { incident: incidentId }));
  }

  async dismissSuggested(incidentId: string, otherId: string): Promise<void> {
    const reason = t("taking.dismiss_reason");
    const ids = { incident_id: incidentId, other_incident_id: otherId };
    await this.send("DismissDuplicate", { ...ids, reason }, "");
  }

  /** Whether the record has moved on by itself: an answer can make it another type. */
  followType(): void {
    const { incident, draft } = this;
    if (!incident || draft.isAttached || incident.seq <= draft.sent.seq) return;
    if (draft.typeCode !== draft.sent.typeCode || draft.typeCode === incident.type_code) return;
    draft.typeCode = incident.type_code;
    draft.sent = { ...draft.sent, typeCode: incident.type_code };
  }

  /** An answer about the scene; told at once where the incident is open already. */
  async answerFact(fact: string, answer: FactAnswer | ""): Promise<void> {
    const { draft } = this;
    const facts = { ...draft.facts };
    if (answer === "") delete facts[fact];
    else facts[fact] = answer;
    draft.facts = facts;
    await this.#alone(async () => {
      if (draft.incidentId) await sendFacts(this, draft);
    });
  }

  /** The next answer of one of the four boxes. */
  async turnFact(fact: string): Promise<void> {
    const answer = this.draft.facts[fact] ?? "";
    await this.answerFact(fact, nextAnswer(answer, this.draft.incidentId !== ""));
  }

  /** Whether the caller is where it happens: only then their place is one it may be at. */
  async sayAtScene(answer: "yes" | "no"): Promise<void> {
    const { call, draft } = this;
    if (!call || call.uncertainty_m < 0) return this.say("no", t("taking.no_spot"));
    if (sceneAnswer(draft, call) === answer) return;
    draft.atScene = answer;
    draft.atSceneOf = spotOf(call);
    // An answer for where they were before says nothing of where they are now.
    const isOver = (place: PossiblePlace): boolean =>
      place.isCaller && (place.placeNo === 0 || (answer === "yes" && place.ruledOut !== ""));
    draft.possible = draft.possible.filter((place) => !isOver(place));
    if (answer === "no") return this.#ruleOutCaller(draft);
    const name = t("taking.caller_place", { n: call.uncertainty_m });
    await this.addPossible({ lat: call.lat, lon: call.lon, name }, true);
  }

  /** Not at the scene after all: what the record was told of where they are is no candidate. */
  async #ruleOutCaller(draft: Draft): Promise<void> {
    for (const [i, place] of draft.possible.entries()) {
      if (place.isCaller && !place.ruledOut) await this.ruleOut(i, draft);
    }
  }

  /** One of several places it may be at. */
  async addPossible(place: ChosenPlace, isCaller = false): Promise<void> {
    const { draft } = this;
    const isKnown = draft.possible.some((p) => p.lat === place.lat && p.lon === place.lon);
    if (isKnown) return this.say("no", t("taking.possible_twice"));
    const { lat, lon, name } = place;
    const fresh = { lat, lon, name, placeNo: 0, ruledOut: "", isCaller };
    draft.possible = [...draft.possible, fresh];
    await this.#alone(async () => {
      if (draft.incidentId) await sendPlaces(this, draft);
    });
  }

  async ruleOut(i: number, draft = this.draft): Promise<void> {
    const reason = t("taking.ruled_out_reason");
    draft.possible = draft.possible.map((p, j) =>
      j === i && !p.ruledOut ? { ...p, ruledOut: reason } : p,
    );
    const place = draft.possible[i];
    // One that is still on its way is ruled out when it has got there.
    if (!draft.incidentId || !place || place.placeNo <= 0) return;
    const ids = { incident_id: draft.incidentId, place_no: place.placeNo };
    await this.send("RuleOutPlace", { ...ids, reason }, "");
  }

  /** What the short form is about: one line, or nothing new; then the call is done. */
  async finishShort(): Promise<void> {
    const { callId, draft } = this;
    const { incidentId } = draft;
    const text = draft.different.trim();
    if (text && !(await this.send("AddNote", { incident_id: incidentId, text }, ""))) return;
    if (draft.different.trim() === text) draft.different = "";
    this.keep(callId, draft);
    await this.hangUp(callId);
    if (this.callId === null) {
      const key = text ? "taking.short_noted" : "taking.short_nothing";
      this.say("ok", t(key, { incident: incidentId }));
    }
  }

  /** The record ends without a unit, by a person's word and with a reason. */
  async endAs(kind: EndKind, typeCode: string, reason: string): Promise<boolean> {
    if (this.draft.isAttached) {
      this.say("no", t("taking.end_attached"));
      return false;
    }
    let isEnded = false;
    await this.#alone(async () => {
      isEnded = await endIncident(this, kind, typeCode, reason);
    });
    return isEnded;
  }

  /** End the call in the form, tell the record what is news, and leave; no word is thrown away. */
  async hangUp(callId = this.callId): Promise<void> {
    if (this.#isLeaving || callId === null || callId !== this.callId) return;
    this.#isLeaving = true;
    try {
      await this.#hangUp(callId);
    } finally {
      this.#isLeaving = false;
    }
  }

  async #hangUp(callId: string): Promise<void> {
    const { call, draft } = this;
    if (call?.state === "talking") {
      const label = t("intake.hung_up", { call: callId });
      // By the desk: whoever waits on hold or for a receipt is not dropped by a slip of the hand.
      const body = { call_id: callId, by: "desk" as const };
      if (!(await this.send("HangUpCall", body, label))) return;
      // Not saved yet: the form stays, for after-call work.
      if (!draft.incidentId) return;
    }
    if (this.callId === callId && draft.incidentId && hasUnsaved(this)) await this.save();
    // Meanwhile another call may have come into the form: that one is not left by this.
    if (this.callId !== callId) return;
    const isHeld = hasNews(draft) && this.#heldId !== callId;
    if (draft.incidentId && isHeld) return this.#hold(callId);
    this.leave();
    const isKept = this.kept.some((each) => each.callId === callId);
    const putBy = isKept ? t("taking.put_by", { call: callId }) : "";
    if (!call) this.say("no", `${t("taking.call_gone", { call: callId })}${putBy}`);
    else if (isKept) this.say("ok", putBy);
  }

  /** Something that was written is not in the record: it is said, and the form stays once. */
  #hold(callId: string): void {
    this.#heldId = callId;
    const why = this.said?.kind === "no" ? `${this.said.text}；` : "";
    this.say("no", `${why}${t("taking.held")}`);
  }

  /** Leave the form; a draft that its record does not know whole stays kept. */
  leave(): void {
    this.#putBy();
    this.callId = null;
    this.draft = emptyDraft();
    this.isShort = false;
    this.#list();
  }

  async send<N extends CommandName>(
    name: N,
    body: Commands[N],
    label: string,
  ): Promise<Accepted | null> {
    try {
      const accepted = await sendCommand(name, body, this.live.viewer);
      if (label) this.say("ok", label);
      return accepted;
    } catch (error) {
      this.say("no", explain(error));
      return null;
    }
  }

  say(kind: Said["kind"], text: string): void {
    this.said = { kind, text };
  }
}
