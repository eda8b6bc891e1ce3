/** The panels over the map, each with its key; one at a time. */

export const PANELS = [
  "units",
  "posts",
  "layers",
  "kin",
  "search",
  "plan",
  "major",
  "broadcast",
  "card",
] as const;
export type PanelName = (typeof PANELS)[number];

export const PANEL_KEYS: Record<PanelName, string> = {
  units: "U",
  posts: "P",
  layers: "G",
  kin: "J",
  search: "S",
  plan: "D",
  major: "W",
  broadcast: "V",
  card: "C",
};
