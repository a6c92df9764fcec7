// 离线 – the files of the app, kept at the first start and renewed as a whole: a cold start needs no line.
// No answer of the hub is ever kept here; what people recorded lies in the encrypted file alone.
declare const self: ServiceWorkerGlobalScope;
export {};

/** Written at build: every file, and a mark that changes with any of them. */
declare const __FILES__: string[];
declare const __MARK__: string;

const NAME = `ruhu-${__MARK__}`;

self.addEventListener('install', (event) => {
  const fetched = __FILES__.map((file) => new Request(file, { cache: 'reload' }));
  // The new files wait until no page of the old build is open: a page never meets files of two builds.
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fetched)));
});

self.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith('ruhu-') && name !== NAME));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const asked = new URL(event.request.url);
  const ours = asked.origin === self.location.origin && asked.href.startsWith(self.registration.scope);
  if (event.request.method !== 'GET' || !ours) return;
  const file = event.request.mode === 'navigate' ? './' : event.request;
  event.respondWith(
    caches
      .open(NAME)
      .then((cache) => cache.match(file, { ignoreSearch: true }))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
