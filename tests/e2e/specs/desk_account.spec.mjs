// What finance does about an account, each by a person at the desk: money is moved, paid back, a debt is lowered,
// raised and written off, and comes in after all; a cheque comes back and clears; a receipt is voided whose money had
// left the field. The ledger says literally what it should after each.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { button, issue, openDesk } from '../support/desk.mjs';
import { enrol, pick, synced, takeCash, takeMoney, to } from '../support/steps.mjs';

const QIAN = { name: '钱进', role: 'finance' };

/** From any screen of the desk to a customer's account. */
async function openAccount({ page }, number) {
  await page.locator('.side-link[href^="/desk/customers"]').click();
  await page.locator('#search').fill(number);
  await page.locator('tbody a').click();
  await expect(page.locator('#book')).toBeVisible();
}

/** Chooses in a list by what the choice says. */
async function choose({ page }, id, text) {
  const label = await page.locator(`#${id} option`, { hasText: text }).first().textContent();
  await page.locator(`#${id}`).selectOption({ label });
}

/** The other clerk approves all that waits. */
async function approveAll(other, count) {
  await other.page.locator('.side-link[href="/desk"]').click();
  await other.page.locator('.side-link[href="/desk/approvals"]').click();
  const waiting = other.page.locator('[id^="approve-"]');
  await expect(waiting).toHaveCount(count);
  for (let left = count - 1; left >= 0; left -= 1) {
    await waiting.first().click();
    await issue(other, '已核对凭证');
    await expect(waiting).toHaveCount(left);
  }
}

async function office(server, desk, person) {
  const clerk = await desk({ name: person.name });
  await enrol(clerk, server, person);
  await openDesk(clerk);
  return clerk;
}

/** Cash of 15,000 of C001, and a cheque of 2,000 of C002, handed in and counted. */
async function handedIn(server, phone, desk) {
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN } });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const cash = await takeCash(rep, 'C001', '15000');
  const record = new URL(rep.page.url()).pathname;
  const cheque = await takeMoney(rep, 'C002', '2000', { method: 'cheque', reference: 'CH-77', bank: '工商银行' });
  await to(rep, '/');
  await synced(rep);
  const zhao = await office(server, desk, PEOPLE.zhao);
  await zhao.page.locator('.side-link[href="/desk/hand-ins"]').click();
  await button(zhao, 'count-王芳').click();
  await zhao.page.locator('#pieces-10000').fill('150');
  await issue(zhao, '当面点收');
  await expect(zhao.page.locator('#count-outcome')).toBeVisible();
  expect(await ledger.balance('Assets:Cash')).toBe('15000.00');
  return { ledger, rep, zhao, cash, cheque, record };
}

test('money is moved between invoices and paid back; a debt is lowered, raised, written off and recovered: each by two persons where it must be', async ({ server, phone, desk, shot }) => {
  const { ledger, zhao, cash } = await handedIn(server, phone, desk);
  const qian = await office(server, desk, QIAN);
  const { page } = zhao;
  expect(await ledger.account('C001')).toMatchObject({ book: '8450.49', outstanding: { F1001: '0.00', F1002: '5250.50', F1003: '3199.99' } });

  // It had been meant for the last invoice: one person, and what is owed in all stays.
  await openAccount(zhao, 'C001');
  await page.locator('#do-reallocate').click();
  await choose(zhao, 'whose', cash);
  await choose(zhao, 'from', 'F1001');
  await choose(zhao, 'to', 'F1003');
  await page.locator('#amount').fill('1000');
  await expectAccessible(page, 'the order to reallocate');
  await shot(zhao, 'finance-reallocate');
  await issue(zhao, '客户说明是付 F1003 的');
  await expect.poll(() => ledger.account('C001')).toMatchObject({ book: '8450.49', outstanding: { F1001: '1000.00', F1002: '5250.50', F1003: '2199.99' } });

  // More than there is moves nothing.
  await page.locator('#do-reallocate').click();
  await choose(zhao, 'whose', cash);
  await choose(zhao, 'from', 'F1001');
  await choose(zhao, 'to', 'F1003');
  await page.locator('#amount').fill('11800.01');
  await page.locator('#order-reason').fill('写错了');
  zhao.expectErrors(/status of 409/);
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toBeVisible();
  await page.locator('#order-no').click();

  await page.locator('#do-refund').click();
  await choose(zhao, 'whose', cash);
  await choose(zhao, 'from', 'F1001');
  await pick(zhao, 'till', 'cash');
  await page.locator('#amount').fill('500');
  await expectAccessible(page, 'the order to refund');
  await shot(zhao, 'finance-refund');
  await issue(zhao, '多收，退客户');
  for (const [deed, invoice, sum, why] of [
    ['discount', 'F1003', '99.99', '尾数让利'],
    ['goods_return', 'F1002', '250.50', '破损退货'],
    ['interest', 'F1002', '30', '已书面通知，按约计息'],
  ]) {
    await button(zhao, `${deed}-${invoice}`).click();
    await page.locator('#amount').fill(sum);
    await issue(zhao, why);
  }
  await expect(button(zhao, 'interest-F1003'), 'no interest before the due day').toHaveCount(0);
  expect((await ledger.account('C001')).book, 'proposed, nothing has moved').toBe('8450.49');
  await approveAll(qian, 4);
  expect(await ledger.account('C001')).toMatchObject({ book: '8630.00', outstanding: { F1001: '1500.00', F1002: '5030.00', F1003: '2100.00' } });
  expect(await ledger.balance('Assets:Cash')).toBe('14500.00');

  // Written off, and paid after all.
  await openAccount(zhao, 'C001');
  await button(zhao, 'write_off-F1001').click();
  await issue(zhao, '客户注销，追不回');
  await approveAll(qian, 1);
  expect(await ledger.account('C001')).toMatchObject({ book: '7130.00', outstanding: { F1001: '0.00' } });
  await openAccount(zhao, 'C001');
  await page.locator('#do-recover').click();
  await choose(zhao, 'from', 'F1001');
  await pick(zhao, 'till', 'cash');
  await page.locator('#amount').fill('600');
  await expectAccessible(page, 'the order to recover');
  await shot(zhao, 'finance-recover');
  await issue(zhao, '老板的弟弟代还');
  await expect.poll(() => ledger.balance('Assets:Cash')).toBe('15100.00');
  expect((await ledger.account('C001')).book).toBe('7130.00');
  expect(await ledger.balance('Expenses:BadDebt')).toBe('900.00');
  await expect(page.locator('#main')).toContainText('老板的弟弟代还');
  await shot(zhao, 'finance-deeds', { fullPage: true });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});

test('a cheque that came back is presented again and clears; a void after hand-in takes finance as the second person', async ({ server, phone, desk, shot }) => {
  const { ledger, rep, zhao, cash, cheque, record } = await handedIn(server, phone, desk);
  const { page } = zhao;
  await page.locator('.side-link[href="/desk/receipts"]').click();
  for (const [what, why] of [['bounced', '余额不足，银行退票'], ['presented', '客户补足了余额']]) {
    await button(zhao, `${what}-${cheque}`).click();
    await issue(zhao, why);
  }
  await button(zhao, `cleared-${cheque}`).click();
  await page.locator('#bank-fee').fill('5');
  await issue(zhao, '银行回单');
  await expect(button(zhao, `cleared-${cheque}`)).toHaveCount(0);
  expect(await ledger.balance('Assets:Bank')).toBe('1995.00');
  expect(await ledger.account('C002')).toMatchObject({ book: '24000.00', outstanding: { F1004: '24000.00' } });

  // The supervisor approves; the money is in the till by now, so nothing moves before finance has looked as well.
  await to(rep, record);
  await rep.page.locator('#void').click();
  await rep.page.locator('#void-reason').fill('客户当天改为转账，现金要退回');
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#void-state')).toBeVisible();
  await to(rep, '/');
  await synced(rep);
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await to(boss, '/approvals');
  const asked = boss.page.locator('#main section.card', { hasText: cash });
  await asked.locator('button.danger').click();
  await boss.page.locator('#decision-note').fill('同意');
  await boss.page.locator('#confirm-yes').click();
  await expect(asked).toHaveCount(0);
  await synced(boss);
  await page.locator('.side-link[href="/desk/approvals"]').click();
  await expect(button(zhao, `void-${cash}`)).toBeVisible({ timeout: 30_000 });
  expect(await ledger.account('C001'), 'one person alone moves nothing').toMatchObject({ book: '8450.49' });
  await to(rep, record);
  await expect(rep.page.locator('#void-state'), 'the phone does not call it voided either').toContainText('等账上确认');
  await expect(rep.page.locator('#void')).toHaveCount(0);
  await button(zhao, `void-${cash}`).click();
  await expectAccessible(page, 'the order to confirm a void');
  await shot(zhao, 'finance-void');
  await issue(zhao, '已核对，现金退回客户');
  await expect.poll(() => ledger.account('C001')).toMatchObject({ book: '23450.49', outstanding: { F1001: '12800.00', F1002: '7450.50', F1003: '3199.99' } });
  expect(await ledger.balance('Assets:Cash')).toBe('0.00');
  await to(rep, record);
  await expect(rep.page.locator('#record-state')).toContainText('作废', { timeout: 30_000 });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});
