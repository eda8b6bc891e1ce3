/** English of `zh/deskBar.ts`. */

import type { deskBarWords as zh } from "../zh/deskBar";

export const deskBarWords: Record<keyof typeof zh, string> = {
  "count.unsent": "Unsent",
  "count.over": "Overdue",
  "count.ready": "Ready",
  "count.under_way": "En route",
  "count.on_scene": "On scene",
  "count.circles": "Circles",

  "bar.seat": "Seat {n}",
  "bar.change_seat": "Seat: log on, pause, hand over",
  "seat_state.idle": "idle",
  "seat_state.ringing": "ringing",
  "seat_state.talking": "talking",
  "seat_state.after_call": "after call",
  "seat_state.paused": "paused",
  "seat_state.off": "not logged on",
};
