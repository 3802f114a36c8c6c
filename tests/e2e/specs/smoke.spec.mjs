// The shell of the app: it paints, installs, runs without the server, and never swaps itself.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Server, expect, test, web } from '../fixtures.mjs';

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

test('a new version waits until it is asked for and leaves a half-filled form alone', async ({ phone }) => {
  const site = fs.mkdtempSync(path.join(os.tmpdir(), 'huikuan-site-'));
  fs.cpSync(web, site, { recursive: true });
  const server = new Server({ web: site });
  try {
    await server.start();
    const device = await phone({ server });
    await device.open('/');
    await painted(device.page);
    await device.offlineReady();
    const before = await device.page.evaluate(() => window.huikuan.version);
    // Something half-filled, and a mark that a reload would wipe.
    await device.page.evaluate(() => {
      window.mark = 'still here';
      document.querySelector('#main').append(Object.assign(document.createElement('input'), { id: 'half', value: '半' }));
    });

    newerBuild(site, before);
    await device.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await device.page.waitForFunction(() => window.huikuan.updateReady);
    expect(await device.page.evaluate(() => [window.mark, document.querySelector('#half').value, window.huikuan.version]))
      .toEqual(['still here', '半', before]);
    // Not even a reload takes it: only the tap does.
    await device.page.reload();
    await device.page.waitForFunction(() => window.huikuan?.updateReady);
    expect(await device.page.evaluate(() => window.huikuan.version)).toBe(before);

    // People read before they tap. (Asked while the page is still being loaded, Chromium with DevTools attached
    // now and then keeps the old worker for good.)
    await expect(device.page.locator('#enrol-go')).toBeVisible();
    await device.page.waitForLoadState('networkidle');
    await device.page.waitForTimeout(2_000);
    await device.page.evaluate(() => { setTimeout(() => window.huikuan.applyUpdate()); });
    await device.page.waitForFunction((old) => window.huikuan && window.huikuan.version !== old, before);
    await painted(device.page);
    expect(await device.page.evaluate(() => caches.keys().then((names) => names.length))).toBe(1);
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
