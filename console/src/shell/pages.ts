/** The pages of the console: path, role of the viewer, and the chunk that holds it. */

import type { Component } from "svelte";
import type { Person } from "../api/session";
import type { Live } from "../live/live.svelte";
import type { WordKey } from "../words/words.svelte";

export interface PageProps {
  live: Live;
  page: Page;
  person: Person | null;
}

export interface Page {
  path: string;
  role: string;
  title: WordKey;
  /** Seats are numbered; a start page and a phone are no seats. */
  isSeat: boolean;
  /** What turns the sound on and off; none where the page has no such key. */
  soundKey?: string;
  /** Who works here in another role says so by ?as=. */
  otherRole?: string;
  /** Of a special seat: the role is named by ?as=, else it is whichever the server knows first. */
  isSpecial?: boolean;
  /** There is nothing on it where nobody logs on. */
  needsAccounts?: boolean;
  load: () => Promise<{ default: Component<PageProps> }>;
}

const START: Page = {
  path: "/start",
  role: "commander",
  title: "page.start",
  isSeat: false,
  load: () => import("../pages/start/StartPage.svelte"),
};

export const PAGES: readonly Page[] = [
  START,
  {
    path: "/intake",
    role: "call_taker",
    title: "page.intake",
    isSeat: true,
    soundKey: "Alt+S",
    load: () => import("../pages/intake/IntakePage.svelte"),
  },
  {
    path: "/dispatch",
    role: "dispatcher",
    title: "page.dispatch",
    isSeat: true,
    soundKey: "M",
    load: () => import("../pages/dispatch/DispatchPage.svelte"),
  },
  {
    path: "/patrol",
    role: "crew",
    title: "page.patrol",
    isSeat: false,
    load: () => import("../pages/patrol/PatrolPage.svelte"),
  },
  {
    path: "/paper",
    role: "dispatcher",
    title: "page.paper",
    isSeat: true,
    load: () => import("../pages/paper/PaperPage.svelte"),
  },
  {
    path: "/review",
    role: "reviewer",
    otherRole: "commander",
    title: "page.review",
    isSeat: false,
    load: () => import("../pages/review/ReviewPage.svelte"),
  },
  {
    path: "/planner",
    role: "planner",
    title: "page.planning",
    isSeat: false,
    load: () => import("../pages/planning/PlanningPage.svelte"),
  },
  {
    path: "/admin",
    role: "admin",
    title: "page.admin",
    isSeat: false,
    load: () => import("../pages/admin/AdminPage.svelte"),
  },
  {
    path: "/seats",
    role: "",
    title: "page.seats",
    isSeat: false,
    isSpecial: true,
    load: () => import("../pages/seats/SeatsPage.svelte"),
  },
  {
    path: "/records",
    role: "commander",
    otherRole: "reviewer",
    title: "page.records",
    isSeat: false,
    load: () => import("../pages/duty/RecordsPage.svelte"),
  },
  {
    path: "/security",
    role: "security_admin",
    title: "page.security",
    isSeat: false,
    needsAccounts: true,
    load: () => import("../pages/duty/SecurityPage.svelte"),
  },
  {
    path: "/audit",
    role: "audit_admin",
    title: "page.audit",
    isSeat: false,
    needsAccounts: true,
    load: () => import("../pages/duty/AuditPage.svelte"),
  },
];

export function findPage(path: string): Page {
  const trimmed = path.replace(/\/+$/, "");
  const wanted = trimmed.startsWith("/seats/") ? "/seats" : trimmed;
  return PAGES.find((page) => page.path === wanted) ?? START;
}
