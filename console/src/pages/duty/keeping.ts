/** Holds and erasures as the server lists them. */

export interface Hold {
  hold_id: string;
  person: string;
  until_ms: number;
  incident_ids: string[];
  call_ids: string[];
}

export interface Erasure {
  erasure_id: string;
  person: string;
  ground: string;
  incident_ids: string[];
  call_ids: string[];
  is_ordered: boolean;
}

export interface Keeping {
  holds: Hold[];
  erasures: Erasure[];
}
