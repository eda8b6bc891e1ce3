/** Arrow keys within a list of buttons: one of them is in the order of Tab, the arrows do the rest. */

export function onArrows(event: KeyboardEvent, list: HTMLElement | null): void {
  if (!list || event.isComposing) return;
  const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 }[event.key];
  if (by === undefined) return;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
  // The queue behind has the same keys: this one is used up here.
  event.preventDefault();
}
