/** The level of a form: a hand's choice stands, then what the words and answers give, then the type. */

export interface Levels {
  /** Chosen by hand, or null. */
  priority: number | null;
  /** Given by words of the caller or by answers, or null. */
  suggestedPriority: number | null;
}

/** The level as shown; lowest: what the type gives, 5 where there is none yet. */
export function shownLevel(levels: Levels, lowest: number): number {
  return Math.min(levels.priority ?? levels.suggestedPriority ?? lowest, lowest);
}

/** What to send beside the type: null where the type itself gives as much. */
export function levelToSend(levels: Levels, lowest: number): number | null {
  const level = shownLevel(levels, lowest);
  return level < lowest ? level : null;
}
