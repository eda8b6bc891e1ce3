/** Words of a unit's card and of the board of units（警力卡）. */
import type { unitCardWords as zh } from "../zh/unitCard";

export const unitCardWords: Record<keyof typeof zh, string> = {
  "unit.title": "Unit {unit}",
  "unit.crew": "{n} on board",
  "unit.post": "post {post}",
  "unit.fix": "fix {n} ago",
  "unit.no_fix": "no position",
  "unit.order": "On {incident}",
  "unit.assign": "Send to {incident}",
  "unit.set": "Set {state}",
  "unit.lines": "Led by: {desk}  of: {parent}",
  "unit.stack": "Several in hand: {incidents}",
  "unit.divert": "Divert to {incident}",
  "unit.beside": "Also see to {incident}",
  "unit.reserve": "Keep for {incident}",
  "unit.release": "Release from {incident}",
  "unit.emergency": "Emergency",
};
