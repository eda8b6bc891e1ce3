/** Words of sending more than one unit（派警方式）. */
import type { sendWords as zh } from "../zh/send";

export const sendWords: Record<keyof typeof zh, string> = {
  "send.title": "Back-up, services, other desks",
  "send.reserved": "Kept in mind (not sent): ",
  "send.release": "release",
  "send.backup": "Back-up",
  "send.escalate": "Escalate",
  "send.agency": "Service",
  "send.hand": "Hand over",
  "send.traffic": "122 traffic",
  "send.n_units": "How many units",
  "send.skill": "Skill",
  "send.any_skill": "any skill",
  "send.desk": "To desk",
  "send.what": "What they are asked to do",
};
