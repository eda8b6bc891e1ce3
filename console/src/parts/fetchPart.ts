/** Parts of a page that come later: one once more with its style sheet, or many ahead of need. */

/** Style sheets that did not come: the bundler's own loader asks for each only once. */
const broken = new Set<HTMLLinkElement>();
addEventListener(
  "error",
  (event) => {
    if (event.target instanceof HTMLLinkElement) broken.add(event.target);
  },
  true,
);

export async function fetchPart<T>(load: () => Promise<T>): Promise<T> {
  for (const link of broken) link.replaceWith(link.cloneNode());
  broken.clear();
  return await load();
}

/** One after the other, so that what a hand asks for meanwhile does not wait; a failure is no end. */
async function settle(loads: (() => Promise<unknown>)[]): Promise<void> {
  for (const load of loads) await load().catch(() => undefined);
  document.documentElement.dataset["fetched"] = "true";
}

/** The first board is on the screen by then. */
const LATER_MS = 500;

/** Fetch what a page opens later, soon: the server may be gone by then. Returns what ends it. */
export function fetchSoon(list: () => Promise<{ parts: (() => Promise<unknown>)[] }>): () => void {
  const timer = setTimeout(() => {
    list().then(({ parts }) => settle(parts), () => undefined);
  }, LATER_MS);
  return () => clearTimeout(timer);
}
