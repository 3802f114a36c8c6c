// Phones are handed on, lost and switched off: nobody sees another person's customers, and no record is lost.
import { PEOPLE, expect, expectAccessible, makeCompany, signInLink, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { customerId, enrol, openCustomer, syncNow, synced, takeCash, to, visit } from '../support/steps.mjs';

async function signOut(device) {
  await to(device, '/me');
  await device.page.locator('#sign-out').click();
  await expectAccessible(device.page, 'the sheet before signing out');
  await device.page.locator('#confirm-yes').click();
  await expect(device.page.locator('#enrol')).toBeVisible();
}

test('a code typed by hand signs in, a wrong one says why not; then the browser is asked to keep what will lie here', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const device = await phone();
  await device.context.addInitScript(() => {
    window.__asked = 0;
    const { prototype } = StorageManager;
    const persist = prototype.persist;
    prototype.persist = function () {
      window.__asked += 1;
      return persist.call(this);
    };
  });
  const asked = () => device.page.evaluate(() => window.__asked);
  const code = new URL(await signInLink(server, PEOPLE.fang)).hash.slice(1);
  await device.open('/');
  const field = device.page.locator('#code');
  await device.page.locator('#enrol-go').click();
  await expect(device.page.locator('#enrol-error')).toHaveCount(0);
  await field.fill('AAAAA-BBBBB');
  device.expectErrors(/status of 40[13]/);
  await device.page.locator('#enrol-go').click();
  await expect(device.page.locator('#enrol-error')).toBeVisible();
  await expectAccessible(device.page, 'sign-in with a wrong code');
  await shot(device, 'people-wrong-code');
  expect(await asked(), 'nobody is asked before somebody has signed in').toBe(0);

  // As it is read off a screen and typed on a phone: small letters, a space for the hyphen.
  await field.fill(code.toLowerCase().replace('-', ' '));
  await device.page.locator('#enrol-go').click();
  await expect(device.page.locator('#status-line')).toBeVisible({ timeout: 30_000 });
  await synced(device);
  await expect.poll(asked, { message: 'the browser is asked to keep the data' }).toBe(1);
  await openCustomer(device, 'C001');
  await expect(device.page.locator('#outstanding')).toContainText('23,450.49');

  // This browser does not promise it. The screen says what that means, and can ask again another time.
  await to(device, '/me');
  await expect(device.page.locator('#storage-note')).toContainText('浏览器没有答应保留数据');
  await device.page.reload();
  await device.page.locator('#storage-keep').click();
  await expect(device.page.locator('#storage-note')).toContainText('浏览器没有答应保留数据');
  expect(await asked()).toBe(1);
});

test('a second person on the same phone sees nothing of the first, who finds everything again', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const device = await phone();
  await enrol(device, server, PEOPLE.fang);
  await synced(device);
  const customer = await customerId(device, 'C001');
  await device.signal(false);
  await visit(device, 'C001', '只有王芳知道的事');
  const record = new URL(device.page.url()).pathname;
  await signOut(device);
  // Without anybody signed in an address shows nothing.
  await to(device, record);
  await expect(device.page.locator('#enrol')).toBeVisible();
  await expect(device.page.locator('#known-people')).toContainText('王芳');
  await expectAccessible(device.page, 'signed out, with somebody known');
  await shot(device, 'people-signed-out');

  await device.signal(true);
  await enrol(device, server, PEOPLE.lei);
  await synced(device);
  const main = device.page.locator('#main');
  for (const path of ['/', '/customers', '/collect', '/sync', '/me']) {
    await to(device, path);
    await expect(main).not.toBeEmpty();
    for (const text of ['城西五金商行', '恒达建材', '只有王芳知道的事']) await expect(main).not.toContainText(text);
  }
  for (const search of ['城西', 'cxwj', 'C001']) {
    await to(device, '/customers');
    await device.page.locator('#search').fill(search);
    await expect(main).toContainText(`“${search}”`);
    await expect(device.page.locator('#customer-list')).toHaveCount(0);
  }
  await to(device, `/customer/${customer}`);
  await expect(main).toContainText('没有这个客户');
  await to(device, record);
  await expect(main).not.toContainText('只有王芳知道的事');
  await openCustomer(device, 'C003');
  await expect(device.page.locator('#outstanding')).toContainText('6,580.00');

  await signOut(device);
  await device.page.locator('#known-people button', { hasText: '王芳' }).click();
  await expect(device.page.locator('#status-line')).toBeVisible();
  await to(device, record);
  await expect(device.page.locator('#notes-read')).toHaveText('只有王芳知道的事');
  await to(device, '/');
  await synced(device);
});

test('a device revoked while it had no signal keeps its unsent records, and says so', async ({ server, phone, shot }) => {
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const device = await phone();
  await enrol(device, server, PEOPLE.fang);
  await synced(device);
  await device.signal(false);
  await visit(device, 'C001', '停用之前记的');
  const number = await takeCash(device, 'C002', '1000');
  await server.cli('device', 'revoke', number.split('-')[0]);
  device.expectErrors(/status of 40[13]/);
  await to(device, '/');
  await device.signal(true);

  await expect(device.page.locator('#revoked-banner')).toContainText('都保存在这台手机上');
  await expect(device.page.locator('#status-line')).toContainText('记录都保存在手机上');
  await expectAccessible(device.page, 'a device switched off');
  await shot(device, 'people-revoked');
  await device.page.reload();
  await to(device, '/sync');
  await expect(device.page.locator('#waiting [data-kind="visit"]')).toHaveCount(1);
  await expect(device.page.locator('#waiting [data-kind="receipt"]')).toHaveCount(1);
  await expect(device.page.locator('#waiting')).toContainText(number);
  await shot(device, 'people-revoked-sync');
  expect((await finance.account('C002')).receipts).toEqual([]);

  // The money is not lost: a new code for the same person, and what waited goes on its way.
  await enrol(device, server, PEOPLE.fang);
  await synced(device);
  const account = await finance.account('C002');
  expect(account.receipts).toEqual([{ number, amount: '1000.00', method: 'cash', state: 'posted' }]);
  expect(account.book).toBe('25000.00');
});
