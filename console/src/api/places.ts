/** Places by words or coordinates. Asked in a body: a home must not end up in the log of a proxy. */
import type { Place } from "./city";
import { postJson, type Viewer } from "./client";

export async function findPlaces(
  text: string,
  limit: number,
  viewer: Viewer,
  signal: AbortSignal | null = null,
): Promise<Place[]> {
  return postJson<Place[]>("/v1/places", { text, limit }, viewer, signal);
}
