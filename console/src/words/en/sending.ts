/** English of `zh/sending.ts`. */

import type { sendingWords as zh } from "../zh/sending";

export const sendingWords: Record<keyof typeof zh, string> = {
  "plan.asks": "Plan {plan}: needs {n}",
  "plan.skill": "{what} {sent}/{n}",
  "plan.wish": "if possible {what} {sent}/{n}",
  "plan.sent": "{sent} of {n} sent",
  "plan.short": "{n} missing",
  "plan.lacks": "lacks {what}",
  "plan.level": "Level {n}",
  "plan.backup": "with {n} as back-up",

  "rank.team": "Send the team of {n}: {units}",
  "rank.several": "Shift+2–4 sends the first few",
  "rank.in_team": "team",
  "rank.second_line": "second line",

  "reason.left_reached_later": "{where} loses it; the next one is there {n} later",
  "reason.left_without_unit": "{where} loses it, and no free unit is within half an hour",
  "reason.left_unplaced": "{where} loses it; where that is, is not known",
  "reason.left_with_others": "{where} loses it; {m} more are at work there",
  "reason.ends_circle_lost": "{where}: empty → held by one",
  "reason.makes_circle_held": "{where}: one → held",
  "reason.leaves_circle_edge": "{where}: one left",

  "divert.none": "There is no diversion {n}",

  "do.safe": "All well",

  "moves.none": "No move is suggested",

  "desk.assigned_beside": "{unit} also sees to {incident}",
  "desk.no_team": "There is no team to send",
  "desk.withdrawn_read": "{order} of {unit} withdrawn, the crew has to sign",

  "undo.to_sign": "Undone: {what}. The crew had signed, and has to sign that it is void",

  "line.proposals": "Proposals",
};
