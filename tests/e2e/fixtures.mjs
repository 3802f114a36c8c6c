// What every browser test starts from. `import { test, expect } from '../fixtures.mjs'` gives
//
//   server   a Server on an empty data folder, not yet started   (support/server.mjs)
//   phone    phone(options?) → Device, launched: 390×844, touch, position, zh-CN   (support/device.mjs)
//   desk     desk(options?)  → Device, launched: 1280×800
//   wiretap  wiretap() → Proxy, started in front of the running server; then phone({ server: viaProxy(server, tap) })
//   shot     shot(device or page, 'name') → target/e2e-shots/name.png
//
// After the test everything is closed, and any console error or uncaught exception on any device fails it.
import fs from 'node:fs';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Device } from './support/device.mjs';
import { Proxy } from './support/proxy.mjs';
import { Server, root } from './support/server.mjs';

export { expect };
/** A photo as a phone takes it: `page.setInputFiles(selector, PHOTO)`. */
export const PHOTO = path.join(root, 'tests/e2e/support/storefront.jpg');
export { expectAccessible } from './support/axe.mjs';
export { COMMANDS, CUSTOMERS, INVOICES, PEOPLE, makeCompany, signInLink } from './support/company.mjs';
export { SHANGHAI, SIGNATURE } from './support/device.mjs';
export { Server, binary, freePort, root, web } from './support/server.mjs';

/** The same server, reached through a proxy. */
export const viaProxy = (server, proxy) => ({ url: proxy.url, away: server.away });

export const test = base.extend({
  server: async ({}, use, info) => {
    const server = new Server();
    await use(server);
    await server.dispose();
    if (info.status !== info.expectedStatus) await info.attach('server log', { body: server.log, contentType: 'text/plain' });
  },

  devices: async ({ server }, use) => {
    const devices = [];
    await use({
      async launch(shape, options) {
        const device = new Device(shape, { server, ...options });
        devices.push(device);
        return device.launch();
      },
    });
    for (const device of devices) await device.dispose();
    const errors = devices.flatMap((device) => device.errors.map((error) => `${device.name}: ${error}`));
    expect(errors, 'console errors and uncaught exceptions').toEqual([]);
  },

  phone: async ({ devices }, use) => { await use((options) => devices.launch('phone', options)); },

  desk: async ({ devices }, use) => { await use((options) => devices.launch('desk', options)); },

  wiretap: async ({ server }, use) => {
    const proxies = [];
    await use(async () => {
      const proxy = await new Proxy(server.port).start();
      proxies.push(proxy);
      return proxy;
    });
    for (const proxy of proxies) await proxy.stop();
  },

  shot: async ({}, use) => {
    const folder = path.join(root, 'target/e2e-shots');
    fs.mkdirSync(folder, { recursive: true });
    await use(async (deviceOrPage, name, options = {}) => {
      const page = deviceOrPage.page ?? deviceOrPage;
      const shoot = () => page.screenshot({ path: path.join(folder, `${name}.png`), ...options, fullPage: false });
      if (!options.fullPage) return shoot();
      // A taller phone instead of a stitched picture: what sticks to the edges stays there.
      const size = page.viewportSize();
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width: size.width, height: Math.max(size.height, height) });
      await shoot();
      return page.setViewportSize(size);
    });
  },
});
