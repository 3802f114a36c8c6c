// What Rust asks of the browser where plain bindings would be clumsy: position, camera, share sheet,
// events of the page, and (in the worker) who owns the store. Loaded by both sides of the app:
// nothing here touches `document` or `window` before it is called.

const GIVE_UP_MS = 15_000;
const LONGEST_SIDE_PX = 1_600;

// --- build ----------------------------------------------------------------------------------
// The file that the worker runs: its name holds the hash of what is in it.
export const build = () => globalThis.huikuanBuild ?? '';

// The module as the page compiled it, with its build: the worker runs the same.
export const compiled = () => globalThis.huikuan?.compiled;

// --- words ----------------------------------------------------------------------------------
// The Fluent file of a language, which boot.js has read; the worker has none.
export const localeText = (tag) => globalThis.huikuan?.texts[tag] ?? '';

// --- position -------------------------------------------------------------------------------
// [latitude, longitude, accuracy in metres, milliseconds since 1970], or the name of the trouble.
export function findPlace() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve('not_supported');
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => resolve([coords.latitude, coords.longitude, coords.accuracy, timestamp]),
      (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'),
      { enableHighAccuracy: true, timeout: GIVE_UP_MS, maximumAge: 0 },
    );
  });
}

// --- camera ---------------------------------------------------------------------------------
// JPEG bytes; null if nothing was chosen; 'unreadable' if it is no picture.
export async function takePhoto(mark) {
  const file = await chooseFile();
  if (!file) return null;
  try {
    return await shrink(file, mark);
  } catch {
    return 'unreadable';
  }
}

// The input lives outside the app's root: webviews ignore one that is made inside.
function chooseFile() {
  return new Promise((resolve) => {
    document.getElementById('huikuan-camera')?.remove();
    const input = document.createElement('input');
    input.id = 'huikuan-camera';
    input.type = 'file';
    input.accept = 'image/*';
    input.setAttribute('capture', 'environment');
    input.hidden = true;
    const done = () => {
      input.remove();
      resolve(input.files[0] ?? null);
    };
    input.addEventListener('change', done);
    input.addEventListener('cancel', done);
    document.body.append(input);
    input.click();
  });
}

async function shrink(file, mark) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const brush = canvas.getContext('2d');
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  writeMark(brush, canvas, mark);
  const blob = await new Promise((resolve, reject) => {
    canvas.toBlob((made) => (made ? resolve(made) : reject(new Error('no picture'))), 'image/jpeg', 0.82);
  });
  return new Uint8Array(await blob.arrayBuffer());
}

function writeMark(brush, canvas, mark) {
  if (!mark.length) return;
  const size = Math.max(12, Math.round(canvas.width / 36));
  const line = Math.round(size * 1.4);
  brush.font = `${size}px system-ui, sans-serif`;
  brush.textBaseline = 'top';
  brush.fillStyle = 'rgba(0, 0, 0, 0.55)';
  brush.fillRect(0, canvas.height - line * mark.length - size, canvas.width, line * mark.length + size);
  brush.fillStyle = '#fff';
  mark.forEach((text, i) => {
    brush.fillText(text, size / 2, canvas.height - line * (mark.length - i) - size / 2, canvas.width - size);
  });
}

// --- share, copy, print ---------------------------------------------------------------------
export async function share(title, text, mediaType, name, bytes) {
  const data = { title, text };
  if (bytes) data.files = [new File([bytes], name, { type: mediaType })];
  if (data.files && !navigator.canShare?.(data)) delete data.files;
  try {
    await navigator.share(data);
    return true;
  } catch {
    return false;
  }
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function printPage() {
  window.print();
}

// --- the page around the app ----------------------------------------------------------------
export function isOnline() {
  return navigator.onLine !== false;
}

export function watchOnline(changed) {
  window.addEventListener('online', () => changed(true));
  window.addEventListener('offline', () => changed(false));
}

export function watchWake(woken) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') woken();
  });
  window.addEventListener('pageshow', (event) => { if (event.persisted) woken(); });
}

export function watchRest(hidden) {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hidden();
  });
}

export function watchUpdate(ready) {
  if (window.huikuan?.updateReady) ready();
  window.addEventListener('huikuan-update', () => ready());
}

export function lookForUpdate() {
  // No network, no service worker: the next time will do.
  navigator.serviceWorker?.getRegistration().then((registration) => registration?.update()).catch(() => {});
}

export function applyUpdate() {
  window.huikuan?.applyUpdate();
}

export function appVersion() {
  return window.huikuan?.version ?? '';
}

export async function keepStorage() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

export function readSetting(key) {
  try {
    return localStorage.getItem(`huikuan.${key}`);
  } catch {
    return null;
  }
}

export function writeSetting(key, value) {
  try {
    localStorage.setItem(`huikuan.${key}`, value);
  } catch {
    // A browser that keeps nothing for us: the setting lasts until the page goes.
  }
}

export function languages() {
  return [...(navigator.languages ?? [navigator.language ?? 'zh-CN'])];
}

export function deviceLabel() {
  const agent = navigator.userAgent;
  const browser = /Edg\//.test(agent) ? 'Edge' : /MicroMessenger/.test(agent) ? 'WeChat' : /Firefox\//.test(agent) ? 'Firefox'
    : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : 'Browser';
  const system = /iPhone|iPad/.test(agent) ? 'iPhone' : /Android/.test(agent) ? 'Android' : /Mac OS/.test(agent) ? 'Mac'
    : /Windows/.test(agent) ? 'Windows' : /Linux/.test(agent) ? 'Linux' : '';
  return system ? `${browser}, ${system}` : browser;
}

export function setTitle(title) {
  document.title = title;
}

export function setRootAttribute(name, value) {
  document.documentElement.setAttribute(name, value);
}

let turned = false;
export async function landscape(on) {
  turned = on;
  try {
    if (on) {
      await document.documentElement.requestFullscreen?.();
      if (!turned) return await landscape(false);
      await screen.orientation?.lock?.('landscape');
    } else {
      screen.orientation?.unlock?.();
      if (document.fullscreenElement) await document.exitFullscreen();
    }
  } catch {
    // Desktops and iPhones do not turn: the pad is drawn turned instead.
  }
}

export function fragment() {
  return decodeURIComponent(location.hash.slice(1));
}

export function dropFragment() {
  history.replaceState(history.state, '', location.pathname + location.search);
}

// `?trace=1`: the worker says when a flush of the store has returned and when a reply was posted.
export function traced() {
  const on = new URL(location.href).searchParams.get('trace') === '1';
  if (on) window.__huikuan_trace ??= [];
  return on;
}

export function keepTrace(entry) {
  window.__huikuan_trace?.push(entry);
}

// --- the list as it was left (picture.js) -----------------------------------------------------
export function keepPicture(status) {
  window.huikuan?.picture?.keep(status);
}

export function forgetPicture() {
  window.huikuan?.picture?.forget();
}

// --- the network ----------------------------------------------------------------------------
// One HTTP call: `status` sends it and resolves when the head of the answer is here; then `headers`
// (name, value, name, value …) and either `body`, whole, or `piece` after `piece` until null.
export class HttpCall {
  #stop = new AbortController();
  #address;
  #options;
  #answer;
  #reader;

  constructor(method, url, headers, body) {
    this.#address = url;
    // No call carries or takes a cookie but the one that begins a session of the desk.
    const credentials = url.endsWith('/v1/desk/session') ? 'same-origin' : 'omit';
    this.#options = { method, headers, body, signal: this.#stop.signal, cache: 'no-store', credentials };
  }

  async status() {
    this.#answer = await fetch(this.#address, this.#options);
    return this.#answer.status;
  }

  headers() {
    return [...this.#answer.headers].flat();
  }

  async body() {
    return new Uint8Array(await this.#answer.arrayBuffer());
  }

  async piece() {
    this.#reader ??= this.#answer.body?.getReader();
    const next = await this.#reader?.read();
    return next?.value ?? null;
  }

  stop() {
    this.#stop.abort();
  }
}

// Is the network paid for by what goes over it? Undefined where the browser does not say.
export function isMetered() {
  const { type, saveData } = navigator.connection ?? {};
  if (saveData || type === 'cellular') return true;
  return type === 'wifi' || type === 'ethernet' ? false : undefined;
}

// --- sending when the app is gone (background sync) --------------------------------------------
// The worker leaves what is unsent in a cache; the service worker (sw.js) sends it from there when the
// network is back and no page is in sight. The next start sends the same once more and gets the same answer.
const LEFT = 'left-huikuan';
let leaving = Promise.resolve();

export const sendsLater = () => !!globalThis.caches && 'SyncManager' in globalThis;

// `calls`: [address, token, body] each, in the order in which they are to be sent. All of them stand in one entry,
// which the browser replaces whole: however this worker ends, what was left before is there, or the new.
export function leaveCalls(calls) {
  leaving = leaving.then(async () => {
    if (!calls.length) {
      await caches.delete(LEFT);
      return;
    }
    const about = calls.map(([address, token, body]) => ({ address, token, bytes: body.length }));
    const left = new Response(new Blob(calls.map(([, , body]) => body)), { headers: { 'x-calls': JSON.stringify(about), 'x-left': crypto.randomUUID() } });
    await (await caches.open(LEFT)).put('/left', left);
  }).catch(() => {}); // no room: it is sent when the app is opened again
}

let unsent = false;
let watching = false;

function askToSend() {
  navigator.serviceWorker?.ready.then((registration) => registration.sync?.register('huikuan-left')).catch(() => {});
}

// Something is unsent; `offline`: and there is no connection. Asks the browser to wake the service worker.
export function noteUnsent(now, offline) {
  unsent = now;
  if (now && offline) askToSend();
  if (watching) return;
  watching = true;
  document.addEventListener('visibilitychange', () => {
    if (unsent && document.visibilityState === 'hidden') askToSend();
  });
}

// --- the worker: one tab owns the store -----------------------------------------------------
// Resolves to true once the store is this worker's; `lost` is called if another tab takes it over.
export function ownStore(how, lost) {
  if (!navigator.locks) return Promise.resolve(true);
  const options = { try: { ifAvailable: true }, wait: {}, steal: { steal: true } }[how];
  return new Promise((resolve) => {
    let mine = false;
    navigator.locks.request('huikuan-store', options, (lock) => {
      mine = !!lock;
      resolve(mine);
      return mine ? new Promise(() => {}) : undefined; // held until this worker ends or it is taken
    }).catch(() => (mine ? lost() : resolve(false)));
  });
}

export function tell(what) {
  self.__huikuan_tell?.(what);
}

export function origin() {
  return self.location.origin;
}
