/** Words of the bar above a seat: its seat and its counters. */

import type { barWords as zh } from "../zh/bar";

export const barWords: Record<keyof typeof zh, string> = {
  "bar.pages": "Pages",
  "bar.sound_on": "Sound on",
  "bar.sound_off": "Sound off",
  "bar.city_time": "City time",
  "bar.seat": "Seat {n}",
  "seat_name.seat": "seat {n}",
  "seat_name.intake": "intake seat {n}",
  "seat_name.dispatch": "dispatch seat {n}",
  "seat_name.paper": "paper seat {n}",
  "bar.change_seat": "Seat: log on, pause, hand over",
  "seat_state.idle": "idle",
  "seat_state.ringing": "ringing",
  "seat_state.talking": "talking",
  "seat_state.after_call": "after call",
  "seat_state.paused": "paused",
  "seat_state.off": "not logged on",
  "count.unsent": "Unsent",
  "count.over": "Overdue",
  "count.ready": "Ready",
  "count.under_way": "En route",
  "count.on_scene": "On scene",
  "count.circles": "Circles",
};
