// Keeps one complete, hash-checked copy of the site. The build fills the list below.

const BUILD = /* build:precache */ { version: "development", files: [] } /* build:end */;

const SCOPE = new URL(self.registration.scope);
// Cache storage belongs to the whole origin, where another copy of the lab may live under another path.
const OWNER = `@${SCOPE.pathname}`;
const CACHE = `rooflab-${BUILD.version}${OWNER}`;
// Of a packed file there are two: as built, and as it is where the host or a proxy unpacks it on the way.
const HASHES = new Map(BUILD.files.map(([url, ...hashes]) => [new URL(url, SCOPE).href, hashes]));
// A file whose name has a hash never changes: an older copy of the lab may have it already, as it came or unpacked since.
const NAMED_BY_CONTENT = /-[0-9a-f]{10}\.\w+$/;
const START = new URL("index.html", SCOPE).href;

self.addEventListener("install", (event) => {
  event.waitUntil(ownNavigations(event));
  event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(dropOldCaches()));
self.addEventListener("message", (event) => {
  // Sent only after the learner agreed to reload.
  if (event.data === "rooflab:update") self.skipWaiting();
  // The browser, or the learner in another tab, may have thrown the copy away since it was installed.
  if (event.data === "rooflab:keep") event.waitUntil(install().then(() => true, () => false).then((kept) => event.ports[0].postMessage(kept)));
});
self.addEventListener("fetch", (event) => {
  const key = keyOf(event.request);
  if (key) event.respondWith(answer(event.request, key));
});

function ownNavigations(event) {
  // Chromium asks the network for a page while it wakes this worker, unless a route says whose the answer is.
  return event.addRoutes?.({ condition: { requestMode: "navigate" }, source: "fetch-event" });
}

async function install() {
  const cache = await caches.open(CACHE);
  const queue = [...HASHES];
  // Four at a time: enough to fill the link, few enough to leave the lab its share.
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [url, hashes] = next;
      if (!(await cache.match(url))) await cache.put(url, (await olderCopy(url)) ?? (await fetchChecked(url, hashes)));
    }
  }));
}

async function dropOldCaches() {
  await Promise.all((await olderCaches()).map((name) => caches.delete(name)));
}

async function olderCaches() {
  return (await caches.keys()).filter((name) => name.startsWith("rooflab-") && name.endsWith(OWNER) && name !== CACHE);
}

async function olderCopy(url) {
  if (!NAMED_BY_CONTENT.test(url)) return null;
  for (const name of await olderCaches()) {
    const kept = await (await caches.open(name)).match(url);
    if (kept) return kept;
  }
  return null;
}

/** Name the file that answers a request, or nothing where the network should. */
function keyOf(request) {
  if (request.method !== "GET" || request.headers.has("range")) return null;
  const url = new URL(request.url);
  url.search = "";
  url.hash = "";
  if (url.href === SCOPE.href) url.href = START;
  return HASHES.has(url.href) ? url.href : null;
}

async function answer(request, key) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(key);
  if (kept) return kept;
  const fresh = await fetch(request);
  // The browser may have thrown the copy away; put back what still is what it was.
  if (fresh.ok && HASHES.get(key).includes(await hashOf(fresh.clone()))) await cache.put(key, fresh.clone());
  return fresh;
}

async function fetchChecked(url, hashes) {
  // The page has just loaded most of these: its HTTP cache first, the server where that is stale.
  for (const cache of ["default", "reload"]) {
    const response = await fetch(url, { cache });
    if (response.ok && hashes.includes(await hashOf(response.clone()))) return response;
  }
  throw new Error(`${url} is not the file this version was built with`);
}

async function hashOf(response) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
