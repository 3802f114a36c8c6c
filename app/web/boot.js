// Starts the app in the page and looks after the service worker.
//
// What the app sees:
//   window.huikuan.version        version of the running build
//   window.huikuan.updateReady    true when a newer build is stored and waits
//   window.huikuan.applyUpdate()  takes the newer build: the page reloads. Only ever called by a tap.
//   window.huikuan.texts          the words of the interface by language
//   window.huikuan.picture        the day's list as it was left (picture.js)
//   window.huikuan.compiled       the module as it was compiled, for the worker, and of which build it is
//   event 'huikuan-update' on window, detail.apply = the same function; sent when updateReady turns true

const huikuan = Object.assign(window.huikuan ??= {}, { version: '@VERSION@', updateReady: false, applyUpdate: () => {}, texts: {} });

// The words of the interface, both languages: what a customer reads may be in the other one.
async function readTexts() {
  await Promise.all(['zh-CN', 'en'].map(async (tag) => {
    const file = await fetch(`/assets/locales/${tag}.ftl`);
    if (!file.ok) throw new Error(`${tag}: ${file.status}`);
    huikuan.texts[tag] = await file.text();
  }));
}

function announce(apply) {
  huikuan.updateReady = true;
  huikuan.applyUpdate = apply;
  window.dispatchEvent(new CustomEvent('huikuan-update', { detail: { apply } }));
}

async function keepWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  let applying = false;
  // A page that was there before its first worker keeps its code when that one takes over.
  let hadWorker = !!workers.controller;
  workers.addEventListener('controllerchange', () => {
    if (applying) location.reload();
    // Another tab took the new build; this one may hold a half-filled form, so it only says so.
    else if (hadWorker) announce(() => location.reload());
    hadWorker = true;
  });
  const registration = await workers.register('/sw.js', { updateViaCache: 'none' });
  const look = () => {
    if (!registration.waiting || !workers.controller) return;
    announce(() => {
      applying = true;
      if (registration.waiting) registration.waiting.postMessage('apply-update');
      else location.reload();
    });
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look);
  });
  look();
  // An installed app stays open for days: ask again when somebody returns to it, at most once an hour.
  let asked_ms = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || !navigator.onLine || Date.now() - asked_ms < 3_600_000) return;
    asked_ms = Date.now();
    registration.update().catch(() => {}); // no network: the next time will do
  });
}

// What is to be read comes before what is to be computed.
await huikuan.picture?.painted;

// Without a service worker the app still runs, only not offline.
keepWorker().catch((error) => console.warn('service worker', error));

try {
  // The words are read while the module compiles: it asks for them as soon as it starts.
  const [module, { default: init }] = await Promise.all([
    WebAssembly.compileStreaming(fetch('@APP_WASM@')),
    import('@APP_JS@'),
    readTexts(),
  ]);
  huikuan.compiled = { module, build: '@APP_JS@' };
  await init({ module_or_path: module });
} catch (error) {
  huikuan.picture?.end();
  document.getElementById('boot-trouble').hidden = false;
  throw error;
}
