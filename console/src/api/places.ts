/** Places by words or coordinates. Asked in a body: a home must not end up in the log of a proxy. */
import type { Place } from "./city";
import { postJson, type Viewer } from "./client";

/** No name of a place is longer; of what is pasted by mistake the beginning is looked for. */
const MOST_CHARS = 400;

export async function findPlaces(
  text: string,
  limit: number,
  viewer: Viewer,
  signal: AbortSignal | null = null,
): Promise<Place[]> {
  return postJson<Place[]>("/v1/places", { text: text.slice(0, MOST_CHARS), limit }, viewer, signal);
}
