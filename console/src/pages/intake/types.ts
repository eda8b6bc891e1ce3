/** Finds incident types by a few characters of name, class, key or code. */

import type { IncidentType } from "../../api/city";

const MAX_FOUND = 40;

export function findTypes(types: readonly IncidentType[], said: string): IncidentType[] {
  const wanted = said.normalize("NFKC").trim().toLowerCase();
  if (!wanted) return types.slice(0, MAX_FOUND);
  const rank = (type: IncidentType): number => {
    if (type.code.startsWith(wanted)) return 0;
    if (type.name_cn.startsWith(wanted)) return 1;
    if (type.name_cn.includes(wanted)) return 2;
    const words = `${type.key.replaceAll("_", " ")} ${type.class_cn} ${type.class_key}`;
    return words.toLowerCase().includes(wanted) ? 3 : 9;
  };
  return types
    .map((type) => ({ type, at: rank(type) }))
    .filter(({ at }) => at < 9)
    .sort((a, b) => a.at - b.at || a.type.priority - b.type.priority)
    .slice(0, MAX_FOUND)
    .map(({ type }) => type);
}
