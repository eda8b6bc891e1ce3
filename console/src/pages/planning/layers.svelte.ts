/** Reads what posts reach, for the map and its tables: the last asked for is what is shown. */

import { RefusedError, postJson, type Viewer } from "../../api/client";
import { either, t } from "../../words/words.svelte";
import type { Layer } from "./planLayers";
import type { RingMap, SitePost } from "./planningApi";

/** A key held down moves a post many times; it is asked for when it rests. */
const REST_MS = 150;

export class PlanLayers {
  layer = $state<Layer>("rings");
  /** Only what the chosen post reaches. */
  isOne = $state(false);
  map = $state.raw<RingMap | null>(null);
  isReading = $state(false);
  refused = $state("");

  constructor(readonly viewer: Viewer) {}

  /** Ask what these posts reach; returns what gives it up. */
  read(posts: readonly SitePost[]): () => void {
    const stop = new AbortController();
    this.isReading = true;
    const timer = setTimeout(() => void this.#ask(posts, stop.signal), REST_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }

  async #ask(posts: readonly SitePost[], signal: AbortSignal): Promise<void> {
    try {
      const map = await postJson<RingMap>("/v1/plans/rings", { posts }, this.viewer, signal);
      if (signal.aborted) return;
      [this.map, this.refused] = [map, ""];
    } catch (error) {
      if (signal.aborted) return;
      const isRefusal = error instanceof RefusedError;
      // What was shown was of other posts.
      this.map = null;
      this.refused = isRefusal ? either(error.reason_zh, error.reason_en) : t("app.no_answer");
    }
    this.isReading = false;
  }
}
