// Receipts: what they pay is changed to the cent, all six methods, and the code on the paper proves them.
import { PEOPLE, expect, expectAccessible, makeCompany, test, viaProxy } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { checkQr, readQr } from '../support/qr.mjs';
import { day, enrol, firstDay, openCustomer, pick, saved, sign, synced, takeMoney, to, typeSum } from '../support/steps.mjs';

/** What the receipt would pay, as the form lists it: `{ F1001: '12,800.00' }`. */
const split = (page) => page.locator('#allocations button[id^="allocate-F"]').evaluateAll((rows) => Object.fromEntries(rows
  .filter((row) => row.querySelector('.amount'))
  .map((row) => [row.id.replace('allocate-', ''), row.querySelector('.amount').textContent.trim()])));

/** Says by hand how much one invoice gets: `sum`, or `#allocate-all`, or `#allocate-none`. */
async function allocate(device, invoice, how) {
  const { page } = device;
  await page.locator(`#allocate-${invoice}`).click();
  if (how.startsWith('#')) {
    await page.locator(how).click();
  } else {
    await page.locator('#allocate-sum').fill(how);
    await page.locator('#allocate-save').click();
  }
  await expect(page.locator('#allocate')).toHaveCount(0);
}

test('a split changed by hand is what the receipt says, what its code proves, and what the ledger posts', async ({ server, phone, wiretap, shot }) => {
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const tap = await wiretap();
  const rep = await phone({ name: 'rep', server: viaProxy(server, tap) });
  await enrol(rep, server, PEOPLE.fang, tap.url);
  await synced(rep);
  const publicKey = tap.up().toString('latin1').match(/"public_key":"([0-9a-f]{64})"/)[1];
  const { page } = rep;
  await openCustomer(rep, 'C001');
  await page.locator('#do-receipt').click();
  await typeSum(rep, '15000');
  // Oldest first, unless they say otherwise: 5,000.00 on the first, the newest in full, 6,000.01 on the one between.
  await expect.poll(() => split(page)).toEqual({ F1001: '12,800.00', F1002: '2,200.00' });
  await allocate(rep, 'F1001', '5000');
  await expect(page.locator('#on-account')).toContainText('7,800.00');
  await allocate(rep, 'F1003', '#allocate-all');
  await page.locator('#allocate-F1002').click();
  await page.locator('#allocate-sum').fill('zwei');
  await page.locator('#allocate-save').click();
  await expect(page.locator('#allocate-sum-note')).toBeVisible();
  await expectAccessible(page, 'the sheet of an allocation');
  await page.locator('#allocate-sum').fill('7000.01');
  await page.locator('#allocate-save').click();
  await expect(page.locator('#allocations [role="alert"]'), 'more than was received').toBeVisible();
  await page.locator('#allocation-reset').click();
  await expect.poll(() => split(page), { message: 'as suggested again' }).toEqual({ F1001: '12,800.00', F1002: '2,200.00' });
  await allocate(rep, 'F1001', '5000');
  await allocate(rep, 'F1003', '#allocate-all');
  await allocate(rep, 'F1002', '6000.01');
  await expect.poll(() => split(page)).toEqual({ F1001: '5,000.00', F1002: '6,000.01', F1003: '3,199.99' });
  await expect(page.locator('#on-account')).toContainText('800.00');
  await shot(rep, 'receipt-split', { fullPage: true });
  // What was asked for is what is overdue, 20,250.50.
  await expect(page.locator('#shortfall')).toContainText('5,250.50');
  await pick(rep, 'shortfall-reason', 'awaiting_own_debtors');
  await page.locator('#shortfall-day').fill(day(12));
  const number = (await page.locator('#receipt-number').textContent()).trim();
  await page.locator('#pad-commit').click();
  await page.locator('#signer-name').fill('刘国强');
  await sign(rep);
  await page.locator('#receipt-issue').click();
  await page.locator('#confirm-yes').click();
  await saved(rep);

  const paper = page.locator('.voucher');
  for (const line of [number, '15,000.00', 'F1001 ¥5,000.00', 'F1002 ¥6,000.01', 'F1003 ¥3,199.99', '预收款 ¥800.00', '刘国强']) {
    await expect(paper).toContainText(line);
  }
  const shortfall = page.locator('#shortfall');
  for (const text of ['5,250.50', '等下家付款', day(12)]) await expect(shortfall).toContainText(text);
  await expect(page.locator('#signature.sealed path.ink')).toBeVisible();
  const code = await readQr(rep, page.locator('#qr'));
  expect(checkQr(code, publicKey)).toMatchObject({
    version: 'HK1', number, day: day(), amount: '15000.00', payer: '城西五金商行', good: true,
  });
  expect(checkQr(code.replace('15000.00', '16000.00'), publicKey).good, 'a changed figure shows').toBe(false);
  const { digest } = checkQr(code, publicKey);
  const print = digest.slice(0, 12).match(/.{4}/g).join(' ');
  await expect(page.locator('#fingerprint'), 'the code is this record’s').toContainText(print);

  await to(rep, '/');
  await synced(rep);
  expect(await finance.account('C001')).toEqual({
    book: '8450.49', on_account: '800.00', in_transit: '0.00',
    outstanding: { F1001: '7800.00', F1002: '1450.49', F1003: '0.00' },
    receipts: [{ number, amount: '15000.00', method: 'cash', state: 'posted' }],
  });
  expect((await server.cli('ledger', 'check')).code).toBe(0);
});

const METHODS = [
  { method: 'cash', sum: '1000', says: '现金', state: 'posted' },
  { method: 'transfer', sum: '2000', reference: 'TX-0042', says: '银行转账 · TX-0042', state: 'in_transit' },
  { method: 'cheque', sum: '3000', reference: 'CH-77', bank: '工商银行', says: '支票 · 工商银行 CH-77', state: 'in_transit' },
  { method: 'acceptance_bill', sum: '4000', reference: 'HP-12', bank: '建设银行', due: day(90), says: '承兑汇票 · 建设银行 HP-12', state: 'in_transit' },
  { method: 'wechat', sum: '5000', reference: 'WX-5', says: '微信 · WX-5', state: 'in_transit' },
  { method: 'alipay', sum: '6000', reference: 'ZFB-6', says: '支付宝 · ZFB-6', state: 'in_transit' },
];

test('money comes in six ways: each receipt says which, and only cash lowers the debt at once', async ({ server, phone }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);
  const receipts = [];
  for (const { method, sum, says, state, ...particulars } of METHODS) {
    const number = await takeMoney(rep, 'C002', sum, method === 'cash' ? undefined : { method, ...particulars });
    await expect(rep.page.locator('.voucher')).toContainText(says);
    if (particulars.due) await expect(rep.page.locator('.voucher')).toContainText(particulars.due);
    receipts.push({ number, amount: `${sum}.00`, method, state });
  }
  await to(rep, '/');
  await synced(rep);
  const account = await finance.account('C002');
  const byNumber = (a, b) => a.number.localeCompare(b.number);
  expect(account.receipts.sort(byNumber)).toEqual(receipts.sort(byNumber));
  // Of 26,000.00 the cash of 1,000.00 is paid; 20,000.00 are on their way.
  expect(account).toMatchObject({ book: '25000.00', in_transit: '20000.00' });
});
