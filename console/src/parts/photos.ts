/** The photos of an incident's orders, and how one is fetched: never without a purpose. */

import { getRefusal, viewerHeaders, type Viewer } from "../api/client";
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

/** The picture; the server writes who looked and why before it answers. */
export async function readPhoto(
  photoId: string,
  purpose: string,
  viewer: Viewer,
  signal: AbortSignal,
): Promise<Blob> {
  // A header takes ASCII only; an address would end up in the logs of every proxy.
  const headers = { ...viewerHeaders(viewer), "X-Kuaifan-Purpose": encodeURIComponent(purpose) };
  const response = await fetch(`/v1/photos/${photoId}`, { headers, signal, cache: "no-store" });
  if (!response.ok) throw await getRefusal(response);
  return await response.blob();
}
