/* Keeps the crew's page through a reload without a network: the page and its hashed files, nothing
   else. The desks are never kept: a dispatcher must not look at yesterday's console. */
const CACHE = "kuaifan-patrol-2";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("notificationclick", (event) => event.waitUntil(show(event.notification)));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const isPage = event.request.mode === "navigate" && url.pathname === "/patrol";
  if (isPage) event.respondWith(fromNetworkFirst(event.request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(fromCacheFirst(event.request));
});

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/* A tap on "sign this" brings the page that asks for it to the front. */
async function show(notification) {
  notification.close();
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find((each) => new URL(each.url).pathname === "/patrol");
  await (page ? page.focus() : self.clients.openWindow("/patrol"));
}

async function fromNetworkFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    // One page for every unit: the address only says which.
    if (response.ok) await cache.put("/patrol", response.clone());
    return response;
  } catch {
    return (await cache.match("/patrol")) ?? Response.error();
  }
}

async function fromCacheFirst(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}
