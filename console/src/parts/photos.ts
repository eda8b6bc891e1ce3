/** The photos of an incident's orders, as its row tells of them. */

import type { IncidentRow, PhotoRow } from "../api/rows";

export interface ScenePhoto extends PhotoRow {
  order_id: string;
  call_sign: string;
}

/** How many photos an incident has. */
export function countPhotos(row: IncidentRow): number {
  return row.orders.reduce((n, { photos }) => n + (photos?.length ?? 0), 0);
}

/** How often they were looked at: the incident's number does not move for that. */
export function countLooks(row: IncidentRow): number {
  return row.orders.reduce(
    (n, { photos = [] }) => photos.reduce((m, photo) => m + (photo.n_reads ?? 0), n),
    0,
  );
}

/** All of them, in the order in which they were taken. */
export function photosOf(row: IncidentRow): ScenePhoto[] {
  return row.orders
    .flatMap(({ order_id, call_sign, photos = [] }) =>
      photos.map((photo) => ({ ...photo, order_id, call_sign })),
    )
    .sort((a, b) => (a.taken_at_ms || a.at_ms) - (b.taken_at_ms || b.at_ms));
}
