/** What the pages of the duties share: asking the server, saying what came of it, signing as oneself. */

import { getJson, getRefusal, RefusedError, sendCommand, viewerHeaders, type Viewer } from "../../api/client";
import type { CommandName, Commands } from "../../api/commands";
import { addWords, either, t } from "../../words/words.svelte";
import { approvalWords } from "../../words/zh/approval";
import { dutyWords } from "../../words/zh/duty";
import { logOnWords } from "../../words/zh/logOn";

addWords({ ...approvalWords, ...dutyWords, ...logOnWords });

export class Duty {
  said = $state("");
  isRefused = $state(false);
  isBusy = $state(false);

  constructor(readonly viewer: Viewer) {}

  /** Do something and say what came of it; null where it was refused. */
  async try<T>(act: () => Promise<T>, done = ""): Promise<T | null> {
    this.isBusy = true;
    this.isRefused = false;
    try {
      const made = await act();
      this.said = done;
      return made;
    } catch (error) {
      this.isRefused = true;
      const isRefusal = error instanceof RefusedError;
      this.said = isRefusal ? either(error.reason_zh, error.reason_en) : t("app.no_answer");
      return null;
    } finally {
      this.isBusy = false;
    }
  }

  /** Say that something cannot be read as it was typed. */
  no(why: string): void {
    [this.isRefused, this.said] = [true, why];
  }

  read<T>(path: string): Promise<T | null> {
    return this.try(() => getJson<T>(path, this.viewer), this.said);
  }

  /** Ask for something; the answer as it is, a file among others. */
  async ask(path: string, body: unknown): Promise<Response> {
    const headers = { ...viewerHeaders(this.viewer), "Content-Type": "application/json" };
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw await getRefusal(response);
    return response;
  }

  async send<N extends CommandName>(name: N, body: Commands[N]): Promise<boolean> {
    return (await this.try(() => sendCommand(name, body, this.viewer), t("duty.done"))) !== null;
  }
}

/** Numbers of incidents and calls as a person types them: `J12 C7`; null where one is neither. */
export function readNumbers(text: string): { incident_ids: string[]; call_ids: string[] } | null {
  const words = text.toUpperCase().split(/[\s,，、]+/).filter(Boolean);
  const incident_ids = words.filter((word) => /^J\d+$/.test(word));
  const call_ids = words.filter((word) => /^C\d+$/.test(word));
  const isRead = words.length > 0 && incident_ids.length + call_ids.length === words.length;
  return isRead ? { incident_ids, call_ids } : null;
}
