/** What a square of the map is called: by the post it lies nearest to, and which way from there. */

import type { Post } from "../../api/city";
import { t, word } from "../../words/words.svelte";
import { distanceM } from "../intake/nearby";

type Spot = { lat: number; lon: number };

const WAYS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
/** Nearer than this it is at the post itself. */
const AT_POST_M = 250;
const DEGREES = 180 / Math.PI;

/** Eighth of the compass from one spot to another (方位), over the few kilometres of a city. */
export function bearing(from: Spot, to: Spot): (typeof WAYS)[number] {
  const east = (to.lon - from.lon) * Math.cos(from.lat / DEGREES);
  const turn = (Math.atan2(east, to.lat - from.lat) * DEGREES + 360) % 360;
  return WAYS[Math.round(turn / 45) % WAYS.length] ?? "n";
}

export function squareName(spot: Spot, posts: readonly Post[]): string {
  const where = `${spot.lat.toFixed(3)}, ${spot.lon.toFixed(3)}`;
  const away = posts.map((post) => ({ post, metres: distanceM(spot, post) }));
  away.sort((a, b) => a.metres - b.metres || a.post.post_id.localeCompare(b.post.post_id));
  const [nearest] = away;
  if (!nearest) return where;
  const { post, metres } = nearest;
  if (metres < AT_POST_M) return post.name;
  const km = (metres / 1000).toFixed(1);
  return t("planning.beside", { post: post.name, way: word("bearing", bearing(post, spot)), km });
}
