/** The demo's city life: who is simulated, how fast time goes; absent on a real desk. */

import { RefusedError, getJson, postJson, type Viewer } from "../../api/client";
import type { Life, LifeRole } from "../../api/city";
import { either, t } from "../../words/words.svelte";

export const SPEEDS = [1, 2, 5, 10, 30, 60] as const;

export class LifeSwitch {
  life = $state.raw<Life | null>(null);
  fault = $state("");

  constructor(private readonly viewer: Viewer) {}

  async read(): Promise<void> {
    try {
      this.life = await getJson<Life>("/v1/life", this.viewer);
    } catch {
      this.fault = t("app.no_answer");
    }
  }

  async setRole(role: LifeRole, isSimulated: boolean): Promise<void> {
    await this.#change({ roles: { [role]: isSimulated } });
  }

  async setSpeed(speed: number): Promise<void> {
    await this.#change({ speed });
  }

  async setHuman(unitId: string, isHuman: boolean): Promise<void> {
    const others = (this.life?.units_human ?? []).filter((each) => each !== unitId);
    await this.#change({ units_human: isHuman ? [...others, unitId] : others });
  }

  async #change(part: object): Promise<void> {
    this.fault = "";
    try {
      this.life = await postJson<Life>("/v1/life", part, this.viewer);
    } catch (error) {
      this.fault =
        error instanceof RefusedError
          ? either(error.reason_zh, error.reason_en)
          : t("app.no_answer");
      await this.read();
    }
  }
}
