/** What the page does: reads the settings, previews a change, saves it. */

import { RefusedError, sendCommand, type Viewer } from "../../api/client";
import type { SettingBody } from "../../api/settingCommands";
import { either, t } from "../../words/words.svelte";
import {
  RETIRABLE,
  SECTIONS,
  commandOf,
  newForm,
  rowOfChange,
  undoing,
  type Form,
  type Row,
  type Section,
} from "./sections";
import { askPreview, readSettings, type Preview, type SettingChange, type Settings } from "./settingsApi";

export const CHANGES = "changes";
export const PREMISES = "premise";
export const LETTERS = "letters";

function firstSection(): Section {
  const [first] = SECTIONS;
  if (!first) throw new Error("there are sections");
  return first;
}

export class Admin {
  settings = $state.raw<Settings | null>(null);
  sectionKey = $state(firstSection().key);
  rowId = $state("");
  form = $state<Form | null>(null);
  by = $state("");
  reason = $state("");
  preview = $state.raw<Preview | null>(null);
  said = $state("");
  isRefused = $state(false);
  isBusy = $state(false);
  #previewed = $state("");

  readonly section = $derived(SECTIONS.find((each) => each.key === this.sectionKey) ?? null);
  readonly rows = $derived(this.settings && this.section ? this.section.rows(this.settings) : []);
  readonly was = $derived(this.form?.isNew ? null : (this.rows.find((r) => r.id === this.rowId) ?? null));
  readonly canRetire = $derived(RETIRABLE.has(this.sectionKey));
  /** What is on the form has been previewed just so. */
  readonly isPreviewed = $derived(this.preview !== null && this.#previewed === this.#asked());

  constructor(readonly viewer: Viewer) {}

  async read(): Promise<void> {
    await this.#try(async () => {
      this.settings = await readSettings(this.viewer);
    });
  }

  show(key: string): void {
    this.sectionKey = key;
    this.close();
    this.said = "";
  }

  edit(row: Row): void {
    this.rowId = row.id;
    this.form = { isNew: false, isRetired: row.isRetired, values: { ...row.values } };
    this.#begin();
  }

  add(): void {
    this.rowId = "";
    if (!this.section || !this.settings) return;
    this.form = newForm(this.section, this.settings);
    this.#begin();
  }

  close(): void {
    this.form = null;
    this.preview = null;
    this.rowId = "";
  }

  /** Open the form that takes a change back; saving it is one more change. */
  undo(change: SettingChange): void {
    const section = SECTIONS.find((each) => each.key === change.kind);
    if (!section || !this.settings) return;
    const row = rowOfChange(section.rows(this.settings), change);
    if (!row) return;
    this.sectionKey = section.key;
    this.rowId = row.id;
    this.form = undoing(section, change, row);
    this.#begin();
    this.reason = t("admin.undo_reason", { reason: change.reason });
  }

  async askPreview(): Promise<void> {
    const { section } = this;
    if (!section || !this.form || this.isBusy) return;
    const asked = this.#asked();
    await this.#try(async () => {
      this.preview = null;
      this.said = "";
      this.preview = await askPreview(section.command, JSON.parse(asked), this.viewer);
      this.#previewed = asked;
    });
  }

  async save(): Promise<void> {
    const { section } = this;
    if (!section || !this.isPreviewed || this.isBusy) return;
    await this.#try(async () => {
      const body = JSON.parse(this.#asked()) as SettingBody;
      await sendCommand(section.command, body, this.viewer);
      this.settings = await readSettings(this.viewer);
      this.close();
      this.reason = "";
      this.said = t("admin.saved");
    });
  }

  #begin(): void {
    this.preview = null;
    this.said = "";
    this.isRefused = false;
  }

  #asked(): string {
    if (!this.section || !this.form) return "";
    const body = commandOf(this.section, this.form, this.was);
    return JSON.stringify({ ...body, by: this.by.trim(), reason: this.reason.trim() });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.isRefused = false;
    try {
      await act();
    } catch (error) {
      this.isRefused = true;
      const isRefusal = error instanceof RefusedError;
      this.said = isRefusal ? either(error.reason_zh, error.reason_en) : t("app.no_answer");
    } finally {
      this.isBusy = false;
    }
  }
}
