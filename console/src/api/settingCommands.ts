/** The commands that change settings; their fields are those of a form, checked by the server. */

export const SETTING_COMMANDS = [
  "ChangeIncidentType",
  "ChangeArrivalTarget",
  "ChangeFirstOrderTarget",
  "ChangeClock",
  "ChangeResponsePlan",
  "ChangeUnitProfile",
  "ChangeSeatProfile",
  "ChangeTemplate",
  "ChangePolicyRules",
] as const;

export type SettingCommand = (typeof SETTING_COMMANDS)[number];

export type SettingBody = { by: string; reason: string } & Record<string, unknown>;
