/** The desk's hands: what is selected, the commands it sends, what came of them, and undo. */

import { RefusedError, UnknownOutcomeError, sendCommand } from "../../api/client";
import type { Accepted, CommandName, Commands } from "../../api/commands";
import type { IncidentRow, OrderRow } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { either, t } from "../../words/words.svelte";
import { NOTHING_PAINTED, isSettling, repaint, type Painted } from "./painted";
import { groupOf, sortQueue, targetFrom } from "./queue";

export type Said = { kind: "ok" | "no" | "busy"; text: string; n: number };

/** What could still be taken back; `untilMs` is city time, as the server said. */
export interface Undoable {
  seq: number;
  untilMs: number;
  label: string;
}

export type ShownKind = "unit" | "circle" | "closure";

const AVAILABLE = new Set(["standby", "at_post", "patrolling", "returning"]);

export class Desk {
  selectedId = $state<string | null>(null);
  painted = $state.raw<Painted>(NOTHING_PAINTED);
  said = $state.raw<Said | null>(null);
  undoable = $state.raw<Undoable | null>(null);
  /** What the map should show, with a counter: the same place may be asked for twice. */
  focus = $state.raw<{ lat: number; lon: number; n: number } | null>(null);
  /** What was clicked on the map, or chosen otherwise: one card at a time. */
  shown = $state.raw<{ kind: ShownKind; id: string } | null>(null);

  // Derived by functions: the connection is given to the constructor, after these are set up.
  readonly targetOf = $derived.by(() => targetFrom(this.live.city));
  readonly queue = $derived.by(() =>
    sortQueue(Object.values(this.live.views.incidents), this.live.nowMs, this.targetOf),
  );
  readonly selected = $derived.by(() =>
    this.selectedId === null ? null : (this.live.views.incidents[this.selectedId] ?? null),
  );

  #nSaid = 0;
  #busy = new Set<string>();

  constructor(readonly live: Live) {}

  select(incidentId: string | null): void {
    this.selectedId = incidentId;
    this.repaint();
    const row = this.selected;
    if (row?.is_placed) this.look(row.lat, row.lon);
  }

  look(lat: number, lon: number): void {
    this.focus = { lat, lon, n: (this.focus?.n ?? 0) + 1 };
  }

  repaint(): void {
    this.painted = repaint(this.painted, this.selected, performance.now());
  }

  isAvailable(unitId: string): boolean {
    return AVAILABLE.has(this.live.views.units[unitId]?.state ?? "");
  }

  show(kind: ShownKind, id: string): void {
    this.shown = { kind, id };
  }

  shownId(kind: ShownKind): string | null {
    return this.shown?.kind === kind ? this.shown.id : null;
  }

  say(kind: Said["kind"], text: string): void {
    this.#nSaid += 1;
    this.said = { kind, text, n: this.#nSaid };
  }

  /** Assign the i-th unit of the painted list, counted from 0. */
  async assignPainted(i: number): Promise<void> {
    const { recommendation, incidentId } = this.painted;
    const candidate = recommendation?.candidates[i];
    if (!candidate) return this.say("no", t("desk.no_candidate", { n: i + 1 }));
    if (isSettling(this.painted, performance.now())) {
      return this.say("no", t("desk.just_updated"));
    }
    await this.assign(incidentId, candidate.unit_id);
  }

  /** Send a unit; the painted ranking goes along, so that the choice can be compared later. */
  async assign(incidentId: string, unitId: string): Promise<void> {
    const row = this.live.views.incidents[incidentId];
    const isPainted = this.painted.incidentId === incidentId;
    const seq = isPainted ? (this.painted.recommendation?.seq ?? 0) : 0;
    const callSign = this.live.views.units[unitId]?.call_sign ?? unitId;
    const label = t("desk.assigned", { unit: callSign, incident: incidentId });
    const body = { incident_id: incidentId, unit_id: unitId, painted_seq: seq };
    const accepted = await this.send("AssignUnit", body, label, { ifMatch: row?.seq });
    if (accepted && row && row.n_sent + 1 >= row.n_needed) this.#goOn(incidentId);
  }

  /** After an assignment, and only then, the selection moves to the next that waits. */
  #goOn(doneId: string): void {
    if (this.selectedId !== doneId) return;
    const next = this.queue.find(
      (row) => row.incident_id !== doneId && groupOf(row) === "unsent",
    );
    if (next) this.select(next.incident_id);
  }

  async report(order: OrderRow, name: ReportName): Promise<void> {
    const label = t("desk.voice", { unit: order.call_sign, what: t(REPORT_WORDS[name]) });
    await this.send(name, { order_id: order.order_id, source: "voice" }, label);
  }

  async withdraw(order: OrderRow, reason: string): Promise<void> {
    const label = t("desk.withdrawn", { unit: order.call_sign, order: order.order_id });
    await this.send("WithdrawUnit", { order_id: order.order_id, reason }, label);
  }

  async rank(row: IncidentRow): Promise<void> {
    const label = t("desk.ranked", { incident: row.incident_id });
    await this.send("RecommendUnits", { incident_id: row.incident_id }, label);
  }

  /** Take back the last own command, while the server still allows it. */
  async undo(): Promise<void> {
    const last = this.undoable;
    if (!last || this.live.nowMs > last.untilMs) {
      this.undoable = null;
      return this.say("no", t(last ? "undo.too_late" : "undo.nothing"));
    }
    const accepted = await this.send("Undo", { seq: last.seq }, t("undo.done", { what: last.label }));
    if (accepted) this.undoable = null;
  }

  /** Send one command and say what came of it; null when it was refused or not answered. */
  async send<N extends CommandName>(
    name: N,
    body: Commands[N],
    label: string,
    options: { ifMatch?: number | undefined } = {},
  ): Promise<Accepted | null> {
    // A key held down, or pressed twice, is one wish.
    const wish = JSON.stringify([name, body]);
    if (this.#busy.has(wish)) return null;
    this.#busy.add(wish);
    try {
      const accepted = await sendCommand(name, body, this.live.viewer, options);
      this.say("ok", label);
      if (name !== "Undo" && accepted.undo_until_ms) {
        this.undoable = { seq: accepted.seq, untilMs: accepted.undo_until_ms, label };
      }
      return accepted;
    } catch (error) {
      this.say("no", explain(error));
      return null;
    } finally {
      this.#busy.delete(wish);
    }
  }
}

export type ReportName = "AcknowledgeOrder" | "ReportEnRoute" | "ReportArrival" | "ReportHandled";

export const REPORT_WORDS = {
  AcknowledgeOrder: "do.sign",
  ReportEnRoute: "do.start",
  ReportArrival: "do.arrive",
  ReportHandled: "do.finish",
} as const;

/** An error in the words of the desk; anything else is a fault of ours and goes on. */
export function explain(error: unknown): string {
  if (error instanceof RefusedError) {
    const said = either(error.reason_zh, error.reason_en);
    return error.code === "version_conflict" ? t("refused.version", { said }) : said;
  }
  if (error instanceof UnknownOutcomeError) return t("refused.unknown");
  throw error;
}
