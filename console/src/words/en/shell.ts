/** English of `zh/shell.ts`. */

import type { shellWords as zh } from "../zh/shell";

export const shellWords: Record<keyof typeof zh, string> = {
  "app.name": "Kuaifan",
  "app.no_answer": "No answer from the server; please try again.",
  "app.chunk_failed": "The page did not load completely; please reload.",
  "app.part_failed": "This part could not be fetched; please check the network.",
  "app.again": "Try again",

  "app.simulated": "simulated",
  "page.start": "Start",
  "page.intake": "Call-taking",
  "page.dispatch": "Dispatch",
  "page.paper": "Paper cards",
  "page.patrol": "Patrol",
  "page.admin": "Administration",

  "bar.to_light": "Light",
  "bar.to_dark": "Dark",

  "stream.live": "Live",
  "stream.seconds": "{n} s",
  "stream.connecting": "Connecting",
  "stream.stale": "Data {n} s old",
  "stream.stale_loud": "What you see is {n} s old and may have changed: confirm what matters by radio.",
  "stream.cut": "No live connection to the server for {n} s: the queue is fetched every 3 s, positions on the map may be old. Commands are still sent; where no answer comes, confirm by radio.",

  "do.ok": "OK",
  "do.cancel": "Cancel",
  "do.sign": "Sign",
  "do.start": "En route",
  "do.arrive": "Arrived",
  "do.finish": "Done",
  "do.feedback": "Feedback",
  "do.close": "Close",
  "do.seen": "Seen",

  "queue.level": "P{n}",

  "state.standby": "standby",
  "state.at_post": "at post",
  "state.patrolling": "patrolling",
  "state.returning": "returning",
  "state.meal": "meal",
  "state.training": "training",
  "state.elsewhere": "elsewhere",
  "state.off_duty": "off duty",
  "state.assigned": "assigned",
  "state.en_route": "en route",
  "state.on_scene": "on scene",
  "state.scheduled": "scheduled",
  "state.registered": "registered",
  "state.queued": "waiting",
  "state.dispatched": "sent",
  "state.acknowledged": "signed",
  "state.handled": "done on scene",
  "state.fed_back": "fed back",
  "state.reviewed": "reviewed",
  "state.closed": "closed",
  "state.merged": "merged",
  "state.withdrawn": "withdrawn",
};
