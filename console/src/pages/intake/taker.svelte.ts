/** The call-taker's hands: the call in the ear, its draft, and the commands that save it. */

import { sendCommand } from "../../api/client";
import type { Accepted, CommandName, Commands } from "../../api/commands";
import type { CallRow, FactAnswer } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { t } from "../../words/words.svelte";
import { explain } from "../dispatch/desk.svelte";
import { dropDraft, emptyDraft, keepDraft, missing, readDraft, unsentFacts, type Draft } from "./draft";
import { levelToSend } from "./level";

export interface Said {
  kind: "ok" | "no";
  text: string;
}

export class Taker {
  callId = $state<string | null>(null);
  draft = $state<Draft>(emptyDraft());
  said = $state.raw<Said | null>(null);

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

  #saving = false;
  /** Answers that went out: the row that shows them may be a moment behind. */
  #told: Record<string, FactAnswer> = {};

  constructor(readonly live: Live) {}

  /** Take a call into the form; what was written for it before is there again. */
  open(callId: string): void {
    const call = this.live.views.calls[callId];
    this.callId = callId;
    this.#told = {};
    const fresh = emptyDraft(call?.caller_number, call?.caller_name);
    this.draft = readDraft(localStorage, callId) ?? { ...fresh, incidentId: call?.incident_id ?? "" };
  }

  /** To be called whenever the draft has changed. */
  keep(): void {
    if (this.callId) keepDraft(localStorage, this.callId, $state.snapshot(this.draft));
  }

  async answer(callId = this.ringing[0]?.call_id): Promise<void> {
    if (!callId) return this.#say("no", t("intake.none_ringing"));
    const body = { call_id: callId, seat_id: this.live.viewer.seat };
    if (await this.#send("AnswerCall", body, t("intake.answered", { call: callId }))) {
      this.open(callId);
    }
  }

  /** Someone stands at the counter, or a test wants a call: registered and answered at once. */
  async register(line: string, callerNumber: string): Promise<void> {
    const body = { line, caller_number: callerNumber, seat_id: this.live.viewer.seat };
    const accepted = await this.#send("RegisterCall", body, t("intake.registered"));
    const event = accepted?.events.find((each) => each.type === "CallRegistered");
    if (typeof event?.["call_id"] !== "string") return;
    // Whoever stands at the counter does not ring: the call is this seat's at once.
    const isTaken = accepted?.events.some((each) => each.type === "CallAnswered");
    if (isTaken) this.open(event["call_id"]);
    else await this.answer(event["call_id"]);
  }

  /** Save: open the incident, or complete the one that is open already. */
  async save(): Promise<void> {
    if (this.#saving) return;
    const lacking = missing(this.draft);
    if (lacking.length > 0) {
      const what = lacking.map((each) => t(`intake.missing_${each}`)).join("、");
      return this.#say("no", t("intake.missing", { what }));
    }
    this.#saving = true;
    try {
      if (this.draft.incidentId) await this.#complete();
      else await this.#openIncident();
    } finally {
      this.#saving = false;
    }
  }

  async #openIncident(): Promise<void> {
    const { narrative, place, placeText, typeCode } = this.draft;
    const priority = levelToSend(this.draft, this.#byType());
    const body: Commands["OpenIncident"] = {
      type_code: typeCode,
      call_id: this.callId ?? "",
      source: this.call?.line ?? "110",
      narrative,
      // Said in words only: kept as said, and told to the dispatcher as not verified.
      address: place ? placeText || place.name : placeText.trim(),
    };
    if (place) Object.assign(body, { lat: place.lat, lon: place.lon });
    if (priority !== null) body.priority = priority;
    const accepted = await this.#send("OpenIncident", body, "");
    const event = accepted?.events.find((each) => each.type === "IncidentOpened");
    if (typeof event?.["incident_id"] !== "string") return;
    this.draft.incidentId = event["incident_id"];
    this.keep();
    const key = place ? "intake.opened" : "intake.opened_unverified";
    this.#say("ok", t(key, { incident: this.draft.incidentId }));
    await this.#sendFacts();
    await this.saveCaller();
  }

  /** What was learned after the first save: a better place, type, story or priority. */
  async #complete(): Promise<void> {
    const { incidentId, narrative, place, placeText, typeCode } = this.draft;
    const priority = levelToSend(this.draft, this.#byType());
    const row = this.incident;
    if (!row) return this.#say("no", t("incident.gone", { incident: incidentId }));
    const done: string[] = [];
    if (narrative !== row.narrative || typeCode !== row.type_code) {
      const body: Commands["UpdateIncident"] = { incident_id: incidentId, narrative };
      if (typeCode !== row.type_code) body.type_code = typeCode;
      if (await this.#send("UpdateIncident", body, "")) done.push(t("intake.story"));
    }
    const hasMoved = place && (place.lat !== row.lat || place.lon !== row.lon);
    if (hasMoved) {
      const address = placeText || place.name;
      const body = { incident_id: incidentId, lat: place.lat, lon: place.lon, address };
      if (await this.#send("PlaceIncident", body, "")) done.push(t("intake.place"));
    }
    if (priority !== null && priority < row.priority) {
      const reason = t("intake.priority_reason");
      const body = { incident_id: incidentId, priority, reason };
      if (await this.#send("SetPriority", body, "")) done.push(t("intake.priority"));
    }
    if (await this.#sendFacts()) done.push(t("guide.answers"));
    if (await this.saveCaller()) done.push(t("intake.caller"));
    const what = done.join("、");
    if (what) this.#say("ok", t("intake.completed", { incident: incidentId, what }));
    else if (this.said?.kind !== "no") this.#say("ok", t("intake.nothing_new"));
  }

  /** An answer about the scene; told at once where the incident is open already. */
  async answerFact(fact: string, answer: FactAnswer): Promise<void> {
    this.draft.facts = { ...this.draft.facts, [fact]: answer };
    if (this.incident) await this.#sendFacts();
  }

  async #sendFacts(): Promise<boolean> {
    const incident_id = this.draft.incidentId;
    const news = unsentFacts(this.draft.facts, { ...this.incident?.facts, ...this.#told });
    for (const [fact, answer] of news) {
      const accepted = await this.#send("RecordFact", { incident_id, fact, answer }, "");
      if (accepted) this.#told = { ...this.#told, [fact]: answer };
      // An answer can make it another type: what the form shows must be what the record says.
      const updated = accepted?.events.find((each) => each.type === "IncidentUpdated");
      if (typeof updated?.["type_code"] === "string") this.draft.typeCode = updated["type_code"];
    }
    return news.length > 0;
  }

  #byType(): number {
    const types = this.live.city?.types ?? [];
    return types.find((type) => type.code === this.draft.typeCode)?.priority ?? 5;
  }

  /** The caller's name and number, if they are news. */
  async saveCaller(): Promise<boolean> {
    const call = this.call;
    if (!call) return false;
    const { callerName, callerNumber } = this.draft;
    const body: Commands["UpdateCall"] = { call_id: call.call_id };
    if (callerName !== call.caller_name) body.caller_name = callerName;
    if (callerNumber !== call.caller_number) body.caller_number = callerNumber;
    if (Object.keys(body).length === 1) return false;
    return (await this.#send("UpdateCall", body, "")) !== null;
  }

  /** By a person's hand only: this call is about an incident that is open already. */
  async attach(incidentId: string): Promise<void> {
    if (!this.callId) return;
    const body = { call_id: this.callId, incident_id: incidentId };
    if (await this.#send("AttachCall", body, t("intake.attached", { incident: incidentId }))) {
      this.draft.incidentId = incidentId;
      this.keep();
    }
  }

  async hangUp(): Promise<void> {
    const call = this.call;
    if (!call) return;
    if (call.state === "talking") {
      const label = t("intake.hung_up", { call: call.call_id });
      if (!(await this.#send("HangUpCall", { call_id: call.call_id }, label))) return;
    }
    // Not saved yet: the form stays, for after-call work.
    if (this.draft.incidentId) this.leave();
  }

  /** Leave the form; a draft without an incident stays kept. */
  leave(): void {
    if (this.callId && this.draft.incidentId) dropDraft(localStorage, this.callId);
    this.callId = null;
    this.draft = emptyDraft();
  }

  async #send<N extends CommandName>(
    name: N,
    body: Commands[N],
    label: string,
  ): Promise<Accepted | null> {
    try {
      const accepted = await sendCommand(name, body, this.live.viewer);
      if (label) this.#say("ok", label);
      return accepted;
    } catch (error) {
      this.#say("no", explain(error));
      return null;
    }
  }

  #say(kind: Said["kind"], text: string): void {
    this.said = { kind, text };
  }
}
