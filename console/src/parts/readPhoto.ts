/** Fetches a photo: never without a purpose. */

import { getRefusal, viewerHeaders, type Viewer } from "../api/client";

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
