/** The desk's hands: what is selected, the commands it sends, what came of them, and undo. */

import { RefusedError, getJson, sendCommand } from "../../api/client";
import type { Accepted, CommandName, Commands } from "../../api/commands";
import { explain } from "../../api/explain";
import type { IncidentRow, OrderRow } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { t } from "../../words/words.svelte";
import { NOTHING_PAINTED, isSettling, repaint, type Painted } from "./painted";
import { groupOf, isDue, sortQueue, targetFrom } from "./queue";
import type { PanelName } from "./panels/names";
import type { SendAct } from "./sendActs";

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
  /** What can be taken back, the last one last: several sent with one key are several. */
  undoables = $state.raw<Undoable[]>([]);
  /** The unit under way whose diversion is being asked about; null where none is. */
  diverting = $state.raw<string | null>(null);
  /** What is being asked of others for the selected incident; null where nothing is. */
  asking = $state.raw<SendAct | null>(null);
  /** What the map should show, with a counter: the same place may be asked for twice. */
  focus = $state.raw<{ lat: number; lon: number; n: number } | null>(null);
  /** What was clicked on the map, or chosen otherwise: one card at a time. */
  shown = $state.raw<{ kind: ShownKind; id: string } | null>(null);

  /** The panel over the map, one at a time, and what it begins with. */
  panel = $state.raw<PanelName | null>(null);
  panelSeed = $state.raw<Record<string, string>>({});

  // Derived by functions: the connection is given to the constructor, after these are set up.
  readonly targetOf = $derived.by(() => targetFrom(this.live.city));
  readonly queue = $derived.by(() =>
    sortQueue(
      Object.values(this.live.views.incidents).filter(isDue),
      this.live.nowMs,
      this.targetOf,
    ),
  );
  readonly selected = $derived.by(() =>
    this.selectedId === null ? null : (this.live.views.incidents[this.selectedId] ?? null),
  );

  readonly undoable = $derived.by(() => this.undoables.at(-1) ?? null);
  /** Emergencies nobody has ended, the oldest first. */
  readonly emergencies = $derived.by(() =>
    Object.values(this.live.views.emergencies).sort((a, b) => a.declared_at_ms - b.declared_at_ms),
  );
  /** Where the selection was before an emergency was looked at. */
  cameFrom = $state.raw<string | null>(null);

  #nSaid = 0;
  #busy = new Set<string>();
  #undoing: Promise<boolean> = Promise.resolve(true);
  /** Whether the last command was refused because another seat had changed the thing. */
  #hasConflict = false;

  constructor(readonly live: Live) {}

  select(incidentId: string | null): void {
    // A form that is open belongs to its incident: it closes when the hand goes to another one.
    if (incidentId !== this.selectedId) this.diverting = this.asking = null;
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

  /** Open a panel, or close the one that is open; with what is known already it stays open. */
  openPanel(name: PanelName, seed: Record<string, string> = {}): void {
    const isSeeded = Object.keys(seed).length > 0;
    this.panelSeed = seed;
    this.panel = this.panel === name && !isSeeded ? null : name;
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
  async assign(incidentId: string, unitId: string, beside = false): Promise<boolean> {
    const row = this.live.views.incidents[incidentId];
    const label = t(beside ? "desk.assigned_beside" : "desk.assigned", {
      unit: this.callSign(unitId),
      incident: incidentId,
    });
    const accepted = await this.#assignOne(incidentId, unitId, label, { beside, ifMatch: row?.seq });
    if (accepted && row && row.n_sent + 1 >= row.n_needed) this.#goOn(incidentId);
    return accepted !== null;
  }

  /** Send the first `n` of the painted list, or the team: one command each, the result of each said. */
  async assignSeveral(which: number | "team"): Promise<boolean> {
    const { recommendation, incidentId } = this.painted;
    if (!recommendation || isSettling(this.painted, performance.now())) {
      this.say("no", t(recommendation ? "desk.just_updated" : "desk.no_team"));
      return false;
    }
    const listed = recommendation.candidates.map((each) => each.unit_id);
    const unitIds = which === "team" ? recommendation.team : listed.slice(0, which);
    if (unitIds.length === 0) {
      this.say("no", t("desk.no_team"));
      return false;
    }
    return await this.assignEach(incidentId, unitIds);
  }

  async assignEach(incidentId: string, unitIds: readonly string[]): Promise<boolean> {
    const row = this.live.views.incidents[incidentId];
    const [sent, refused]: [string[], string[]] = [[], []];
    // Each follows the version that the one before has made: another seat's hand is noticed.
    let version = row?.seq;
    for (const unitId of unitIds) {
      const label = t("desk.assigned", { unit: this.callSign(unitId), incident: incidentId });
      const accepted = await this.#assignOne(incidentId, unitId, label, { ifMatch: version });
      if (accepted) {
        version = accepted.seq;
        sent.push(this.callSign(unitId));
      } else refused.push(this.said?.text ?? this.callSign(unitId));
    }
    const parts = sent.length
      ? [t("desk.assigned", { unit: sent.join("、"), incident: incidentId })]
      : [];
    this.say(refused.length ? "no" : "ok", [...parts, ...refused].join("；"));
    if (row && row.n_sent + sent.length >= row.n_needed && sent.length) this.#goOn(incidentId);
    return refused.length === 0;
  }

  async #assignOne(
    incidentId: string,
    unitId: string,
    label: string,
    { beside = false, ifMatch }: { beside?: boolean; ifMatch: number | undefined },
  ): Promise<Accepted | null> {
    const isPainted = this.painted.incidentId === incidentId;
    const seq = isPainted ? (this.painted.recommendation?.seq ?? 0) : 0;
    const body = {
      incident_id: incidentId,
      unit_id: unitId,
      painted_seq: seq,
      by: this.live.viewer.seat,
      ...(beside ? { beside } : {}),
    };
    const accepted = await this.send("AssignUnit", body, label, { ifMatch });
    if (!accepted && this.#hasConflict) await this.#sayBy(incidentId, unitId);
    return accepted;
  }

  /** Another seat was quicker: say which, and with what; the row on the screen may be older. */
  async #sayBy(incidentId: string, unitId: string): Promise<void> {
    const path = `/v1/incidents/${incidentId}`;
    const row = await getJson<IncidentRow>(path, this.live.viewer).catch(() => null);
    const last = row?.orders.findLast((order) => order.state !== "withdrawn" && order.sent_by);
    if (!last) return;
    const own = row?.orders.findLast((order) => order.unit_id === unitId && order.sent_by);
    const { call_sign: unit, sent_by: by } = own ?? last;
    this.say("no", t("refused.sent_by", { unit, by, incident: incidentId }));
  }

  callSign(unitId: string): string {
    return this.live.views.units[unitId]?.call_sign ?? unitId;
  }

  /** Look at an emergency's incident, and remember the way back. */
  goTo(incidentId: string): void {
    if (this.selectedId === incidentId) return;
    this.cameFrom = this.selectedId;
    this.select(incidentId);
  }

  goBack(): void {
    if (this.cameFrom) this.select(this.cameFrom);
    this.cameFrom = null;
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

  async withdraw(order: OrderRow, reason: string): Promise<boolean> {
    const isRead = order.state !== "dispatched";
    const label = t(isRead ? "desk.withdrawn_read" : "desk.withdrawn", {
      unit: order.call_sign,
      order: order.order_id,
    });
    return !!(await this.send("WithdrawUnit", { order_id: order.order_id, reason }, label));
  }

  async rank(row: IncidentRow): Promise<boolean> {
    const label = t("desk.ranked", { incident: row.incident_id });
    return !!(await this.send("RecommendUnits", { incident_id: row.incident_id }, label));
  }

  /**
   * Take back the last own command, while the server still allows it. A second press waits for
   * the first: the screen often shows that one done before its answer is here.
   */
  undo(): Promise<boolean> {
    const done = this.#undoing.then(() => this.#undoLast());
    this.#undoing = done;
    return done;
  }

  async #undoLast(): Promise<boolean> {
    const last = this.undoable;
    if (!last || this.live.nowMs > last.untilMs) {
      this.undoables = [];
      this.say("no", t(last ? "undo.too_late" : "undo.nothing"));
      return false;
    }
    const accepted = await this.send("Undo", { seq: last.seq }, t("undo.done", { what: last.label }));
    if (!accepted) return false;
    this.undoables = this.undoables.filter((each) => each !== last);
    const mustSign = accepted.events.some((event) => event["must_sign"] === true);
    if (mustSign) this.say("ok", t("undo.to_sign", { what: last.label }));
    return true;
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
    this.#hasConflict = false;
    try {
      const accepted = await sendCommand(name, body, this.live.viewer, options);
      this.say("ok", label);
      if (name !== "Undo" && accepted.undo_until_ms) {
        const last = { seq: accepted.seq, untilMs: accepted.undo_until_ms, label };
        this.undoables = [...this.undoables.slice(-9), last];
      }
      return accepted;
    } catch (error) {
      this.#hasConflict = error instanceof RefusedError && error.code === "version_conflict";
      this.say("no", explain(error));
      return null;
    } finally {
      this.#busy.delete(wish);
    }
  }
}

export type ReportName =
  | "AcknowledgeOrder"
  | "ReportEnRoute"
  | "ReportArrival"
  | "ReportSafe"
  | "ReportHandled";

export const REPORT_WORDS = {
  AcknowledgeOrder: "do.sign",
  ReportEnRoute: "do.start",
  ReportArrival: "do.arrive",
  ReportSafe: "do.safe",
  ReportHandled: "do.finish",
} as const;
