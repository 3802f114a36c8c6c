// A phone without room: nothing is lost, and the screen says in plain words what to do.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { enrol, openCustomer, pick, saved, synced, takePhoto } from '../support/steps.mjs';

const PHOTOS = 5;

test('with the storage full the screen says so, the form is still there, and saving works once there is room', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const notes = '存储满的时候记的';
  await openCustomer(rep, 'C001');
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await pick(rep, 'visit-result', 'unpaid');
  await pick(rep, 'visit-reason', 'no_cash');
  await rep.page.locator('#visit-notes').fill(notes);

  const session = await rep.context.newCDPSession(rep.page);
  const quota = (quotaSize) => session.send('Storage.overrideQuotaForOrigin', { origin: new URL(rep.page.url()).origin, quotaSize });
  await quota(1);
  const toast = rep.page.locator('#toasts .toast.bad');
  // Files have some room in reserve: photos fill it.
  for (let photos = 0; photos < PHOTOS; photos += 1) await takePhoto(rep);
  await rep.page.locator('#visit-save').click();
  await expect(toast).toContainText('手机存储满了');
  await expect(toast).toContainText('填的内容还在');
  await expectAccessible(rep.page, 'a message that the storage is full');
  await shot(rep, 'storage-full');
  await expect(rep.page.locator('#visit-notes')).toHaveValue(notes);
  await expect(rep.page.locator('.photo img')).toHaveCount(PHOTOS);
  await expect(rep.page.locator('#visit-result input[value="unpaid"]')).toBeChecked();

  await quota(undefined);
  await rep.page.locator('#visit-save').click();
  await saved(rep);
  await expect(rep.page.locator('#notes-read')).toHaveText(notes);
});
