/** The one reducer: {view, key, row | null} onto the rows in memory. It knows no domain. */

import type { Board, Change, Frame, Views } from "../api/rows";

/** How far we have seen: a record, and what changed after it without one (time, positions). */
export interface Cursor {
  seq: number;
  sub: number;
}

export interface Snapshot {
  cursor: Cursor;
  views: Views;
}

export const NOTHING_SEEN: Cursor = { seq: -1, sub: 0 };

export function emptyViews(): Views {
  return {
    ...{ calls: {}, incidents: {}, units: {}, circles: {}, alarms: {}, closures: {} },
    ...{ emergencies: {}, move_ups: {}, seats: {}, premises: {}, cards: {} },
    ...{ majors: {}, broadcasts: {}, items: {}, letters: {}, approvals: {}, glass: {} },
  };
}

/** "813" or "813-2", as the stream names its events. */
export function readCursor(text: string): Cursor {
  const [seq = "", sub = "0"] = text.split("-");
  return { seq: Number(seq), sub: Number(sub) };
}

export function writeCursor({ seq, sub }: Cursor): string {
  return sub > 0 ? `${seq}-${sub}` : String(seq);
}

function isAfter(a: Cursor, b: Cursor): boolean {
  return a.seq > b.seq || (a.seq === b.seq && a.sub > b.sub);
}

/** The snapshot of a board; a view that the viewer may not see is simply empty. */
export function fromBoard(board: Board): Snapshot {
  return { cursor: { seq: board.seq, sub: 0 }, views: { ...emptyViews(), ...board.views } };
}

/**
 * Apply a frame. A frame at or before the snapshot changes nothing, so a repeat after a
 * reconnect is harmless. Only views that changed are copied: the others keep their identity.
 */
export function applyFrame(snapshot: Snapshot, frame: Frame): Snapshot {
  if (!isAfter(frame.cursor, snapshot.cursor)) return snapshot;
  return { cursor: frame.cursor, views: applyChanges(snapshot.views, frame.changes) };
}

function applyChanges(views: Views, changes: readonly Change[]): Views {
  const next: Record<string, Record<string, unknown>> = { ...views };
  const copied = new Set<string>();
  for (const { view, key, row } of changes) {
    if (!copied.has(view)) {
      next[view] = { ...next[view] };
      copied.add(view);
    }
    const rows = next[view];
    if (!rows) continue;
    if (row === null) delete rows[key];
    else rows[key] = row;
  }
  return next as unknown as Views;
}
