/** What a crew has in hand: its unit, its orders, the taps that wait, and what came back. */

import { UnknownOutcomeError, sendCommand } from "../../api/client";
import type { CommandName, Commands } from "../../api/commands";
import type { IncidentRow, OrderRow, UnitRow } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { either } from "../../words/words.svelte";
import { Outbox, type Tap } from "./outbox";
import { project } from "./steps";

const FLUSH_EVERY_MS = 3_000;

export interface Task {
  incident: IncidentRow;
  order: OrderRow;
}

/** What the page knew last, for a reload without a network; gone when the tab is closed. */
interface Remembered {
  unit: UnitRow | null;
  tasks: Task[];
}

export class Crew {
  taps = $state.raw<Tap[]>([]);
  /** Taps that were accepted, until the screen has the record that says so: no button comes back. */
  #accepted = $state.raw<{ tap: Tap; seq: number }[]>([]);
  refusal = $state("");
  isOnline = $state(navigator.onLine);

  #outbox: Outbox | null = null;
  readonly #remembered: Remembered;

  readonly unit = $derived.by(() =>
    this.live.isLoaded ? (this.live.views.units[this.unitId] ?? null) : this.#remembered.unit,
  );
  /** Orders of this unit that ask something of it, the one under way first. */
  readonly tasks = $derived.by(() =>
    this.live.isLoaded ? listTasks(this.live, this.unitId) : this.#remembered.tasks,
  );

  constructor(
    readonly live: Live,
    readonly unitId: string,
  ) {
    this.#remembered = recall(unitId);
  }

  /** Begin; returns what ends it. */
  start(): () => void {
    const online = (): void => {
      this.isOnline = true;
      void this.#outbox?.flush();
    };
    const offline = (): void => {
      this.isOnline = false;
    };
    window.addEventListener("online", online);
    window.addEventListener("offline", offline);
    void this.#open();
    // Background sync exists in one browser family only; a timer works in all.
    const timer = setInterval(() => void this.#outbox?.flush(), FLUSH_EVERY_MS);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", online);
      window.removeEventListener("offline", offline);
      this.#outbox?.close();
    };
  }

  async #open(): Promise<void> {
    this.#outbox = await Outbox.open(
      this.unitId,
      (tap) => this.#send(tap),
      (waiting) => (this.taps = waiting),
      (_tap, error) => (this.refusal = either(error.reason_zh, error.reason_en)),
    );
    await this.#outbox.flush();
  }

  async #send(tap: Tap): Promise<void> {
    const name = tap.name as CommandName;
    const body = tap.body as unknown as Commands[CommandName];
    try {
      const { seq } = await sendCommand(name, body, this.live.viewer, {
        key: tap.key,
        retryAfterMs: [],
      });
      const shown = this.live.snapshot.cursor.seq;
      this.#accepted = [...this.#accepted.filter((each) => each.seq > shown), { tap, seq }];
      this.isOnline = true;
    } catch (error) {
      if (error instanceof UnknownOutcomeError) this.isOnline = navigator.onLine;
      throw error;
    }
  }

  async tap<N extends CommandName>(name: N, body: Commands[N]): Promise<void> {
    this.refusal = "";
    await this.#outbox?.add(name, body as Record<string, unknown>, Date.now());
  }

  stateOf(order: OrderRow): OrderRow["state"] {
    const shown = this.live.snapshot.cursor.seq;
    const ahead = this.#accepted.filter((each) => each.seq > shown).map((each) => each.tap);
    return project(order, [...ahead, ...this.taps]);
  }

  remember(): void {
    if (!this.live.isLoaded) return;
    try {
      const remembered: Remembered = { unit: this.unit, tasks: this.tasks };
      sessionStorage.setItem(`kuaifan.crew.${this.unitId}`, JSON.stringify(remembered));
    } catch {
      // Without storage a reload offline shows an empty page; nothing that was tapped is lost.
    }
  }
}

function recall(unitId: string): Remembered {
  try {
    const text = sessionStorage.getItem(`kuaifan.crew.${unitId}`);
    if (text) return JSON.parse(text) as Remembered;
  } catch {
    // As above.
  }
  return { unit: null, tasks: [] };
}

const OPEN = ["on_scene", "en_route", "acknowledged", "dispatched", "handled"];

function listTasks(live: Live, unitId: string): Task[] {
  const tasks = Object.values(live.views.incidents).flatMap((incident) =>
    incident.orders
      .filter((order) => order.unit_id === unitId && OPEN.includes(order.state))
      .map((order) => ({ incident, order })),
  );
  return tasks.sort(
    (a, b) =>
      OPEN.indexOf(a.order.state) - OPEN.indexOf(b.order.state) || a.order.t4_ms - b.order.t4_ms,
  );
}
