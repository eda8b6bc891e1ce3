/** The line's hands: who rings, who waits, and every command about a call in the ear. */

import { sendCommand } from "../../api/client";
import type { CommandName, Commands } from "../../api/commands";
import type { CallRow } from "../../api/rows";
import type { KeyMap } from "../../keys/keyboard";
import type { Live } from "../../live/live.svelte";
import { t, word } from "../../words/words.svelte";
import { explain } from "../../api/explain";
import type { Taker } from "./taker.svelte";

/** Nine of ten calls are to be answered within this (NFPA 1225). */
export const ANSWER_TARGET_MS = 10_000;
export const PANELS = ["transfer", "parties", "silent", "texts", "guard"] as const;
/** What may be heard on a silent line. */
export const SIGNS = [
  "quiet",
  "keypad_yes",
  "keypad_no",
  "whisper",
  "distress",
  "protected_place",
] as const;
export type PanelName = (typeof PANELS)[number];

/** Who rings, first come first; the order never changes while one looks at it. */
export function listRinging(calls: Record<string, CallRow>): CallRow[] {
  return Object.values(calls)
    .filter((call) => call.state === "ringing")
    .sort((a, b) => a.t0_ms - b.t0_ms);
}

/** The call that a seat should take: what rings at it, else what rings at nobody, else any. */
export function nextToAnswer(ringing: readonly CallRow[], seat: string): CallRow | undefined {
  return (
    ringing.find((call) => call.offered_seat_id === seat) ??
    ringing.find((call) => !call.offered_seat_id && !call.is_limited) ??
    ringing[0]
  );
}

/** Missed or silent calls that are still owed a step, oldest first. */
export function listOwed(calls: Record<string, CallRow>): CallRow[] {
  return Object.values(calls)
    .filter((call) => call.to_call_back && call.state !== "talking" && call.state !== "ringing")
    .sort((a, b) => a.t3_ms - b.t3_ms || a.t0_ms - b.t0_ms);
}

/** Why nobody may ring: what a rule wrote down is a code, what a person wrote is shown as it is. */
export function banReason(reason: string): string {
  if (reason === "unsafe to ring back") return word("outcome", "unsafe");
  const code = reason.replaceAll(" ", "_");
  return SIGNS.some((sign) => sign === code) ? word("sign", code) : reason;
}

/** What the keys of this seat do with the line. */
export function phoneKeys(phone: Phone): KeyMap {
  return {
    F2: () => phone.answer(),
    Enter: () => void (phone.taker.callId === null && phone.answer()),
    F3: () => void phone.holdOrResume(),
    F6: () => phone.toggle("transfer"),
    "Alt+T": () => phone.toggle("parties"),
    F7: () => phone.toggle("silent"),
    F8: () => phone.toggle("texts"),
    "Alt+G": () => phone.toggle("guard"),
    "Alt+W": () => {
      // The first thing that can be done about the call that is owed longest.
      document.querySelector<HTMLElement>("[data-missed] .acts button")?.focus();
    },
  };
}

export class Phone {
  panel = $state<PanelName | null>(null);
  said = $state.raw<{ kind: "ok" | "no"; text: string } | null>(null);

  readonly calls = $derived.by(() => this.live.views.calls);
  readonly seats = $derived.by(() => this.live.views.seats);
  readonly ringing = $derived.by(() => listRinging(this.calls));
  readonly owed = $derived.by(() => listOwed(this.calls));
  readonly toMe = $derived.by(() =>
    Object.values(this.calls).filter((call) => this.#isOfferedHere(call)),
  );
  readonly others = $derived.by(() =>
    Object.values(this.calls)
      .filter((call) => call.state === "talking" && call.seat_id !== this.seatId)
      .sort((a, b) => a.t2_ms - b.t2_ms),
  );
  readonly seat = $derived.by(() => this.seats[this.seatId] ?? null);
  readonly call: CallRow | null = $derived.by(() => this.taker.call);
  /** Who signs for what is done here; empty until somebody has logged on. */
  readonly person = $derived.by(() => this.seat?.person ?? "");

  constructor(
    readonly live: Live,
    readonly taker: Taker,
  ) {}

  get seatId(): string {
    return this.live.viewer.seat;
  }

  /** The call in the form has an incident that no hand has opened: what is written completes it. */
  adopt(incidentId: string): void {
    const { draft } = this.taker;
    const row = this.live.views.incidents[incidentId];
    if (draft.incidentId || !row) return;
    draft.incidentId = incidentId;
    draft.typeCode ||= row.type_code;
  }

  answer(): void {
    const call = nextToAnswer(this.ringing, this.seatId);
    const waiting = this.toMe[0];
    if (!call && waiting) void this.accept(waiting.call_id);
    else void this.taker.answer(call?.call_id);
  }

  toggle(panel: PanelName): void {
    if (!this.call) return this.say("no", t("phone.no_call"));
    this.panel = this.panel === panel ? null : panel;
  }

  async holdOrResume(): Promise<void> {
    const call = this.call;
    if (!call) return this.say("no", t("phone.no_call"));
    const id = { call_id: call.call_id };
    if (call.on_hold) await this.send("ResumeCall", id, t("phone.done_resume", { call: call.call_id }));
    else await this.send("HoldCall", id, t("phone.done_hold", { call: call.call_id }));
  }

  async accept(callId: string): Promise<void> {
    const body = { call_id: callId, by: this.seatId };
    if (await this.send("AcceptTransfer", body, t("phone.done_accept", { call: callId }))) {
      this.taker.open(callId);
    }
  }

  async refuse(callId: string): Promise<void> {
    await this.note("RefuseTransfer", { call_id: callId, by: this.seatId, reason: t("phone.busy") });
  }

  async takeOver(callId: string, reason: string): Promise<boolean> {
    const body = { call_id: callId, seat_id: this.seatId, reason };
    const isDone = await this.send("TakeOverCall", body, t("phone.done_accept", { call: callId }));
    if (isDone) this.taker.open(callId);
    return isDone;
  }

  async callBack(callId: string): Promise<void> {
    await this.note("CallBack", { call_id: callId, seat_id: this.seatId });
  }

  async recordCallBack(callId: string, outcome: string): Promise<void> {
    const isDone = await this.note("RecordCallBack", { call_id: callId, outcome });
    if (isDone && outcome === "talked") this.taker.open(callId);
  }

  /** A command about one call, said as noted. */
  note<N extends CommandName>(name: N, body: Commands[N] & { call_id: string }): Promise<boolean> {
    return this.send(name, body, t("phone.done", { call: body.call_id }));
  }

  async send<N extends CommandName>(name: N, body: Commands[N], label: string): Promise<boolean> {
    try {
      await sendCommand(name, body, this.live.viewer);
      this.say("ok", label);
      return true;
    } catch (error) {
      this.say("no", explain(error));
      return false;
    }
  }

  say(kind: "ok" | "no", text: string): void {
    this.said = { kind, text };
  }

  #isOfferedHere(call: CallRow): boolean {
    if (call.transfer_kind === "seat") return call.transfer_id === this.seatId;
    if (call.transfer_kind !== "desk" || call.seat_id === this.seatId) return false;
    return this.seat !== null && this.seat.desk_id === call.transfer_id;
  }
}
