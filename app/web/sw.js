// Keeps the app on the device. The bundler fills in the version and the list of files with their hashes.
// - Every file comes from the store of this version; pages (navigations) are all the one page of the app.
// - /v1/ and /healthz belong to the server and are never touched, nor is /desk: finance works online.
// - A new version waits until the page says 'apply-update'; it never swaps itself in.
const VERSION = '@VERSION@';
const STORE = `huikuan-${VERSION}`;
const FILES = {/*FILES*/
};

// The hash makes the store one build: if the server changes builds half-way, this install fails and is tried again.
self.addEventListener('install', (event) => event.waitUntil((async () => {
  const store = await caches.open(STORE);
  await store.addAll(Object.entries(FILES).map(([path, integrity]) => new Request(path, { cache: 'no-cache', integrity })));
  await takeShortcut(event);
})()));

// Where the browser can, it takes the files from the store by itself, so that opening the app does not wait
// for this worker to start. What it does not find there it asks of the network.
async function takeShortcut(event) {
  const baseURL = self.location.origin;
  const route = (pathname) => ({
    condition: { urlPattern: new URLPattern({ pathname, search: '', hash: '*', baseURL }) },
    source: { cacheName: STORE },
  });
  try {
    await event.addRoutes?.(Object.keys(FILES).map(route));
  } catch (error) {
    console.warn('service worker: no shortcut', error);
  }
}

self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('huikuan-') && name !== STORE) await caches.delete(name);
  }
  await self.clients.claim();
})()));

self.addEventListener('message', (event) => {
  if (event.data === 'apply-update') self.skipWaiting();
});

// Background sync: what the app has left unsent (platform.js, `leaveCalls`) goes when the network is back. The
// server answers the same batch the same, so nothing doubles when the app sends it once more.
const LEFT = 'left-huikuan';

self.addEventListener('sync', (event) => {
  if (event.tag === 'huikuan-left') event.waitUntil(sendLeft());
});

async function isInSight() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // The desk is a program of its own: it sends nothing of the phone's.
  return pages.some((page) => page.visibilityState === 'visible' && !new URL(page.url).pathname.startsWith('/desk'));
}

async function sendLeft() {
  // What the app leaves while a round is under way goes in the next one.
  while (await hasLeft()) {
    const box = await caches.open(LEFT);
    const left = await box.match('/left');
    await sendCalls(left);
    const now = await box.match('/left');
    if (now?.headers.get('x-left') === left?.headers.get('x-left')) await caches.delete(LEFT);
  }
}

// A page in sight sends by itself, and takes in what comes back; one that is just being closed does not.
async function hasLeft() {
  for (let waited_s = 0; await caches.has(LEFT); waited_s += 1) {
    if (!(await isInSight())) return true;
    if (waited_s >= 10) throw new Error('left: a page is in sight'); // the browser asks again later
    await new Promise((resolve) => { setTimeout(resolve, 1_000); });
  }
  return false;
}

async function sendCalls(left) {
  const bodies = await left?.blob();
  let start = 0;
  for (const { address, token, bytes } of JSON.parse(left?.headers.get('x-calls') ?? '[]')) {
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/octet-stream',
        // The body says what time it was when it was left.
        'x-phone-clock': String(Date.now()),
      },
      body: bodies.slice(start, start + bytes),
      cache: 'no-store',
      credentials: 'omit',
    });
    // An error makes the browser try again later.
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) throw new Error(`left: ${answer.status}`);
    // What is refused is for the app to say; nothing that follows it can be taken.
    if (!answer.ok) return;
    start += bytes;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith('/v1/') || pathname === '/healthz') return;
  if (pathname === '/desk' || pathname.startsWith('/desk/')) return;
  const path = request.mode === 'navigate' ? '/' : pathname;
  if (!Object.hasOwn(FILES, path)) return;
  event.respondWith((async () => {
    const store = await caches.open(STORE);
    // The system may have emptied the store to make room: then the server answers.
    return await store.match(path, { ignoreVary: true }) ?? fetch(request);
  })());
});
