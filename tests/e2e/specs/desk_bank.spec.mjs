// A bank statement at the desk: what each line is the money of, and why; nothing is posted before a person confirms,
// and the same file twice posts nothing twice. The ledger says literally what it should.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, chooseFile, expectFolds, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, synced, takeMoney, to } from '../support/steps.mjs';

/** Three transfers on their way, finance at the desk, and the statement of the bank. */
async function inTransit(server, phone, desk) {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const named = await takeMoney(rep, 'C002', '6000', { method: 'transfer', reference: 'TX-0042' });
  const likely = await takeMoney(rep, 'C001', '1200', { method: 'transfer', reference: 'unreadable' });
  const short = await takeMoney(rep, 'C001', '500', { method: 'transfer', reference: 'unreadable too' });
  await to(rep, '/');
  await synced(rep);
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const statement = [
    '中国工商银行,账户交易明细',
    '交易日期,交易流水号,借方发生额（支取）,贷方发生额（收入）,余额,对方户名,摘要',
    `${day(0)} 09:12:40,ICBC-1,,"6,000.00",16000.00,恒达建材（上海）,货款 TX-0042`,
    `${day(0)} 10:30:00,ICBC-2,,1200.00,17200.00,城西五金商行,`,
    `${day(0)} 11:05:13,ICBC-3,,495.00,17695.00,城西五金商行,扣手续费`,
    `${day(0)} 11:20:00,ICBC-4,,88.00,17783.00,路人甲,退款`,
    `${day(0)} 18:00:00,ICBC-5,12.00,,17771.00,银行,账户管理费`,
  ];
  return { ledger, zhao, named, likely, short, statement };
}

test('a statement is matched, confirmed by a person, and the same file again doubles nothing', async ({ server, phone, desk, shot }) => {
  const { ledger, zhao, named, likely, short, statement } = await inTransit(server, phone, desk);
  const { page } = zhao;
  await page.locator('a[href="/desk/bank"]').click();
  await expect(page.locator('main h1')).toHaveText('银行流水');
  await shot(zhao, 'finance-bank-empty');
  await chooseFile(zhao, '#bank-file', '工行.csv', statement);
  await expect(page.locator('#map')).toContainText('按表头猜的');
  await expect(page.locator('#file-facts')).toContainText('4 笔进账 · 1 笔支出');
  await expect(page.locator('#bank-unmatched')).toContainText('路人甲');
  await expectFolds(zhao, '#map');
  await shot(zhao, 'finance-bank');
  await shot(zhao, 'finance-bank-whole', { fullPage: true });
  expect(await ledger.balance('Assets:Bank'), 'looking posts nothing').toBe('0.00');

  // All that name their receipt, at once.
  await page.locator('#confirm-all').click();
  await shot(zhao, 'finance-bank-all');
  await issue(zhao);
  await expect(page.locator('#bank-settled')).toContainText('1 笔 · ¥6,000.00');
  expect(await ledger.balance('Assets:Bank')).toBe('6000.00');
  expect(await ledger.account('C002')).toMatchObject({ book: '20000.00', in_transit: '0.00' });
  await expect(button(zhao, `line-ICBC-1-${named}`)).toHaveCount(0);

  // The likely one by its own sheet.
  await button(zhao, `line-ICBC-2-${likely}`).click();
  await issue(zhao);
  await expect(button(zhao, `line-ICBC-2-${likely}`)).toHaveCount(0);
  expect(await ledger.balance('Assets:Bank')).toBe('7200.00');

  // What the bank has less is never taken for a fee unless a person says so.
  await button(zhao, `line-ICBC-3-${short}`).click();
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toContainText('¥5.00');
  await shot(zhao, 'finance-bank-short');
  expect(await ledger.balance('Assets:Bank')).toBe('7200.00');
  await page.locator('#bank-fee').fill('5');
  await issue(zhao, '银行扣手续费');
  await expect(page.locator('#bank-settled')).toContainText('3 笔 · ¥7,695.00');
  expect(await ledger.balance('Assets:Bank')).toBe('7695.00');
  expect(await ledger.balance('Expenses:BankFees')).toBe('5.00');
  expect(await ledger.account('C001')).toMatchObject({ book: '21750.49', in_transit: '0.00' });

  // The same file once more.
  await chooseFile(zhao, '#bank-file', '工行（又一份）.csv', statement);
  await expect(page.locator('#bank-settled')).toContainText('3 笔 · ¥7,695.00');
  await expect(page.locator('[id^="line-"]')).toHaveCount(0);
  await expect(page.locator('#confirm-all')).toHaveCount(0);
  await shot(zhao, 'finance-bank-again');
  expect(await ledger.balance('Assets:Bank')).toBe('7695.00');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  // What is no statement is refused in words, and nothing has moved.
  zhao.expectErrors(/status of 422/);
  await page.locator('#bank-file').setInputFiles({ name: 'book.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004 a workbook') });
  await expect(page.locator('#file-problem')).toContainText('另存为 CSV');
  expect(await ledger.balance('Assets:Bank')).toBe('7695.00');
});

test('the bank statement passes axe in both languages and themes, at a desk and on a phone', async ({ server, phone, desk, shot }) => {
  test.setTimeout(240_000);
  const { zhao, statement } = await inTransit(server, phone, desk);
  const bad = [...statement, '2026-13-40,ICBC-6,,1.00,1,甲,'];
  const look = async () => {
    await zhao.open('/desk/bank');
    await expect(zhao.page.locator('main h1')).toBeVisible();
    await chooseFile(zhao, '#bank-file', 'icbc.csv', bad);
    await zhao.page.locator('#map summary').click();
  };
  await accessibleAtTheDesk(zhao, { look, name: 'finance-bank-axe', shot, colours, expectAccessible });
});
