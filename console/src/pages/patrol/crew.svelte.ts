/** What a crew has in hand: its unit, its orders, the taps that wait, and what came back. */

import { UnknownOutcomeError, sendCommand } from "../../api/client";
import type { CommandName, Commands } from "../../api/commands";
import type { OrderRow, UnitRow } from "../../api/rows";
import type { Live } from "../../live/live.svelte";
import { either } from "../../words/words.svelte";
import { Outbox, type Tap } from "./outbox";
import { PhoneClock } from "./phoneClock";
import type { Photo, PhotoQueue } from "./photoQueue";
import { owesChange, project } from "./steps";
import { lostTasks, sortTasks, type Task } from "./tasks";

export type { Task };

const FLUSH_EVERY_MS = 3_000;
const SEND_TIMEOUT_MS = 10_000;
/** The stages: the desk keeps the time of the finger for them. */
const TIMED = new Set<CommandName>([
  "AcknowledgeOrder",
  "ReportEnRoute",
  "ReportArrival",
  "ReportHandled",
  "GiveFeedback",
]);

/** What the page knew last, for a reload without a network; gone when the tab is closed. */
interface Remembered {
  unit: UnitRow | null;
  tasks: Task[];
}

export class Crew {
  taps = $state.raw<Tap[]>([]);
  /** A call for help goes past everything else that waits. */
  helpTaps = $state.raw<Tap[]>([]);
  /** What came of taking a call for help back: taken, or on its way already. */
  helpUndone = $state<"" | "taken" | "leaving">("");
  photos = $state.raw<Photo[]>([]);
  /** Taps that were accepted, until the screen has the record that says so: no button comes back. */
  #accepted = $state.raw<{ tap: Tap; seq: number }[]>([]);
  refusal = $state("");
  /** Tasks that were taken away, until the crew has read so. */
  lost = $state.raw<Task[]>([]);
  isOnline = $state(navigator.onLine);
  /** Something waits that is gone if the page is closed: this browser writes nothing down. */
  readonly isUnkept = $derived([...this.helpTaps, ...this.taps].some((tap) => tap.isUnkept));

  readonly clock = new PhoneClock();
  // From the first moment: a tap while a store is still opening waits for it, and is not lost.
  #outbox: Promise<Outbox> | null = null;
  #help: Promise<Outbox> | null = null;
  #photoQueue: PhotoQueue | null = null;
  readonly #remembered: Remembered;
  #before: Task[] = [];

  readonly unit = $derived.by(() =>
    this.live.isLoaded ? (this.live.views.units[this.unitId] ?? null) : this.#remembered.unit,
  );
  /** Orders of this unit that ask something of it, in the order of the work. */
  readonly tasks = $derived.by(() =>
    this.live.isLoaded
      ? sortTasks(Object.values(this.live.views.incidents), this.unitId, this.unit?.order_id ?? "")
      : this.#remembered.tasks,
  );
  /** Orders nobody has signed, on this phone either. */
  readonly unsigned = $derived(
    this.tasks.filter((task) => this.stateOf(task.order) === "dispatched"),
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
      this.#flush();
    };
    const offline = (): void => {
      this.isOnline = false;
    };
    window.addEventListener("online", online);
    window.addEventListener("offline", offline);
    void this.#open();
    // Background sync exists in one browser family only; a timer works in all.
    const timer = setInterval(() => this.#flush(), FLUSH_EVERY_MS);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", online);
      window.removeEventListener("offline", offline);
      for (const each of [this.#outbox, this.#help]) void each?.then((outbox) => outbox.close());
      this.#photoQueue?.close();
    };
  }

  #flush(): void {
    for (const each of [this.#help, this.#outbox]) void each?.then((outbox) => outbox.flush());
    void this.#photoQueue?.flush();
  }

  async #open(): Promise<void> {
    const refused = (_tap: Tap, error: { reason_zh: string; reason_en: string }): void => {
      this.refusal = either(error.reason_zh, error.reason_en);
    };
    const send = (tap: Tap): Promise<void> => this.#send(tap);
    const help = `${this.unitId}.help`;
    this.#help = Outbox.open(help, send, (taps) => (this.helpTaps = taps), refused);
    this.#outbox = Outbox.open(this.unitId, send, (taps) => (this.taps = taps), refused);
    this.#flush();
    // Where nothing can be kept there are no photos either; taking one says so.
    await this.#openPhotos().catch(() => undefined);
  }

  async #openPhotos(): Promise<void> {
    const queue = await import("./photoQueue").catch(() => null);
    // Without a network on the very first visit: opened when the first photo is taken.
    this.#photoQueue = (await queue?.PhotoQueue.open(
      this.unitId,
      this.live.viewer,
      (photos) => (this.photos = photos),
      (error) => either(error.reason_zh, error.reason_en),
    )) ?? null;
    this.#flush();
  }

  async #send(tap: Tap): Promise<void> {
    const name = tap.name as CommandName;
    const body = tap.body as unknown as Commands[CommandName];
    try {
      const { seq } = await sendCommand(name, body, this.live.viewer, {
        key: tap.key,
        retryAfterMs: [],
        timeoutMs: SEND_TIMEOUT_MS,
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
    const atMs = this.clock.nowMs();
    const timed = TIMED.has(name) ? { ...body, device_at_ms: atMs } : body;
    await (await this.#outbox)?.add(name, timed as Record<string, unknown>, atMs);
  }

  /** 紧急求助: before all that waits. */
  async callForHelp(): Promise<void> {
    if (this.helpTaps.length > 0) return;
    this.helpUndone = "";
    const declared_by = this.unit?.crew_name || this.unit?.call_sign || this.unitId;
    const body = { unit_id: this.unitId, declared_by, source: "button" };
    await (await this.#help)?.add("DeclareEmergency", body, this.clock.nowMs());
  }

  /** Take back a call for help that never went out, as far as the phone knows, and say so. */
  async cancelHelp(): Promise<void> {
    const help = await this.#help;
    let isTaken = true;
    for (const tap of this.helpTaps) isTaken = ((await help?.remove(tap.n)) ?? false) && isTaken;
    this.helpUndone = isTaken ? "taken" : "leaving";
  }

  /** Throws where the file is no picture. */
  async photograph(file: Blob, orderId: string): Promise<void> {
    const { takePhoto } = await import("./takePhoto");
    if (!this.#photoQueue) await this.#openPhotos();
    await this.#photoQueue?.add(await takePhoto(file, orderId, this.clock.nowMs()));
  }

  /** Those on the phone: there once it was opened. */
  get photoQueue(): PhotoQueue | null {
    return this.#photoQueue;
  }

  /** What this phone has done that the screen's records do not know yet. */
  get #ahead(): Tap[] {
    const shown = this.live.snapshot.cursor.seq;
    const accepted = this.#accepted.filter((each) => each.seq > shown).map((each) => each.tap);
    return [...accepted, ...this.taps];
  }

  stateOf(order: OrderRow): OrderRow["state"] {
    return project(order, this.#ahead);
  }

  owesChange(order: OrderRow): boolean {
    return owesChange(order, this.#ahead);
  }

  /** Whether something of an order waits to be sent, or to be seen as sent. */
  isPending(name: CommandName, orderId: string): boolean {
    return this.#ahead.some((tap) => tap.name === name && tap.body["order_id"] === orderId);
  }

  /** Keep what is known, the clock too; notice what was taken away. An effect calls this. */
  remember(): void {
    if (!this.live.isLoaded) return;
    const gone = lostTasks(this.#before, this.tasks, this.live.views.incidents);
    for (const { order } of this.#before) {
      // What was written of people goes with the order; a returned one comes back with its text.
      const isGone = this.tasks.every((task) => task.order.order_id !== order.order_id);
      if (isGone) forget(`kuaifan.feedback.${order.order_id}`);
    }
    this.#before = this.tasks;
    if (gone.length > 0) this.lost = [...this.lost, ...gone];
    try {
      const remembered: Remembered = { unit: this.unit, tasks: this.tasks };
      sessionStorage.setItem(`kuaifan.crew.${this.unitId}`, JSON.stringify(remembered));
    } catch {
      // Without storage a reload offline shows an empty page; nothing that was tapped is lost.
    }
  }

  /** The server's clock has been heard. An effect calls this. */
  noteClock(): void {
    if (this.live.freshness === "fresh" && this.live.nowMs > 0) {
      this.clock.note(this.live.nowMs, this.live.speed);
    }
  }
}

function forget(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept there either.
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
