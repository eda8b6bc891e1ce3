/** What the planner's page does: draws, runs, compares, asks for a plan to be used. */

import { RefusedError, sendCommand, type Viewer } from "../../api/client";
import { either, t } from "../../words/words.svelte";
import { PlanLayers } from "./layers.svelte";
import {
  actOn,
  drawScenario,
  readComparison,
  readLedger,
  readPlans,
  readProposal,
  readScenario,
  type Compared,
  type Draft,
  type Ledger,
  type Overview,
  type ScenarioFull,
  type SitePost,
} from "./planningApi";

export const TABS = ["draw", "compare", "adopt", "ledger", "policy", "ahead", "what_if"] as const;
export type Tab = (typeof TABS)[number];
export type Bound = "free" | "locked" | "forbidden";

export const BY_HAND = "by_hand";
const POLL_MS = 700;
const STEP_M = 50;
const METRES_PER_DEGREE = 111_195;

export interface DrawnPost extends SitePost {
  bound: Bound;
  isMoved: boolean;
  isAdded: boolean;
}

/** The posts of a scenario as they were drawn: those that stood, where they were put, and new ones. */
export function drawnPosts({ draft, posts }: { draft: Draft; posts: readonly SitePost[] }): SitePost[] {
  const moved = new Map(draft.drawn.map((each) => [each.site_id, each]));
  const known = new Set(posts.map((post) => post.site_id));
  const added = draft.drawn.filter((each) => !known.has(each.site_id));
  return [...posts.map((post) => moved.get(post.site_id) ?? post), ...added];
}

const plain = ({ site_id, kind, name, lat, lon }: SitePost): SitePost => ({ site_id, kind, name, lat, lon });

function newDraft(): Draft {
  return {
    name: "",
    author: "",
    model: BY_HAND,
    n_posts: 0,
    reach_s: 300,
    seconds: 60,
    n_candidates: 200,
    seed: 1,
    drawn: [],
    locked: [],
    forbidden: [],
    note: "",
    parameters: {},
  };
}

export class Planning {
  overview = $state.raw<Overview | null>(null);
  tab = $state<Tab>("draw");
  chosenId = $state("");
  baselineId = $state("");
  chosen = $state.raw<ScenarioFull | null>(null);
  draft = $state<Draft | null>(null);
  posts = $state<DrawnPost[]>([]);
  postId = $state("");
  nDays = $state(30);
  compared = $state.raw<Compared | null>(null);
  ledger = $state.raw<Ledger | null>(null);
  person = $state("");
  reason = $state("");
  from = $state("");
  said = $state("");
  isRefused = $state(false);
  isBusy = $state(false);
  /** Where the map looks, for a post that is added by a key. */
  middle: () => { lat: number; lon: number } | null = () => null;
  #nAdded = 0;

  readonly scenarios = $derived(this.overview?.scenarios ?? []);
  readonly line = $derived(this.scenarios.find((each) => each.scenario_id === this.chosenId) ?? null);
  readonly tried = $derived(this.scenarios.filter((each) => each.n_days >= 2));
  readonly isRunning = $derived(
    this.scenarios.some((each) => each.job?.state === "queued" || each.job?.state === "running"),
  );
  readonly model = $derived(
    this.overview?.models.find((each) => each.model === this.draft?.model) ?? null,
  );

  /** The posts that somebody would stand at: drawn and not forbidden, or those of the answer. */
  readonly standing = $derived.by((): SitePost[] => {
    if (this.draft) return this.posts.filter((post) => post.bound !== "forbidden").map(plain);
    const { solution = null, scenario = null } = this.chosen ?? {};
    if (solution) return solution.sites.map(plain);
    if (!scenario) return (this.overview?.posts ?? []).map(plain);
    const gone = new Set(scenario.draft.forbidden);
    return drawnPosts(scenario).filter((post) => !gone.has(post.site_id));
  });
  readonly layers: PlanLayers;

  constructor(readonly viewer: Viewer) {
    this.layers = new PlanLayers(viewer);
  }

  async read(): Promise<void> {
    await this.#try(async () => {
      this.overview = await readPlans(this.viewer);
    }, false);
  }

  /** Ask after what runs, for as long as something does; returns what ends it. */
  watch(): () => void {
    const timer = setInterval(() => {
      if (this.isRunning) void this.#look();
    }, POLL_MS);
    return () => clearInterval(timer);
  }

  async #look(): Promise<void> {
    // A poll that fails is followed by the next one; what a person asked for says its own errors.
    this.overview = await readPlans(this.viewer).catch(() => this.overview);
    if (!this.chosenId) return;
    this.chosen = await readScenario(this.chosenId, this.viewer).catch(() => this.chosen);
  }

  async choose(id: string): Promise<void> {
    this.draft = null;
    this.chosenId = id;
    this.chosen = null;
    this.compared = null;
    await this.#try(async () => {
      this.chosen = await readScenario(id, this.viewer);
    });
    if (this.tab === "compare") await this.compare();
  }

  show(tab: Tab): void {
    this.tab = tab;
    this.said = "";
    if (tab === "compare" && !this.compared) void this.compare();
    if (tab === "ledger") void this.readLedger();
    if (tab === "adopt") void this.read();
  }

  /** Draw over the posts of now, once they are known. */
  async begin(): Promise<void> {
    if (!this.overview) await this.read();
    if (!this.overview) return;
    this.#edit({ ...newDraft(), author: this.draft?.author ?? "" }, this.overview.posts);
  }

  /** A draft is frozen: what is to be changed is a copy of it. */
  copy(): void {
    const scenario = this.chosen?.scenario;
    if (scenario) this.#edit({ ...scenario.draft, name: `${scenario.draft.name} 2` }, scenario.posts);
  }

  #edit(draft: Draft, posts: readonly SitePost[]): void {
    const [known, put] = [posts, draft.drawn].map((some) => new Set(some.map((post) => post.site_id)));
    this.posts = drawnPosts({ draft, posts }).map((post) => {
      const isAdded = !known?.has(post.site_id);
      return this.#drawn(draft, post, { isAdded, isMoved: !isAdded && (put?.has(post.site_id) ?? false) });
    });
    this.#nAdded = this.posts.filter((post) => post.isAdded).length;
    this.draft = draft;
    this.chosenId = "";
    this.chosen = null;
    this.tab = "draw";
    this.postId = this.posts[0]?.site_id ?? "";
  }

  #drawn(draft: Draft, post: SitePost, how: { isMoved: boolean; isAdded: boolean }): DrawnPost {
    const isLocked = draft.locked.includes(post.site_id);
    const bound = isLocked ? "locked" : draft.forbidden.includes(post.site_id) ? "forbidden" : "free";
    return { ...post, bound, ...how };
  }

  bind(id: string, bound: Bound): void {
    this.posts = this.posts.map((post) =>
      post.site_id === id ? { ...post, bound: post.bound === bound ? "free" : bound } : post,
    );
  }

  place(id: string, lat: number, lon: number): void {
    this.posts = this.posts.map((post) =>
      post.site_id === id ? { ...post, lat, lon, isMoved: !post.isAdded } : post,
    );
  }

  nudge(id: string, north: number, east: number): void {
    const post = this.posts.find((each) => each.site_id === id);
    if (!post) return;
    const lat = post.lat + (north * STEP_M) / METRES_PER_DEGREE;
    const scale = METRES_PER_DEGREE * Math.cos((post.lat * Math.PI) / 180);
    this.place(id, lat, post.lon + (east * STEP_M) / scale);
  }

  add(centre: { lat: number; lon: number }): void {
    const { lat, lon } = this.middle() ?? centre;
    this.#nAdded += 1;
    const site_id = `A${this.#nAdded}`;
    const name = t("planning.new_post", { n: this.#nAdded });
    const post = { site_id, kind: "standby_post", name, lat, lon };
    this.posts = [...this.posts, { ...post, bound: "free", isMoved: false, isAdded: true }];
    this.postId = site_id;
  }

  async save(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    const of = (bound: Bound): string[] => this.posts.filter((p) => p.bound === bound).map((p) => p.site_id);
    const body = {
      ...draft,
      name: draft.name.trim(),
      drawn: this.posts.filter((each) => each.isMoved || each.isAdded).map(plain),
      locked: of("locked"),
      forbidden: of("forbidden"),
    };
    await this.#try(async () => {
      const { scenario_id } = await drawScenario(body, this.viewer);
      this.overview = await readPlans(this.viewer);
      await this.choose(scenario_id);
      this.said = t("planning.drawn_ok");
    });
  }

  async run(act: "solve" | "twin"): Promise<void> {
    await this.#try(async () => {
      const body = act === "twin" ? { n_days: this.nDays } : {};
      await actOn(this.chosenId, act, body, this.viewer);
      this.said = t("planning.started");
      await this.#look();
    });
  }

  async stop(): Promise<void> {
    await this.#try(async () => {
      await actOn(this.chosenId, "stop", {}, this.viewer);
      this.said = t("planning.stopping");
      await this.#look();
    });
  }

  async compare(): Promise<void> {
    const [id, other] = [this.chosenId, this.baselineId];
    this.compared = null;
    if (!id || !other || id === other) return;
    await this.#try(async () => {
      this.compared = await readComparison(id, other, this.viewer);
    });
  }

  async propose(): Promise<void> {
    await this.#try(async () => {
      const proposal = await readProposal(this.chosenId, this.baselineId, this.viewer);
      const from_ms = this.from ? new Date(this.from).getTime() : 0;
      const body = { ...proposal, person: this.person.trim(), reason: this.reason.trim(), from_ms };
      const done = await sendCommand("ProposePlan", body, this.viewer);
      this.overview = await readPlans(this.viewer);
      this.said = t("planning.proposed", { id: String(done.events[0]?.["plan_id"] ?? "") });
    });
  }

  async decide(plan_id: string, command: "PublishPlan" | "RejectPlan"): Promise<void> {
    await this.#try(async () => {
      const body = { plan_id, person: this.person.trim(), reason: this.reason.trim() };
      await sendCommand(command, body, this.viewer);
      this.overview = await readPlans(this.viewer);
      this.said = t(command === "PublishPlan" ? "planning.published" : "planning.rejected", { id: plan_id });
    });
  }

  async readLedger(): Promise<void> {
    await this.#try(async () => {
      this.ledger = await readLedger(this.viewer);
    });
  }

  async #try(act: () => Promise<void>, isLoud = true): Promise<void> {
    this.isBusy = true;
    if (isLoud) [this.isRefused, this.said] = [false, ""];
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
