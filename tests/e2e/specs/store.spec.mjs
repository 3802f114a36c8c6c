// The store of a device: one tab owns it, and what cannot be read is set aside, never deleted.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { enrol, openCustomer, synced, to } from '../support/steps.mjs';

test('a second tab says that another one is open, takes over when asked, and the first then steps back', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const first = rep.page;
  rep.page = await rep.context.newPage();
  await rep.open('/');
  const takeOver = rep.page.locator('#take-over');
  await expect(takeOver).toBeVisible();
  await expectAccessible(rep.page, 'a second tab');
  await shot(rep, 'store-second-tab');
  await takeOver.click();
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('23,450.49');
  await expect(first.locator('#take-over')).toBeVisible();
  await first.locator('#take-over').click();
  await expect(first.locator('#status-line')).toBeVisible();
  await expect(rep.page.locator('#take-over')).toBeVisible();
});

test('a store that cannot be read is set aside and said to be, and work goes on with a new one', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  // Beside the app, on the same origin: the files of the pool are overwritten behind their headers.
  rep.expectErrors(/favicon/);
  await rep.open('/manifest.webmanifest');
  const harmed = await rep.page.evaluate(async () => {
    const HEADER = 4_096;
    let count = 0;
    const walk = async (folder) => {
      for await (const [, entry] of folder.entries()) {
        if (entry.kind === 'directory') {
          await walk(entry);
          continue;
        }
        const { size } = await entry.getFile();
        if (size <= HEADER) continue;
        const file = await entry.createWritable({ keepExistingData: true });
        await file.write({ type: 'write', position: HEADER, data: new Uint8Array(size - HEADER).fill(0x2a) });
        await file.close();
        count += 1;
      }
    };
    await walk(await navigator.storage.getDirectory());
    return count;
  });
  expect(harmed).toBeGreaterThan(0);
  await rep.open('/');
  await expect(rep.page.locator('#set-aside-banner')).toContainText('没有删除');
  await expectAccessible(rep.page, 'a store set aside');
  await shot(rep, 'store-set-aside');
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('23,450.49');
  await to(rep, '/me');
  await shot(rep, 'store-set-aside-signed-in');
});
