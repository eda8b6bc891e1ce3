/** Talks to the server: reads, and commands that are never sent twice by mistake. */

import type { Accepted, CommandName, Commands } from "./commands";

/** Who is asking; the server masks rows by it. Seat names are ASCII: they travel in a header. */
export interface Viewer {
  role: string;
  seat: string;
  unit: string;
}

/** The server said no, in words of both languages. */
export class RefusedError extends Error {
  constructor(
    readonly code: string,
    readonly reason_zh: string,
    readonly reason_en: string,
    readonly status: number,
    readonly version: number,
  ) {
    super(`${code}: ${reason_en}`);
    this.name = "RefusedError";
  }
}

/** Nobody answered: whether a command was carried out is unknown until its key is tried again. */
export class UnknownOutcomeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownOutcomeError";
  }
}

/** The server no longer knows who is asking: nothing was done, and it may be asked again. */
export class LoggedOffError extends UnknownOutcomeError {
  constructor(readonly code: string) {
    super(code);
    this.name = "LoggedOffError";
  }
}

const LOGGED_OFF = new Set(["logged_off", "second_factor_needed", "other_unit", "not_your_role"]);
let whenLoggedOff: (code: string) => void = () => {};

/** Have somebody told when the server no longer knows who is asking; there is one who is. */
export function onLoggedOff(told: (code: string) => void): void {
  whenLoggedOff = told;
}

/** Refusals that a supervisor's consent would lift. */
const NEEDS_CONSENT = new Set(["approval_needed", "supervisor_needed", "other_desk"]);
let asksConsent = false;

/** Whether what needs another's consent is asked for at once; behind a log-on, by who may not consent. */
export function askConsent(asks: boolean): void {
  asksConsent = asks;
}

const RETRY_AFTER_MS = [300, 1000, 2500];

export function viewerHeaders(viewer: Viewer): Record<string, string> {
  const headers: Record<string, string> = { "X-Kuaifan-Role": viewer.role };
  if (viewer.seat) headers["X-Kuaifan-Seat"] = viewer.seat;
  if (viewer.unit) headers["X-Kuaifan-Unit"] = viewer.unit;
  return headers;
}

export function viewerQuery(viewer: Viewer): URLSearchParams {
  const query = new URLSearchParams({ role: viewer.role });
  if (viewer.unit) query.set("unit", viewer.unit);
  return query;
}

/** Read something; throws RefusedError for an answer that is no answer, or the network's error. */
export async function getJson<T>(
  path: string,
  viewer: Viewer,
  signal: AbortSignal | null = null,
): Promise<T> {
  const response = await fetch(path, { headers: viewerHeaders(viewer), signal });
  if (!response.ok) throw await getRefusal(response);
  return (await response.json()) as T;
}

export async function postJson<T>(
  path: string,
  body: unknown,
  viewer: Viewer,
  signal: AbortSignal | null = null,
): Promise<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { ...viewerHeaders(viewer), "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await getRefusal(response);
  return (await response.json()) as T;
}

export interface SendOptions {
  /** Last seq of the thing that the seat saw: the server refuses if it has moved on. */
  ifMatch?: number | undefined;
  key?: string | undefined;
  /** Waits between tries; an outbox that tries again by itself gives none. */
  retryAfterMs?: readonly number[];
  /** How long one try may take: a line that is half dead must not hold up what waits behind. */
  timeoutMs?: number;
}

/** Send one command; the same key goes with every retry, so it happens at most once. */
export async function sendCommand<N extends CommandName>(
  name: N,
  body: Commands[N],
  viewer: Viewer,
  options: SendOptions = {},
): Promise<Accepted> {
  const headers: Record<string, string> = {
    ...viewerHeaders(viewer),
    "Content-Type": "application/json",
    "Idempotency-Key": options.key ?? newKey(),
  };
  if (options.ifMatch !== undefined) headers["If-Match"] = String(options.ifMatch);
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  const waits = options.retryAfterMs ?? RETRY_AFTER_MS;
  for (let attempt = 0; ; attempt += 1) {
    const signal = options.timeoutMs ? AbortSignal.timeout(options.timeoutMs) : null;
    const response = await fetch(`/v1/commands/${name}`, { ...request, signal }).catch(() => null);
    if (response?.ok) return (await response.json()) as Accepted;
    if (response && response.status < 500) {
      const refusal = await getRefusal(response);
      if (asksConsent && NEEDS_CONSENT.has(refusal.code)) await askFor(name, body, viewer);
      throw refusal;
    }
    const wait = waits[attempt];
    if (wait === undefined) throw new UnknownOutcomeError(`${name}: no answer`);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Ask a supervisor; throws either way: what was wanted has not happened yet. */
async function askFor<N extends CommandName>(name: N, body: Commands[N], viewer: Viewer): Promise<never> {
  const asked = await sendCommand("AskApproval", { person: "", what: { type: name, ...body } }, viewer);
  const id = String(asked.events[0]?.["approval_id"] ?? "");
  const zh = `须值班领导批准：已代为申请（${id}），批准后自动执行`;
  const en = `This needs a supervisor's consent: asked for (${id}); it happens once somebody consents`;
  throw new RefusedError("approval_asked", zh, en, 202, 0);
}

/** A UUID; on a plain-HTTP network address randomUUID does not exist, random bytes do. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a refusing answer says. */
export async function getRefusal(response: Response): Promise<RefusedError | LoggedOffError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (key: string, otherwise: string): string =>
    typeof body[key] === "string" ? body[key] : otherwise;
  const said = `${response.status} ${response.statusText}`.trim();
  const code = text("code", "");
  if (LOGGED_OFF.has(code)) {
    whenLoggedOff(code);
    return new LoggedOffError(code);
  }
  return new RefusedError(
    text("code", text("error", "http")),
    text("reason_zh", said),
    text("reason_en", said),
    response.status,
    typeof body["version"] === "number" ? body["version"] : 0,
  );
}
