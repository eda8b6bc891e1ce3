/** Colours of the map: one set for the dark page, one for the light; shapes carry the meaning too. */

import type { Theme } from "../shell/settings.svelte";

export interface Palette {
  land: string;
  landuse: Record<string, string>;
  water: string;
  building: string;
  roadMinor: string;
  road: string;
  roadMajor: string;
  roadCase: string;
  railway: string;
  border: string;
  label: string;
  labelStrong: string;
  waterLabel: string;
  halo: string;
  ready: string;
  underWay: string;
  onScene: string;
  away: string;
  outline: string;
  level: Record<"one" | "two" | "other", string>;
  onLevel: Record<"one" | "two" | "other", string>;
  held: string;
  edge: string;
  lost: string;
  select: string;
  text: string;
  /** Across the red of a closed road. */
  bar: string;
  /** Roads of a circle's rings, nearest first. */
  rings: readonly [string, string, string];
}

const dark: Palette = {
  land: "#15191e",
  landuse: {
    residential: "#181d22",
    commercial: "#1a1e24",
    industrial: "#1a1d20",
    green: "#17211c",
    campus: "#1a1f21",
    hospital: "#1f1d21",
  },
  water: "#16283a",
  building: "#1f252c",
  roadMinor: "#252c34",
  road: "#2e3741",
  roadMajor: "#3c4856",
  roadCase: "#15191e",
  railway: "#333c46",
  border: "#4a5563",
  label: "#8f9aa7",
  labelStrong: "#b6c0cb",
  waterLabel: "#6f93b8",
  halo: "#12161a",
  ready: "#c4ccd6",
  underWay: "#6cb0ff",
  onScene: "#ffb347",
  away: "#7d8896",
  outline: "#0d1013",
  level: { one: "#ff5d58", two: "#ffb347", other: "#9aa6b3" },
  onLevel: { one: "#14181d", two: "#14181d", other: "#14181d" },
  held: "#5b6775",
  edge: "#ffb347",
  lost: "#ff6460",
  select: "#78b6ff",
  text: "#e9ecf0",
  bar: "#f4f6f8",
  rings: ["#a8d2ff", "#5f9bdd", "#40709f"],
};

const light: Palette = {
  land: "#eceef0",
  landuse: {
    residential: "#e7eaec",
    commercial: "#ebe8e6",
    industrial: "#e6e6e9",
    green: "#dbe7da",
    campus: "#e8e7dc",
    hospital: "#f1e4e5",
  },
  water: "#bcd4e8",
  building: "#dcdfe3",
  roadMinor: "#ffffff",
  road: "#ffffff",
  roadMajor: "#ffffff",
  roadCase: "#c3cad1",
  railway: "#b4bcc4",
  border: "#8d98a4",
  label: "#57636f",
  labelStrong: "#333d47",
  waterLabel: "#3d6a94",
  halo: "#f6f7f8",
  ready: "#3d4853",
  underWay: "#1463c2",
  onScene: "#b96800",
  away: "#7b8691",
  outline: "#ffffff",
  level: { one: "#b01621", two: "#c46f00", other: "#5a6672" },
  onLevel: { one: "#ffffff", two: "#ffffff", other: "#ffffff" },
  held: "#8a96a3",
  edge: "#b96800",
  lost: "#b01621",
  select: "#1a5cab",
  text: "#161b21",
  bar: "#ffffff",
  rings: ["#0b3a78", "#2a67ad", "#4f86c2"],
};

export const PALETTES: Record<Theme, Palette> = { dark, light };
