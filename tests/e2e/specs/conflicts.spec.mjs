// Cash is cash: what two people took at the same time, not knowing of each other, both stands in the ledger.
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { enrol, openCustomer, synced, takeCash, to } from '../support/steps.mjs';

test('two phones take cash on the same invoice offline: both receipts are posted and the over-payment is listed', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const fang = await phone({ name: 'fang' });
  await enrol(fang, server, PEOPLE.fang);
  await synced(fang);
  await fang.signal(false);

  // The customer goes to a colleague while the first phone has no signal.
  await server.cli('assign', 'C002', '--rep', PEOPLE.lei.name);
  const lei = await phone({ name: 'lei' });
  await enrol(lei, server, PEOPLE.lei);
  await synced(lei);
  await lei.signal(false);

  const first = await takeCash(fang, 'C002', '20000');
  await openCustomer(fang, 'C002');
  await expect(fang.page.locator('#outstanding')).toContainText('6,000.00');
  const second = await takeCash(lei, 'C002', '26000');
  await openCustomer(lei, 'C002');
  await expect(lei.page.locator('#outstanding')).toContainText('0.00');

  for (const device of [fang, lei]) {
    await to(device, '/');
    await device.signal(true);
    await synced(device);
  }
  // 26,000.00 − 20,000.00 − 26,000.00 = −20,000.00
  const account = await finance.account('C002');
  expect(account).toMatchObject({ book: '-20000.00', outstanding: { F1004: '-20000.00' } });
  expect(account.receipts.sort((a, b) => a.amount.localeCompare(b.amount))).toEqual([
    { number: first, amount: '20000.00', method: 'cash', state: 'posted' },
    { number: second, amount: '26000.00', method: 'cash', state: 'posted' },
  ]);
  expect(await finance.entries('receipt')).toHaveLength(2);
  expect(await finance.balance('Assets:Field:Cash:')).toBe('46000.00');
  const found = (await finance.exceptions()).map(({ kind, subject, amount }) => ({ kind, subject, amount }));
  expect(found).toContainEqual({ kind: 'overpaid', subject: 'F1004', amount: '20000.00' });
  expect(found).toContainEqual(expect.objectContaining({ kind: 'out_of_scope', subject: first }));
  expect((await server.cli('ledger', 'check')).code).toBe(0);

  // Finance and the supervisor have it before them; who holds which cash is on each phone.
  const clerk = await desk({ name: 'finance' });
  await enrol(clerk, server, PEOPLE.zhao);
  await to(clerk, '/exceptions');
  const overpaid = clerk.page.locator('#main tbody tr', { hasText: 'F1004' });
  await expect(overpaid).toContainText('20,000.00');
  await expect(overpaid).toContainText('恒达建材');
  await shot(clerk, 'conflict-exceptions');
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await to(boss, '/exceptions');
  await expect(boss.page.locator('#main')).toContainText('F1004');
  await shot(boss, 'conflict-exceptions-phone');
  for (const [device, cash] of [[fang, '20,000.00'], [lei, '26,000.00']]) {
    await to(device, '/collect');
    await expect(device.page.locator('#cash-in-hand')).toContainText(cash);
  }
});
