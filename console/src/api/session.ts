/** Who is logged on here: asked of the server, which alone knows; and the door's own questions. */

import { getRefusal } from "./client";

export interface Person {
  name: string;
  display_name: string;
  roles: string[];
  rights: string[];
  /** What for this person may open a record that is not in hand. */
  purposes: string[];
  desk_id: string;
  unit_id: string;
  /** Nothing but a second factor may be set up. */
  must_enrol: boolean;
  /** Until when break-glass holds, 0 where it does not. */
  glass_until_ms: number;
}

export interface Door {
  /** An open door asks nobody: the demo. */
  door: "open" | "login";
  person: Person | null;
  /** Whether the city's own identity service can be asked. */
  elsewhere?: boolean;
}

/** What the door answers; throws RefusedError in words, or the network's error. */
export async function askDoor<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    path,
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        },
  );
  if (!response.ok) throw await getRefusal(response);
  return (await response.json()) as T;
}

export const readDoor = (): Promise<Door> => askDoor<Door>("/v1/session");

const PAGES: [role: string, path: string][] = [
  ["dispatcher", "/dispatch"],
  ["call_taker", "/intake"],
  ["crew", "/patrol"],
  ["admin", "/admin"],
  ["security_admin", "/security"],
  ["audit_admin", "/audit"],
  ["commander", "/records"],
  ["reviewer", "/records?as=reviewer"],
];

/** Where a person's work is; the start page for everybody else. */
export function pageOf(person: Person): string {
  const path = PAGES.find(([role]) => person.roles.includes(role))?.[1] ?? "/start";
  return path === "/patrol" && person.unit_id ? `${path}?unit=${encodeURIComponent(person.unit_id)}` : path;
}

/** Where to go after the door; only a page of our own. */
export function nextOf(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/[^/\\]/.test(next) && !next.startsWith("/login") ? next : "";
}
