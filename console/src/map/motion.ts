/** Whether whoever sits there wants pages that keep still; asked at every move, as it may change. */

const asked = matchMedia("(prefers-reduced-motion: reduce)");

export function keepsStill(): boolean {
  return asked.matches;
}
