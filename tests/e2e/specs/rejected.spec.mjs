// What the server does not take stops nothing else, and the one who made it sees which it is and why.
import fs from 'node:fs';
import { PEOPLE, expect, expectAccessible, test } from '../fixtures.mjs';
import { importRows } from '../support/company.mjs';
import { apiSession } from '../support/ledger.mjs';
import { comment, enrol, firstDay, openCustomer, saved, sign, syncNow, synced, takeCash, to, typeSum, visit } from '../support/steps.mjs';

test('a refused change holds nothing up: other records flow, and so do later changes of the same record', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);
  await visit(rep, 'C001', '老板不在');
  const visited = new URL(rep.page.url()).pathname;
  const number = await takeCash(rep, 'C001', '5000');
  const receipt = new URL(rep.page.url()).pathname;
  await rep.page.locator('#void').click();
  await rep.page.locator('#void-reason').fill('金额点错');
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#void-state')).toBeVisible();
  await to(rep, '/');
  await synced(rep);
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  // A first sync brings records as lines and fetches the newest whole after it: she has both before the signal goes.
  for (const record of [receipt, visited]) {
    await to(boss, record);
    await expect(boss.page.locator('#comment-text')).toBeVisible();
  }

  // Without a signal: a void approved, a word on that receipt after it, a word on another record.
  await boss.signal(false);
  await to(boss, '/approvals');
  await boss.page.locator('#main section.card', { hasText: number }).locator('button.danger').click();
  await boss.page.locator('#confirm-yes').click();
  await to(boss, receipt);
  await comment(boss, '单据我这边核过了');
  await to(boss, visited);
  await comment(boss, '下次带上对账单');
  // Meanwhile she has become a finance clerk: she may talk about everything, but approves no voids any more.
  await server.cli('user', 'role', PEOPLE.chen.name, '--role', 'finance');
  await to(boss, '/');
  await boss.signal(true);

  const status = boss.page.locator('#status-line');
  await expect(status).toHaveClass(/\bbad\b/, { timeout: 30_000 });
  await expect(status).toContainText('1 条没被接收');
  await status.click();
  const refused = boss.page.locator('#refused');
  await expect(refused.locator('[data-kind="receipt"][data-code="admission.not_allowed"]')).toHaveCount(1);
  await expect(refused).toContainText('城西五金商行');
  await expect(refused).toContainText('你的权限不能这样改');
  await expect(boss.page.locator('#waiting')).toHaveCount(0);
  await shot(boss, 'rejected-sync', { fullPage: true });

  // Everything after it arrived.
  await to(rep, receipt);
  await expect(rep.page.locator('#comments')).toContainText('单据我这边核过了', { timeout: 30_000 });
  await expect(rep.page.locator('#void-state')).toContainText('作废待批');
  await to(rep, visited);
  await expect(rep.page.locator('#comments')).toContainText('下次带上对账单');
  expect(await finance.account('C001')).toMatchObject({ book: '18450.49', receipts: [{ number, state: 'void_pending' }] });
  await to(boss, receipt);
  await expect(boss.page.locator('#comments')).toContainText('单据我这边核过了');
  await expect(boss.page.locator('#void-state')).toContainText('作废待批');

  // Dealt with: the line goes, the status is clean again.
  await to(boss, '/sync');
  await boss.page.locator('[id^="dismiss-"]').click();
  await expect(refused).toHaveCount(0);
  await expect(boss.page.locator('#status-line')).toHaveClass(/\bok\b/);
});

test('a record that the server cannot place is kept and explained, and the others go through', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);

  // A backup is taken; then a new customer comes in, whom the salesperson visits. The server breaks, and
  // what comes back in its place is the backup, which has never heard of that customer.
  await server.stop();
  const backup = `${server.data}-files/backup`;
  fs.cpSync(server.data, backup, { recursive: true });
  await importRows(server, 'customers', [{ number: 'C005', name: '新开的五金店', territory: '城西', rep: '王芳', latitude: 31.24, longitude: 121.5 }]);
  await server.start();
  await syncNow(rep);
  await openCustomer(rep, 'C005');
  await server.stop('SIGKILL');
  await visit(rep, 'C005', '新店第一次拜访');
  const unplaced = new URL(rep.page.url()).pathname;
  await visit(rep, 'C001', '老板不在');
  const number = await takeCash(rep, 'C001', '3000');
  fs.rmSync(server.data, { recursive: true });
  fs.cpSync(backup, server.data, { recursive: true });
  rep.expectErrors(/status of 40/);
  await server.start();
  await to(rep, '/sync');
  await rep.page.locator('#sync-now').click();

  const refused = rep.page.locator('#refused');
  await expect(refused.locator('[data-kind="visit"][data-code="admission.out_of_scope"]')).toHaveCount(1);
  await expect(refused).toContainText('新开的五金店');
  await expect(refused).toContainText('这个客户不归你管');
  await expect(rep.page.locator('#waiting')).toHaveCount(0);
  await expectAccessible(rep.page, 'a refused record');
  await shot(rep, 'rejected-unplaced', { fullPage: true });
  // What she wrote is still on the phone.
  await to(rep, unplaced);
  await expect(rep.page.locator('#notes-read')).toHaveText('新店第一次拜访');
  await expect(rep.page.locator('#rejected')).toBeVisible();
  expect((await finance.account('C001')).receipts).toEqual([{ number, amount: '3000.00', method: 'cash', state: 'posted' }]);
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await expect(boss.page.locator('#visits')).toContainText('城西五金商行');
  await expect(boss.page.locator('#visits')).not.toContainText('新开的五金店');
});

test('a refused receipt is corrected: signed anew under a number of its own, counted once, and the old one leads to it', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);

  // A new customer comes in; then the server runs for a while on a copy that has never heard of them.
  await server.stop();
  const older = `${server.data}-files/older`;
  const newer = `${server.data}-files/newer`;
  const runOn = (copy) => {
    fs.rmSync(server.data, { recursive: true });
    fs.cpSync(copy, server.data, { recursive: true });
  };
  fs.cpSync(server.data, older, { recursive: true });
  await importRows(server, 'customers', [{ number: 'C005', name: '新开的五金店', territory: '城西', rep: '王芳', latitude: 31.24, longitude: 121.5 }]);
  await server.start();
  await syncNow(rep);
  await openCustomer(rep, 'C005');
  await server.stop();
  fs.cpSync(server.data, newer, { recursive: true });
  const number = await takeCash(rep, 'C005', '4000');
  const old = new URL(rep.page.url()).pathname;
  runOn(older);
  rep.expectErrors(/status of 40/);
  await server.start();
  await to(rep, '/sync');
  await rep.page.locator('#sync-now').click();
  const refused = rep.page.locator('#refused');
  await expect(refused.locator('[data-kind="receipt"][data-code="admission.out_of_scope"]')).toHaveCount(1, { timeout: 30_000 });

  // The office is back on the right copy. The form comes filled in; the customer signs once more.
  await server.stop();
  runOn(newer);
  await server.start();
  await refused.locator('[id^="correct-"]').click();
  await expect(rep.page.locator('#receipt-amount')).toContainText('4,000');
  await expectAccessible(rep.page, 'the correction of a receipt');
  for (let digits = 0; digits < '4000.00'.length; digits += 1) await rep.page.locator('#pad-backspace').click();
  await typeSum(rep, '3900');
  await rep.page.locator('#pad-commit').click();
  await sign(rep);
  await rep.page.locator('#signer-name').fill('刘国强');
  await shot(rep, 'correct-receipt', { fullPage: true });
  await rep.page.locator('#receipt-issue').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#corrects')).toBeVisible();
  const made = new URL(rep.page.url()).pathname;
  expect(made).not.toBe(old);

  // The old one is no trouble any more and leads to the new one.
  await to(rep, old);
  await expect(rep.page.locator('#corrected')).toContainText('更正后的记录');
  await expect(rep.page.locator('#rejected')).toHaveCount(0);
  await shot(rep, 'corrected-receipt', { fullPage: true });
  await rep.page.locator('#corrected a').click();
  await expect(rep.page).toHaveURL(new RegExp(`${made}$`));
  await to(rep, '/sync');
  await rep.page.locator('#sync-now').click();
  await synced(rep);
  await expect(refused).toHaveCount(0);
  const { receipts } = await finance.account('C005');
  expect(receipts).toHaveLength(1);
  expect(receipts[0]).toMatchObject({ amount: '3900.00', state: 'posted' });
  expect(receipts[0].number).not.toBe(number);
});
