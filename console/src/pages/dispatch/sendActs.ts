/** What can be asked of others for an incident, in the order of the buttons, each with its key. */

export const SEND_ACTS = ["backup", "escalate", "agency", "hand"] as const;
export type SendAct = (typeof SEND_ACTS)[number];
export const ACT_KEYS: Record<SendAct, string> = {
  backup: "B",
  escalate: "X",
  agency: "L",
  hand: "H",
};
