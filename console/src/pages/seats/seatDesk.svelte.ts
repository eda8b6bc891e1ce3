/** A special seat at work: what it says of itself, what is chosen, what was sent and what came of it. */

import { getJson, RefusedError, sendCommand } from "../../api/client";
import type { CommandName, Commands } from "../../api/commands";
import type { ItemRow } from "../../api/rows";
import { PLAIN, type FormField, type ItemKind, type SeatAction, type SeatConsent, type SeatSeen, type TableRow, type TableSeen } from "../../api/seats";
import type { Live } from "../../live/live.svelte";
import { either, t, word } from "../../words/words.svelte";
import { sortItems } from "./ageing";
import { coreActions } from "./coreActions";
import { inWords } from "./rows";

export const SHOWN_ITEMS = 200;
const REFETCH_MS = 800;

export interface Chosen {
  table: string;
  row: TableRow;
}

export class SeatDesk {
  seen = $state.raw<SeatSeen | null>(null);
  failed = $state("");
  itemId = $state<string | null>(null);
  row = $state.raw<Chosen | null>(null);
  action = $state.raw<SeatAction | null>(null);
  /** Who acts, where nobody is asked at the door. */
  me = $state("");
  said = $state("");
  isRefused = $state(false);
  isBusy = $state(false);
  /** What is over is looked at, and nothing is done: no key acts. */
  isArchive = $state(false);
  archivedId = $state("");
  fromDay = $state("");
  toDay = $state("");

  readonly items = $derived.by(() =>
    sortItems(Object.values(this.live.views.items).filter((item) => item.seat_id === this.seatId)),
  );
  readonly item = $derived.by<ItemRow | null>(() => this.items.find((each) => each.item_id === this.itemId) ?? null);
  /** What is owed after an incident was closed is no longer tied to it, but is still about it. */
  readonly incidentId = $derived.by(() => {
    const about = this.item?.subject_id ?? "";
    return this.item?.incident_id || this.row?.row.incident_id || (/^J\d+$/.test(about) ? about : "");
  });
  readonly actions = $derived.by<SeatAction[]>(() => {
    const own = (this.seen?.declaration.actions ?? []).filter((each) => this.#isOffered(each));
    return this.item ? [...own, ...coreActions(this.item)] : own;
  });
  /** What may have changed what the tables and figures tell: read anew when it does. */
  readonly changed = $derived.by(() => this.items.map((each) => `${each.item_id}@${each.seq}`).join());

  /** Hands in the form that is open. */
  submit: () => void = () => undefined;

  /** What is chosen, as people call it. */
  readonly chosen = $derived.by(() => {
    if (this.item) return `${this.item.item_id} ${either(this.item.title_zh, this.item.title_en)}`;
    const first = this.seen?.declaration.tables.find((each) => each.name === this.row?.table)?.columns[0];
    return this.row && first ? String(this.row.row[first.name] ?? this.row.row.row_id) : "";
  });
  readonly title = $derived.by(() => {
    const declared = this.seen?.declaration;
    return declared ? either(declared.title_zh, declared.title_en) : this.seatId;
  });

  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly live: Live,
    readonly seatId: string,
  ) {}

  kindOf(item: ItemRow): ItemKind | undefined {
    return this.seen?.declaration.kinds.find((each) => each.kind === item.kind);
  }

  stageWords(item: ItemRow): string {
    const words = this.kindOf(item)?.words[item.stage];
    return words ? either(...words) : item.stage;
  }

  ownerWords(item: ItemRow): string {
    if (item.owner_kind === "seat") return word("item_owner", "seat");
    if (item.owner_kind === "unit") return this.live.views.units[item.owner_id]?.call_sign ?? item.owner_id;
    if (item.owner_kind === "desk") return this.deskName(item.owner_id);
    return item.owner_id;
  }

  /** A desk, a unit, the seat or a person, by name. */
  nameOf(who: string): string {
    if (who === this.seatId) return this.title;
    return this.live.views.units[who]?.call_sign ?? this.deskName(who);
  }

  deskName(deskId: string): string {
    return this.live.city?.desks?.find((each) => each.desk_id === deskId)?.name ?? deskId;
  }

  async read(): Promise<void> {
    const query = new URLSearchParams();
    if (this.fromDay && this.toDay) {
      query.set("from", this.fromDay);
      query.set("to", this.toDay);
    }
    try {
      const seen = await getJson<SeatSeen>(`/v1/seats/${this.seatId}?${query}`, this.live.viewer);
      // Further pages of a table that somebody reads stay where they are.
      this.seen = seen;
      [this.failed, this.fromDay, this.toDay] = ["", seen.from_day, seen.to_day];
    } catch (error) {
      this.failed = why(error);
    }
  }

  /** A further page of one table. */
  async turn(table: TableSeen, skip: number): Promise<void> {
    const query = new URLSearchParams({ table: table.name, skip: String(skip) });
    const path = `/v1/seats/${this.seatId}?${query}`;
    const found = await getJson<SeatSeen>(path, this.live.viewer).catch(() => null);
    const page = found?.tables[0];
    if (!page || !this.seen) return;
    this.seen = {
      ...this.seen,
      tables: this.seen.tables.map((each) => (each.name === page.name ? page : each)),
    };
  }

  /** Read anew in a moment; what changes several times at once is read once. */
  readSoon(): () => void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.read();
    }, REFETCH_MS);
    return () => undefined;
  }

  select(itemId: string | null): void {
    if (itemId === this.itemId) return;
    [this.itemId, this.row, this.action] = [itemId, null, null];
  }

  step(by: number): void {
    if (this.items.length === 0) return;
    const at = this.items.findIndex((each) => each.item_id === this.itemId);
    const to = at < 0 ? 0 : Math.min(this.items.length - 1, Math.max(0, at + by));
    this.select(this.items[to]?.item_id ?? null);
  }

  chooseRow(table: string, row: TableRow): void {
    [this.row, this.action, this.itemId] = [{ table, row }, null, null];
  }

  /** One key, one act: what asks for nothing more is done at once, anything else opens its form. */
  begin(action: SeatAction): void {
    if (isOneKey(action) && (!action.by || this.me.trim())) {
      [this.action, this.said, this.isRefused] = [null, "", false];
      void this.send(action, action.fills ? { [action.fills]: this.filled(action) } : {});
      return;
    }
    [this.action, this.said, this.isRefused] = [action, "", false];
  }

  close(): void {
    this.action = null;
  }

  /** What the place beside the form fills of a command. */
  filled(action: SeatAction): string {
    if (action.on === "item") return this.item?.item_id ?? "";
    if (action.on === "subject") return this.item?.subject_id ?? "";
    if (action.on === "row") return this.row?.row.row_id ?? "";
    return action.on === "incident" ? this.incidentId : "";
  }

  async send(action: SeatAction, body: Record<string, unknown>): Promise<boolean> {
    if (this.isBusy) return false;
    this.isBusy = true;
    const name = action.command as CommandName;
    try {
      const signed = action.by ? { [action.by]: this.me.trim(), ...body } : body;
      await sendCommand(name, signed as unknown as Commands[CommandName], this.live.viewer);
      [this.said, this.isRefused] = [t("special.done", { what: either(action.zh, action.en) }), false];
      this.readSoon();
      return true;
    } catch (error) {
      if (error instanceof RefusedError && error.code === this.#consentCode(action)) return await this.#ask(action, body);
      [this.said, this.isRefused] = [inWords(why(error), fieldsOf(action)), true];
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  /** Another of the seat's readers consents by its own act: nobody's name is typed. */
  async #ask(action: SeatAction, body: Record<string, unknown>): Promise<boolean> {
    const me = this.me.trim();
    const said = JSON.stringify(action.by ? { [action.by]: me, ...body } : body);
    try {
      const what = { type: "SeatAct", name: action.command, said };
      await sendCommand("AskApproval", { person: me, what }, this.live.viewer);
      [this.said, this.isRefused] = [t("special.asked", { what: either(action.zh, action.en) }), false];
      return true;
    } catch (error) {
      [this.said, this.isRefused] = [why(error), true];
      return false;
    }
  }

  #consentCode(action: SeatAction): string {
    return this.consentTo(action)?.code ?? "";
  }

  /** Whether another person may have to consent to an action, as its seat says. */
  consentTo(action: SeatAction): SeatConsent | undefined {
    return this.seen?.declaration.consents.find((each) => each.command === action.command);
  }

  #isOffered(action: SeatAction): boolean {
    if (!this.seen?.commands.includes(action.command)) return false;
    if (action.on === "row") return this.row?.table === action.table;
    const item = this.item;
    const isOnItem = action.on === "item" || action.on === "subject";
    // An incident can also be typed: only another kind of item that is chosen speaks against it.
    if (!item) return !isOnItem;
    if (action.on === "subject" && !item.subject_id) return false;
    const isKind = action.kinds.length === 0 || action.kinds.includes(item.kind);
    return isKind && (action.stages.length === 0 || action.stages.includes(item.stage));
  }
}

/** Whether an action asks for nothing, and can be taken back or does no harm. */
export function isOneKey(action: SeatAction): boolean {
  return fieldsOf(action).length === 0 && !action.sure;
}

/** The fields of a form; of an incident's own action also which incident. */
export function fieldsOf(action: SeatAction): FormField[] {
  if (action.on !== "incident") return action.fields;
  const words = { zh: t("special.incident"), en: t("special.incident") };
  const which: FormField = { ...PLAIN, name: action.fills, ...words, kind: "incident" };
  return [which, ...action.fields];
}

function why(error: unknown): string {
  return error instanceof RefusedError ? either(error.reason_zh, error.reason_en) : t("app.no_answer");
}
