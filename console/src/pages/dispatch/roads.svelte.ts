/** The desk's hands on the roads: a drawing, what is sent of it, and the rings of a circle. */

import type { RoadChange } from "../../api/commands";
import type { Rings } from "../../api/city";
import { getJson } from "../../api/client";
import type { ClosureRow } from "../../api/rows";
import type { LonLat } from "../../map/features";
import { keep, readKept } from "../../shell/drafts.svelte";
import { t } from "../../words/words.svelte";
import type { Desk } from "./desk.svelte";
import { draw, fitPercent, MAX_POINTS, type Drawing, type DrawStep, type RoadChoice } from "./drawing";

/** What a map does for the keyboard, which is the page's. */
export interface MapHand {
  pan(dx: number, dy: number): void;
  zoom(by: number): void;
  centre(): LonLat;
}

export class Roads {
  /** A line that has its form is there again after a reload, and the form with it. */
  drawing = $state.raw<Drawing | null>(readKept<Drawing>("road-line"));
  /** Why the last try was refused; the drawing stays as it was. */
  refusal = $state("");
  rings = $state.raw<Rings | null>(null);
  hand = $state.raw<MapHand | null>(null);
  #from: Element | null = null;

  constructor(readonly desk: Desk) {}

  begin(): void {
    if (this.drawing) return;
    if (!this.hand) return this.desk.say("no", t("road.no_map"));
    this.#from = document.activeElement;
    this.refusal = "";
    this.drawing = { phase: "line", points: [] };
  }

  step(step: DrawStep): void {
    if (!this.drawing) return;
    const before = this.drawing;
    if (step.do === "go_on" && before.points.length === 0) {
      this.desk.say("no", t("road.need_point"));
    }
    if (step.do === "add" && before.points.length >= MAX_POINTS) {
      this.desk.say("no", t("road.full", { n: MAX_POINTS }));
    }
    this.#set(draw(before, step));
  }

  cancel(): void {
    this.#set(null);
  }

  /** Send it; returns whether it was accepted. */
  async submit(choice: RoadChoice): Promise<boolean> {
    const drawing = this.drawing;
    if (!drawing) return false;
    const { kind, reason, minutes, bothWays } = choice;
    const body: RoadChange = {
      points: drawing.points.map(({ lat, lon }) => [lat, lon]),
      reason,
      by: this.desk.live.viewer.seat,
      minutes,
      both_ways: bothWays,
    };
    const percent = fitPercent(choice.percent);
    this.refusal = "";
    const accepted =
      kind === "close"
        ? await this.desk.send("CloseRoad", body, t("road.closed_said", { reason }))
        : await this.desk.send(
            "SlowRoad",
            { ...body, percent },
            t("road.slowed_said", { reason, n: percent }),
          );
    if (accepted) {
      this.#set(null);
      // What was made of the line is shown, with the button that takes it back; but a card that
      // somebody opened stays, as that is what is being watched.
      const made = accepted.events.find((event) => event.type === "RoadClosed");
      if (!this.desk.shown) this.desk.show("closure", String(made?.["closure_id"]));
    } else if (this.drawing) this.refusal = this.desk.said?.text ?? "";
    return accepted !== null;
  }

  async open(row: ClosureRow): Promise<void> {
    const body = { closure_id: row.closure_id, by: this.desk.live.viewer.seat };
    await this.desk.send("OpenRoad", body, t("road.opened_said", { closure: row.closure_id }));
  }

  /** Read the rings of a circle as the roads are now; returns what gives it up. */
  read(postId: string): () => void {
    const stop = new AbortController();
    const path = `/v1/circles/${encodeURIComponent(postId)}/rings`;
    getJson<Rings>(path, this.desk.live.viewer, stop.signal).then(
      (rings) => {
        if (!stop.signal.aborted) this.rings = rings;
      },
      () => {
        if (!stop.signal.aborted) this.desk.say("no", t("ring.failed"));
      },
    );
    return () => stop.abort();
  }

  #set(drawing: Drawing | null): void {
    this.drawing = drawing;
    keep("road-line", drawing?.phase === "form" ? drawing : null);
    if (drawing) return;
    this.refusal = "";
    // What had the focus before is where the hands were.
    if (this.#from instanceof HTMLElement && this.#from.isConnected) this.#from.focus();
  }
}
