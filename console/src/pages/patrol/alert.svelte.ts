/** Calls the crew until it has signed: tone, vibration, title and, where allowed, a notification of
    the phone itself; no vendor's push service has a part in it. */

import { settings } from "../../shell/settings.svelte";
import { play } from "../../shell/tones";
import { t } from "../../words/words.svelte";
import type { Crew } from "./crew.svelte";

export const REPEAT_MS = 6_000;
const VIBRATION_MS = [400, 150, 400, 150, 400];

export class Alert {
  /** How often it has called for what is unsigned now. */
  nCalls = $state(0);
  canAsk = $state(typeof Notification !== "undefined" && Notification.permission === "default");
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly crew: Crew) {}

  /** Follow what is unsigned; an effect calls this. Returns what ends it. */
  follow(): () => void {
    const what = this.#what();
    if (what) this.#begin();
    document.title = `${what ? `● ${what} · ` : ""}${t("page.patrol")} · ${t("app.name")}`;
    return () => {
      if (this.#timer) clearInterval(this.#timer);
      this.#timer = null;
    };
  }

  /** Asked by a tap: a browser shows no question of its own accord. */
  async allowNotifications(): Promise<void> {
    await Notification.requestPermission();
    this.canAsk = Notification.permission === "default";
  }

  #begin(): void {
    this.nCalls = 0;
    this.#call();
    this.#timer = setInterval(() => this.#call(), REPEAT_MS);
  }

  #call(): void {
    const first = this.crew.unsigned[0];
    this.nCalls += 1;
    if (settings.hasSound) play(first?.incident.priority === 1 ? "level1" : "ring");
    // Before the first touch a browser refuses, and complains.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION_MS);
    void this.#notify();
  }

  /** What has to be signed, in words without anything personal: a lock screen is read by others. */
  #what(): string {
    const nOrders = this.crew.unsigned.length;
    if (nOrders > 0) return t("patrol.alert_orders", { n: nOrders });
    return this.crew.tasks.some(({ order }) => this.crew.owesChange(order)) ? t("patrol.alert_change") : "";
  }

  async #notify(): Promise<void> {
    const isAllowed = typeof Notification !== "undefined" && Notification.permission === "granted";
    if (!isAllowed || document.visibilityState === "visible") return;
    const worker = await navigator.serviceWorker?.getRegistration("/patrol");
    const options = { tag: "kuaifan-order", renotify: true, requireInteraction: true };
    await worker?.showNotification(this.#what(), options);
  }
}
