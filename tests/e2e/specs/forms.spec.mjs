// What is half filled in is neither lost nor mixed up.
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { customerId, enrol, pick, synced, takePhoto, to } from '../support/steps.mjs';

test('a half-filled form survives a killed app, and never shows under another customer', async ({ server, phone }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const [first, second] = [await customerId(rep, 'C001'), await customerId(rep, 'C002')];
  await to(rep, `/visit/new/${first}`);
  await rep.page.locator('#check-in').click();
  await pick(rep, 'visit-result', 'unpaid');
  await pick(rep, 'visit-reason', 'no_cash');
  await rep.page.locator('#visit-notes').fill('只属于第一家');
  await takePhoto(rep);

  // From one form straight to the other customer's: nothing is carried over.
  await to(rep, `/visit/new/${second}`);
  await expect(rep.page.locator('h1')).toHaveText('恒达建材');
  await expect(rep.page.locator('#check-in')).toBeVisible();
  await expect(rep.page.locator('#visit-notes')).toHaveCount(0);
  await to(rep, `/visit/new/${first}`);
  await expect(rep.page.locator('#visit-notes')).toHaveValue('只属于第一家');

  await rep.kill();
  await rep.relaunch(`/visit/new/${first}`);
  await expect(rep.page.locator('#visit-notes')).toHaveValue('只属于第一家');
  await expect(rep.page.locator('.photo img')).toHaveCount(1);
  await expect(rep.page.locator('#visit-result input[value="unpaid"]')).toBeChecked();
});
