/** English of `zh/start.ts`. */

import type { startWords as zh } from "../zh/start";

export const startWords: Record<keyof typeof zh, string> = {
  "start.title": "{city}: a living city, three things to try",
  "start.try_intake": "Give call-taking to a person, answer with F2, write while you listen; with place and type known, press Ctrl+Enter.",
  "start.try_dispatch": "Give dispatch to a person, choose an incident with ↑↓, read the reasons, press 1 to send the first unit; Ctrl+Z takes it back.",
  "start.try_patrol": "Take over a patrol car on a phone-sized page: sign, en route, arrived, done, feedback, one big button at a time.",
  "start.life": "Who is played by the machine",
  "start.life_hint": "Switch one off and that seat waits for you; everything else goes on.",
  "start.speed": "Speed of city time",
  "start.unit": "Take over a unit",
  "start.take": "Take over, open its page",
  "start.give_back": "Give back",
  "start.no_life": "This is no demo: nobody is simulated, people do everything.",

  "life.callers": "Callers",
  "life.call_taking": "Call-taking",
  "life.dispatch": "Dispatch",
  "life.crews": "Crews",
  "life.review": "Review",
  "life.seats": "special seats",
  "life.machine": "the machine",
  "life.human": "waits for a person",
  "life.no_callers": "nobody calls",
};
