// Background sync, where the browser has it: what was saved without a signal reaches the server when the
// signal is back, though the app is not open any more; and the next start doubles nothing.
import { PEOPLE, expect, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { firstDay, synced, takeCash } from '../support/steps.mjs';

test('a receipt saved offline is sent by the service worker after the app was closed, once', async ({ server, phone }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);
  await rep.offlineReady();
  const { origin } = new URL(rep.page.url());

  // Another page of the browser, to wake the service worker from.
  const outside = await rep.context.newPage();
  const session = await rep.context.newCDPSession(outside);
  let registrationId;
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations.find((found) => found.scopeURL.startsWith(origin))?.registrationId ?? registrationId;
  });
  await session.send('ServiceWorker.enable');
  await rep.page.bringToFront();

  await rep.signal(false);
  const number = await takeCash(rep, 'C001', '5000');
  const left = () => rep.page.evaluate(async () => (await caches.has('left-huikuan')) && (await (await caches.open('left-huikuan')).keys()).length);
  await expect.poll(left, { message: 'the receipt is left with the browser' }).toBe(1);
  // Asked before the app is closed: from then on the browser may wake the service worker by itself.
  expect((await finance.account('C001')).receipts).toEqual([]);
  await rep.page.close();
  rep.page = outside;
  await rep.signal(true);
  await expect.poll(() => registrationId).toBeTruthy();
  const receipts = async () => (await finance.account('C001')).receipts.map((receipt) => receipt.number);
  // As the browser does: it asks again when the network was not there yet after all.
  await expect(async () => {
    await session.send('ServiceWorker.dispatchSyncEvent', { origin, registrationId, tag: 'huikuan-left', lastChance: false });
    await expect.poll(receipts, { timeout: 8_000, message: 'sent with the app closed' }).toEqual([number]);
  }).toPass({ timeout: 30_000 });

  await rep.open('/');
  await synced(rep);
  expect(await receipts()).toEqual([number]);
  expect(await finance.exceptions()).toEqual([]);
  await expect.poll(left, { message: 'nothing is left' }).toBeFalsy();
});
