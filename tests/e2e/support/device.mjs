// A phone or a desk: one person's browser with a profile folder of its own, which survives kills and relaunches.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, expect } from '@playwright/test';
import { Away } from './away.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Shanghai, near the Bund: where phones stand unless a test moves them. */
export const SHANGHAI = { latitude: 31.2397, longitude: 121.4998, accuracy: 12 };

const SHAPES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
};

/** What a browser says when the server or the signal is gone. */
const NETWORK = /net::ERR_(CONNECTION|NETWORK|INTERNET|EMPTY_RESPONSE|INCOMPLETE|SOCKET|FAILED|TIMED_OUT|ADDRESS)/;

export class Device {
  /** @param {'phone'|'desk'} shape */
  constructor(shape, { server, name = shape, ...context } = {}) {
    this.shape = shape;
    this.server = server;
    this.name = name;
    this.contextOptions = context;
    this.profile = fs.mkdtempSync(path.join(os.tmpdir(), `huikuan-${shape}-`));
    /** Console errors and uncaught exceptions that nobody announced. The test fails when there are any. */
    this.errors = [];
    this.expected = [];
    /** When this device had no signal. */
    this.noSignal = new Away();
  }

  /** Starts the browser on its profile. `page` is its only tab. */
  async launch() {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.HUIKUAN_CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      args: FLAGS,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      geolocation: SHANGHAI,
      permissions: ['geolocation'],
      acceptDownloads: true,
      ...SHAPES[this.shape],
      ...this.contextOptions,
    });
    // What does not come about within this time is missing; the test then says what it was.
    this.context.setDefaultTimeout(20_000);
    // Pages, workers and the service worker.
    this.context.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.#note(`console: ${message.text()} (${message.location().url}:${message.location().lineNumber})`, message.timestamp());
    });
    this.context.on('weberror', (error) => this.#note(`page error: ${error.error().stack ?? error.error()}`));
    this.context.on('serviceworker', (worker) => watchServiceWorker(worker));
    for (const worker of this.context.serviceWorkers()) watchServiceWorker(worker);
    this.page = this.context.pages()[0] ?? await this.context.newPage();
    return this;
  }

  #note(text, at = Date.now()) {
    if (NETWORK.test(text) && (this.server?.away?.at(at) || this.noSignal.at(at))) return;
    if (this.expected.some((pattern) => pattern.test(text))) return;
    this.errors.push(text);
  }

  /** From now on errors that match are part of the test, e.g. `expectErrors(/status of 401/)`. */
  expectErrors(pattern) { this.expected.push(pattern); }

  /** The signal is gone, or back. */
  async signal(on) {
    if (!on) this.noSignal.begin();
    await this.context.setOffline(!on);
    if (on) this.noSignal.end();
  }

  /** Opens a path of the app, or a full link. */
  async open(pathOrUrl = '/') {
    const url = pathOrUrl.startsWith('http') ? pathOrUrl : this.server.url + pathOrUrl;
    await this.page.goto(url, { waitUntil: 'load' });
    return this.page;
  }

  /** Closes the browser in an orderly way; the profile stays. */
  async close() {
    await this.context?.close().catch(() => {});
    this.context = undefined;
  }

  /** SIGKILL to the browser's whole process group: nothing gets a chance to finish. */
  async kill() {
    for (const group of processGroups(this.profile)) {
      try { process.kill(-group, 'SIGKILL'); } catch { /* gone already */ }
    }
    const deadline_ms = Date.now() + 5_000;
    while (processGroups(this.profile).size && Date.now() < deadline_ms) await new Promise((resolve) => setTimeout(resolve, 20));
    await this.context?.close().catch(() => {});
    this.context = undefined;
  }

  /** SIGKILL the moment something shows on the screen, in the same breath in which the page sees it. */
  async killWhenShown(selector) {
    const shown = new Promise((resolve) => { this.killer = resolve; });
    await this.page.exposeFunction('__shown', () => this.killer());
    await this.page.evaluate((selector) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector(selector)) return;
        observer.disconnect();
        window.__shown();
      });
      observer.observe(document, { subtree: true, childList: true });
    }, selector);
    return shown.then(() => this.kill());
  }

  /** After close() or kill(): the same profile again, on the path given. */
  async relaunch(pathOrUrl = '/') {
    await this.launch();
    await this.open(pathOrUrl);
    return this.page;
  }

  /** Resolves when the service worker has stored the app and controls the page: it would now run offline. */
  async offlineReady() {
    // Not waitForFunction: it takes the promise of an asynchronous question for a yes.
    await expect.poll(() => this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active?.state === 'activated' && !!navigator.serviceWorker.controller;
    }), { timeout: 60_000, message: 'the service worker controls the page' }).toBe(true);
  }

  /**
   * Draws strokes with a finger (or the mouse at a desk). Points are fractions of the element's box, as
   * somebody sees them who has turned the phone where the element lies on its side.
   */
  async draw(locator, strokes = SIGNATURE) {
    const box = await locator.boundingBox();
    const turned = box.height > box.width;
    const at = ([x, y]) => (turned ? { x: box.x + (1 - y) * box.width, y: box.y + x * box.height }
      : { x: box.x + x * box.width, y: box.y + y * box.height });
    if (this.shape === 'desk') {
      for (const stroke of strokes) {
        const points = stroke.map(at);
        await this.page.mouse.move(points[0].x, points[0].y);
        await this.page.mouse.down();
        for (const point of points.slice(1)) await this.page.mouse.move(point.x, point.y, { steps: 3 });
        await this.page.mouse.up();
      }
      return;
    }
    const session = await this.context.newCDPSession(this.page);
    const touch = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
    for (const stroke of strokes) {
      const points = stroke.map(at);
      await touch('touchStart', [points[0]]);
      for (const point of points.slice(1)) await touch('touchMove', [point]);
      await touch('touchEnd', []);
    }
    await session.detach();
  }

  async dispose() {
    await this.close();
    await this.kill();
    fs.rmSync(this.profile, { recursive: true, force: true });
  }
}

/** A service worker says nothing aloud of what it did not catch. */
function watchServiceWorker(worker) {
  worker.evaluate(() => {
    self.addEventListener('error', (event) => console.error(`service worker: ${event.message}`));
    self.addEventListener('unhandledrejection', (event) => console.error(`service worker: ${event.reason?.stack ?? event.reason}`));
  }).catch(() => {}); // it has ended already
}

function line(from, to, steps = 12) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t + 0.03 * Math.sin(t * 7)];
  });
}

/** Something like 王: three strokes across, one down, and a flourish. */
export const SIGNATURE = [
  line([0.32, 0.25], [0.5, 0.23]), line([0.34, 0.48], [0.48, 0.46]), line([0.3, 0.75], [0.52, 0.72]),
  line([0.41, 0.24], [0.41, 0.74]), line([0.52, 0.68], [0.7, 0.4], 20),
];

/** The process groups of every process that was started with this profile folder, never our own. */
function processGroups(profile) {
  const own = groupOf('self');
  const groups = new Set();
  for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(`--user-data-dir=${profile}`)) continue;
      const group = groupOf(pid);
      if (group && group !== own) groups.add(group);
    } catch { /* ended meanwhile */ }
  }
  return groups;
}

function groupOf(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 0 : Number(fields[2]);
}
