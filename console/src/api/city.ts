/** What the server says once: the city, its types and targets, places, timelines, city life. */

import type { FeatureCollection, MultiLineString } from "geojson";
import type { Millis } from "./rows";

export interface IncidentType {
  code: string;
  name_cn: string;
  key: string;
  class_key: string;
  class_cn: string;
  priority: number;
  route: string;
  min_units: number;
  seat: string;
  followups?: string[];
}

export interface Post {
  post_id: string;
  kind: string;
  name: string;
  lat: number;
  lon: number;
}

/** Roads that a circle's post reaches, narrowest ring first; each street once. */
export type Rings = FeatureCollection<
  MultiLineString,
  { post_id: string; ring_min: number; length_m: number }
>;

export interface Disposition {
  code: string;
  name_cn: string;
  name_en: string;
}

export interface City {
  name: string;
  centre: { lat: number; lon: number };
  bounds: [number, number, number, number];
  time_zone: string;
  attribution: string;
  speed: number;
  now_ms: Millis;
  posts: Post[];
  rings_min: number[];
  types: IncidentType[];
  targets: {
    first_order_ms: Record<string, Millis>;
    sign_ms: Millis;
    feedback_ms: Millis;
  };
  dispositions: Disposition[];
  has_basemap: boolean;
  /** Whether simulated people are there to be switched: only in the demo. */
  has_life: boolean;
}

export interface Place {
  name: string;
  kind: string;
  lat: number;
  lon: number;
  confidence: number;
  /** What is meant lies within this radius, if this place is meant. */
  uncertainty_m?: number;
  address: string;
  /** That a typed position was read in; "" for other places. */
  datum?: string;
}

export interface TypeSuggestion {
  code: string;
  name_cn: string;
  priority: number;
  why: string;
}

export type LinkName = "warn" | "intake" | "dispatch" | "respond" | "handle" | "review";

export interface TimelineEntry {
  seq: number;
  at_ms: Millis;
  link: LinkName;
  actor: string;
  type: string;
  text_zh: string;
  text_en: string;
}

export const LIFE_ROLES = ["callers", "call_taking", "dispatch", "crews", "review"] as const;
export type LifeRole = (typeof LIFE_ROLES)[number];

export interface Life {
  speed: number;
  roles: Record<LifeRole, boolean>;
  units_human: string[];
}
