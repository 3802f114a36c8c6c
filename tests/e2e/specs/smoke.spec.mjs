// The shell of the app: it paints, installs, runs without the server, and never swaps itself.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Server, expect, expectAccessible, test, web } from '../fixtures.mjs';
import { customerId, firstDay, pick, to } from '../support/steps.mjs';

const painted = (page) => expect(page.locator('#main')).not.toBeEmpty();

test('the page paints, its service worker controls it, and it opens again with the server gone', async ({ server, phone, shot }) => {
  await server.start();
  const device = await phone();
  await device.open('/');
  await painted(device.page);
  await expect(device.page.locator('#boot')).toBeHidden();
  await expect(device.page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await device.offlineReady();
  await shot(device, 'smoke-online');

  await server.stop('SIGKILL');
  await device.page.reload();
  await painted(device.page);
  await device.open('/sync');
  await painted(device.page);
  expect(await device.page.evaluate(() => fetch('/v1/anything').then(() => 'answered', () => 'no answer'))).toBe('no answer');

  await device.kill();
  await device.relaunch('/');
  await painted(device.page);
  await shot(device, 'smoke-offline');
});

test('a worker started from a newer build than the page runs its own module, not the one that the page has', async ({ server, phone }) => {
  await server.start();
  const device = await phone();
  // What an older page hands over: a module that this worker could not run.
  await device.context.addInitScript(() => {
    if (!globalThis.window) return;
    const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    window.huikuan = { get compiled() { return { module, build: '/app-older.js' }; }, set compiled(_) {} };
  });
  await device.open('/');
  // The sign-in is there once the worker has said that nobody is signed in.
  await expect(device.page.locator('#enrol')).toBeVisible();
});

test('the app can be installed: manifest and icons are whole', async ({ server, phone }) => {
  await server.start();
  const device = await phone();
  await device.open('/');
  const manifest = await device.page.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
  expect(manifest).toMatchObject({ name: '回款', display: 'standalone', start_url: '/', lang: 'zh-CN' });
  for (const icon of manifest.icons) {
    const size = await device.page.evaluate(async (src) => {
      const bitmap = await createImageBitmap(await (await fetch(src)).blob());
      return `${bitmap.width}x${bitmap.height}`;
    }, icon.src);
    expect(size, icon.src).toBe(icon.sizes);
  }
  const session = await device.context.newCDPSession(device.page);
  const { errors } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
});

test('the page is served with a strict policy and code under names of its content for ever', async ({ server }) => {
  await server.start();
  const page = await fetch(server.url);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain("'unsafe-eval'");
  const starter = await (await fetch(`${server.url}/boot.js`)).text();
  const code = starter.match(/\/app_bg-[0-9a-f]{16}\.wasm/)[0];
  const wasm = await fetch(server.url + code, { headers: { 'accept-encoding': 'br' } });
  expect(wasm.headers.get('content-type')).toBe('application/wasm');
  expect(wasm.headers.get('content-encoding')).toBe('br');
  expect(wasm.headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${server.url}/sw.js`)).headers.get('cache-control')).toBe('no-cache');
});

test('a new version says that it is there, leaves a half-filled form alone, and after the tap the form is back', async ({ phone, shot }) => {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), 'huikuan-site-'));
  fs.cpSync(web, site, { recursive: true });
  const server = new Server({ web: site });
  try {
    const device = await firstDay(server, (options) => phone({ ...options, server }));
    const { page } = device;
    await device.offlineReady();
    const version = () => page.evaluate(() => window.huikuan?.version);
    const before = await version();
    await to(device, `/visit/new/${await customerId(device, 'C001')}`);
    await page.locator('#check-in').click();
    await pick(device, 'visit-result', 'unpaid');
    await page.locator('#visit-notes').fill('老板说月底付');
    const form = async () => {
      await expect(page.locator('#visit-notes')).toHaveValue('老板说月底付');
      await expect(page.locator('#visit-result input[value="unpaid"]')).toBeChecked();
    };
    // A mark that a reload would wipe.
    await page.evaluate(() => { window.mark = 'still here'; });

    newerBuild(site, before);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const banner = page.locator('#update-banner');
    await expect(banner).toContainText('新版本已就绪', { timeout: 60_000 });
    await form();
    expect(await page.evaluate(() => window.mark)).toBe('still here');
    expect(await version()).toBe(before);
    await expectAccessible(page, 'a new version is there');
    await shot(device, 'smoke-update', { fullPage: true });
    // Not even a reload takes it: only the tap does.
    await page.reload();
    await expect(banner).toBeVisible();
    await form();
    expect(await version()).toBe(before);

    // People read before they tap. (Asked while the page is still being loaded, Chromium with DevTools attached
    // now and then keeps the old worker for good.)
    await page.waitForLoadState('load');
    await page.waitForTimeout(2_000);
    await page.locator('#update-apply').click({ noWaitAfter: true });
    await page.waitForFunction((old) => window.huikuan && window.huikuan.version !== old, before);
    await form();
    await expect(banner).toHaveCount(0);
    expect(await page.evaluate(() => caches.keys().then((names) => names.filter((name) => name.startsWith('huikuan-')).length))).toBe(1);
  } finally {
    await server.dispose();
    fs.rmSync(site, { recursive: true, force: true });
  }
});

/** Gives the site another version, as another build would: boot.js, its hash in sw.js, and no compressed twins. */
function newerBuild(site, version) {
  const read = (name) => fs.readFileSync(path.join(site, name));
  const write = (name, bytes) => {
    fs.writeFileSync(path.join(site, name), bytes);
    for (const twin of ['br', 'gz']) fs.rmSync(path.join(site, `${name}.${twin}`), { force: true });
  };
  const newer = version.split('').reverse().join('') + '0';
  const hash = (bytes) => createHash('sha256').update(bytes).digest('base64');
  const old = hash(read('boot.js'));
  write('boot.js', read('boot.js').toString().replaceAll(version, newer));
  write('sw.js', read('sw.js').toString().replaceAll(version, newer).replaceAll(old, hash(read('boot.js'))));
}
