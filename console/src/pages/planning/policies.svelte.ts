/** What the part on policies does: asks for a comparison, and has a policy used that has one. */

import { RefusedError, sendCommand, type Viewer } from "../../api/client";
import { either, t } from "../../words/words.svelte";
import {
  askPolicy,
  readPolicies,
  stopPolicy,
  type Policies,
  type PolicyAsk,
  type PolicyTrial,
} from "./policiesApi";

const POLL_MS = 1_000;
const RUNNING = new Set(["queued", "running"]);

export class PolicyChoice {
  overview = $state.raw<Policies | null>(null);
  ask = $state<PolicyAsk>({
    policy: "nearest",
    ways: { move_up: "circles", turns: true, kept: -1, per_unit: 0, per_shift: 0 },
    desk_id: "",
    n_days: 14,
  });
  person = $state("");
  reason = $state("");
  said = $state("");
  isRefused = $state(false);
  isBusy = $state(false);
  /** The comparison whose use needs another person. */
  askableId = $state("");

  readonly isRunning = $derived(
    this.overview?.trials.some((each) => RUNNING.has(each.job?.state ?? "")) ?? false,
  );

  /** A shadow is set, and nothing was counted of it yet. */
  readonly shadowWaits = $derived.by(() => {
    const { rules, shadow } = this.overview ?? {};
    return Boolean(rules?.shadow && (!shadow?.shadow.startsWith(rules.shadow) || shadow.recommended.length === 0));
  });

  constructor(readonly viewer: Viewer) {}

  async read(): Promise<void> {
    await this.#try(async () => {
      this.overview = await readPolicies(this.viewer);
    });
  }

  /** Ask after what runs, for as long as something does; returns what ends it. */
  watch(): () => void {
    const timer = setInterval(() => {
      if (this.isRunning || this.shadowWaits) void readPolicies(this.viewer).then((found) => (this.overview = found), () => undefined);
    }, POLL_MS);
    return () => clearInterval(timer);
  }

  async run(): Promise<void> {
    await this.#try(async () => {
      await askPolicy(this.ask, this.viewer);
      this.overview = await readPolicies(this.viewer);
      this.said = t("policy.started");
    });
  }

  /** Said at its own form, which stands far below the other. */
  shadowSaid = $state("");
  isShadowRefused = $state(false);

  /** Another shadow, or none; whether it holds now. */
  async runShadow(policy: string, by: string, reason: string): Promise<boolean> {
    this.shadowSaid = "";
    if (!by || !reason) {
      [this.isShadowRefused, this.shadowSaid] = [true, t("policy.shadow_unsigned")];
      return false;
    }
    await this.#try(async () => {
      await sendCommand("RunShadowPolicy", { policy, by, reason }, this.viewer);
      this.overview = await readPolicies(this.viewer);
      this.said = t(policy ? "policy.shadow_on" : "policy.shadow_is_off");
    });
    [this.isShadowRefused, this.shadowSaid, this.isRefused, this.said] = [this.isRefused, this.said, false, ""];
    return !this.isShadowRefused;
  }

  async stop(id: string): Promise<void> {
    await this.#try(async () => {
      await stopPolicy(id, this.viewer);
      this.overview = await readPolicies(this.viewer);
      this.said = t("planning.stopping");
    });
  }

  async use(trial: PolicyTrial): Promise<void> {
    this.askableId = "";
    await this.#try(async () => {
      await sendCommand("UsePolicy", this.#body(trial), this.viewer);
      this.overview = await readPolicies(this.viewer);
      this.said = t("policy.used", { policy: trial.policy });
    });
    if (this.isRefused && this.#code === "second_person_needed") this.askableId = trial.trial_id;
  }

  async askApproval(trial: PolicyTrial): Promise<void> {
    await this.#try(async () => {
      const what = { type: "UsePolicy", ...this.#body(trial) };
      const done = await sendCommand("AskApproval", { person: this.person.trim(), what }, this.viewer);
      this.askableId = "";
      this.said = t("policy.asked", { id: String(done.events[0]?.["approval_id"] ?? "") });
    });
  }

  #code = "";

  #body(trial: PolicyTrial): {
    policy: string;
    ways: unknown;
    desk_id: string;
    approved_by: string;
    reason: string;
    proof: unknown;
  } {
    const { policy, ways, desk_id } = trial.ask;
    const [approved_by, reason] = [this.person.trim(), this.reason.trim()];
    return { policy, ways, desk_id, approved_by, reason, proof: trial.proof };
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    [this.isRefused, this.said, this.#code] = [false, "", ""];
    try {
      await act();
    } catch (error) {
      this.isRefused = true;
      const isRefusal = error instanceof RefusedError;
      this.#code = isRefusal ? error.code : "";
      this.said = isRefusal ? either(error.reason_zh, error.reason_en) : t("app.no_answer");
    } finally {
      this.isBusy = false;
    }
  }
}
