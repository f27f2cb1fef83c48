// Takes the place of the published service worker while the sources are watched: nothing is kept, and what was is dropped.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(dropAll()));
self.addEventListener("message", (event) => {
  if (event.data === "rooflab:keep") event.ports[0].postMessage(false);
});

async function dropAll() {
  const owner = `@${new URL(self.registration.scope).pathname}`;
  const kept = (await caches.keys()).filter((name) => name.startsWith("rooflab-") && name.endsWith(owner));
  if (kept.length === 0) return;
  await Promise.all(kept.map((name) => caches.delete(name)));
  await self.clients.claim();
  for (const page of await self.clients.matchAll({ type: "window" })) page.navigate(page.url);
}
