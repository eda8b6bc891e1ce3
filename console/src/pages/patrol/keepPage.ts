/** Puts the whole page by, also the parts that nobody has opened yet: a crew may need the feedback
    form for the first time where there is no network. */

const CACHE = "kuaifan-patrol-2";

export async function keepPage(): Promise<void> {
  await navigator.serviceWorker.register("/sw.js", { scope: "/patrol" });
  await Promise.all([
    import("./Scene.svelte"),
    import("./TaskStack.svelte"),
    import("./FeedbackForm.svelte"),
    import("./PhotoStrip.svelte"),
    import("./BackupForm.svelte"),
    import("./NavLinks.svelte"),
    import("./ShiftForm.svelte"),
    import("./FreeUnit.svelte"),
    import("./Interruption.svelte"),
    import("./CrewBroadcasts.svelte"),
    import("./RefusedPhotos.svelte"),
    import("../../shell/me.svelte"),
    import("./photoQueue"),
    import("./takePhoto"),
  ]);
  const loaded = performance
    .getEntriesByType("resource")
    .map((entry) => new URL(entry.name))
    .filter((url) => url.origin === location.origin && url.pathname.startsWith("/assets/"));
  const cache = await caches.open(CACHE);
  await cache.addAll(["/patrol", ...new Set(loaded.map((url) => url.pathname))]);
  document.documentElement.dataset["kept"] = "true";
}
