/** The names nearest to a mistyped one, so that a slip is answered with what was meant. Pure. */

/** Insertions, deletions and changes that lead from one text to another. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Up to `n` names within `limit` slips, nearest first; ties by the order given. */
export function closest(
  said: string,
  names: readonly string[],
  limit: number,
  n: number,
): string[] {
  const near = names
    .map((name, i) => ({ name, i, slips: distance(said.toUpperCase(), name.toUpperCase()) }))
    .filter(({ name, slips }) => slips <= limit && slips < name.length);
  near.sort((a, b) => a.slips - b.slips || a.i - b.i);
  return [...new Set(near.map(({ name }) => name))].slice(0, n);
}
