// A void is a request: until somebody else approves it the money stands with the salesperson.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { enrol, firstDay, openCustomer, synced, takeCash, to } from '../support/steps.mjs';

test('a void that is asked for changes nothing until the supervisor approves it; its number is never used again', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const number = await takeCash(rep, 'C001', '5000');
  const record = new URL(rep.page.url()).pathname;
  await to(rep, '/');
  await synced(rep);
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await to(boss, '/approvals');

  await to(rep, record);
  await rep.page.locator('#void').click();
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#confirm'), 'no void without a reason').toBeVisible();
  await rep.page.locator('#void-reason').fill('金额点错，少收了一千');
  await shot(rep, 'void-request');
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#void-state')).toContainText('金额点错');
  await shot(rep, 'void-pending', { fullPage: true });
  await to(rep, '/');
  await synced(rep);

  // Asked for, not decided: phone and ledger go on as before.
  await to(rep, '/collect');
  await expect(rep.page.locator('#cash-in-hand')).toContainText('5,000.00');
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('18,450.49');
  expect(await finance.account('C001')).toMatchObject({
    book: '18450.49',
    receipts: [{ number, amount: '5000.00', method: 'cash', state: 'void_pending' }],
  });
  expect(await finance.balance('Assets:Field:Cash:')).toBe('5000.00');
  expect(await finance.entries('void')).toHaveLength(0);
  expect((await finance.exceptions()).map((e) => [e.kind, e.subject])).toContainEqual(['void_pending', number]);

  // The supervisor's screen has it without reload, with what it is about.
  const asked = boss.page.locator('#main section.card', { hasText: number });
  await expect(asked).toContainText('5,000.00');
  await expect(asked).toContainText('金额点错');
  await expect(asked).toContainText('王芳');
  await shot(boss, 'void-approvals');
  await asked.locator('button.danger').click();
  await boss.page.locator('#decision-note').fill('同意，重开一张');
  await shot(boss, 'void-approve');
  await boss.page.locator('#confirm-yes').click();
  await expect(asked).toHaveCount(0);

  // Reversed, everywhere; the entry of the receipt itself stays.
  await to(rep, record);
  await expect(rep.page.locator('#record-state')).toContainText('作废', { timeout: 30_000 });
  await expect(rep.page.locator('#void-state')).toContainText('同意，重开一张');
  await to(rep, '/collect');
  await expect(rep.page.locator('#cash-in-hand')).toContainText('0.00');
  await expect(rep.page.locator('#cash-in-hand')).not.toContainText('5,000.00');
  expect(await finance.account('C001')).toMatchObject({
    book: '23450.49',
    outstanding: { F1001: '12800.00', F1002: '7450.50', F1003: '3199.99' },
    receipts: [{ number, amount: '5000.00', method: 'cash', state: 'voided' }],
  });
  expect(await finance.balance('Assets:Field:Cash:')).toBe('0.00');
  const [receipt] = await finance.entries('receipt');
  expect(await finance.entries('void')).toMatchObject([{ reverses: receipt.id }]);
  expect((await finance.exceptions()).map((e) => e.kind)).not.toContain('void_pending');

  const next = await takeCash(rep, 'C001', '4000');
  expect(next).toMatch(/-2$/);
  expect(next.split('-')[0]).toBe(number.split('-')[0]);
  await to(rep, '/');
  await synced(rep);
  expect((await finance.account('C001')).book).toBe('19450.49');
  expect((await finance.exceptions()).map((e) => e.kind), 'a voided number is no gap').not.toContain('number_gap');
  expect((await server.cli('ledger', 'check')).code).toBe(0);
});

test('a void that the supervisor does not grant leaves the money where it was, and says why', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);
  const number = await takeCash(rep, 'C001', '5000');
  const record = new URL(rep.page.url()).pathname;
  await rep.page.locator('#void').click();
  await rep.page.locator('#void-reason').fill('客户说改天再付');
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#void-state')).toContainText('作废待批');
  await to(rep, '/');
  await synced(rep);

  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await to(boss, '/approvals');
  const asked = boss.page.locator('#main section.card', { hasText: number });
  await asked.locator('button', { hasText: '不同意' }).click();
  await expect(boss.page.locator('#confirm')).toContainText('继续有效');
  await boss.page.locator('#decision-note').fill('钱已经收了，不能作废');
  await expectAccessible(boss.page, 'the sheet to decide a void');
  await shot(boss, 'void-deny');
  await boss.page.locator('#confirm-yes').click();
  await expect(asked).toHaveCount(0);
  await to(boss, '/log');
  await synced(boss);

  await to(rep, record);
  const state = rep.page.locator('#void-state');
  await expect(state).toContainText('主管没有同意作废', { timeout: 30_000 });
  await expect(state).toContainText('钱已经收了，不能作废');
  await expect(rep.page.locator('#record-state')).toContainText('已入账');
  await expect(rep.page.locator('#void'), 'it can be asked for once more').toBeVisible();
  await shot(rep, 'void-denied', { fullPage: true });
  await to(rep, '/collect');
  await expect(rep.page.locator('#cash-in-hand')).toContainText('5,000.00');
  expect(await finance.account('C001')).toMatchObject({
    book: '18450.49',
    receipts: [{ number, amount: '5000.00', method: 'cash', state: 'posted' }],
  });
  expect(await finance.entries('void')).toEqual([]);
});
