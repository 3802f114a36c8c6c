// A phone is lost with receipts on it: finance enters one from its paper copy, the gap in the numbers closes, and when
// the phone is found, nothing is posted twice; where its words differ from what was typed, finance is told.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { readQr } from '../support/qr.mjs';
import { enrol, synced, takeCash, to } from '../support/steps.mjs';

/** Pastes a text and asks. */
async function check(page, text) {
  await page.locator('#code').fill(text);
  await page.locator('#check').click();
  await expect(page.locator('#verdict')).toBeVisible();
}

test('a receipt whose phone is lost is entered from its paper, and the phone that is found doubles nothing', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await rep.signal(false);
  const number = await takeCash(rep, 'C001', '5000');
  const code = await readQr(rep, rep.page.locator('#qr'));
  // Lost: its device is revoked.
  await server.cli('device', 'revoke', number.split('-')[0]);

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('a[href="/desk/receipt-check"]').click();
  await check(page, code.replace('5000.00', '8000.00'));
  await expect(page.locator('#not-here'), 'an altered code is not entered').toHaveCount(0);
  await check(page, code);
  await shot(zhao, 'paper-not-here', { fullPage: true });

  // The sheet: what the code says stands, the rest is typed from the paper.
  await button(zhao, 'enter-paper').click();
  await expect(page.locator('#order')).toContainText('城西五金商行');
  await expect(page.locator('#paper-amount')).toContainText('5,000.00');
  await page.locator('#order-reason').fill('手机丢失，客户出示收据原件');
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem'), 'the method was not chosen').toContainText('收款方式');
  await page.locator('#paper-method').selectOption('cash');
  await button(zhao, 'pays-F1001').fill('9000');
  await expect(page.locator('#paper-rest')).toContainText('超过');
  await button(zhao, 'pays-F1001').fill('4000');
  await expect(page.locator('#paper-rest')).toContainText('1,000.00');
  await shot(zhao, 'paper-sheet', { fullPage: true });
  await issue(zhao);
  await expect(page.locator('#in-ledger')).toContainText('金额和日期一致');
  await expect(page.locator('#entered')).toContainText('手机丢失');
  await expect(page.locator('#not-here')).toHaveCount(0);
  await shot(zhao, 'paper-entered', { fullPage: true });
  expect(await ledger.account('C001')).toMatchObject({ book: '18450.49', outstanding: { F1001: '8800.00' } });

  // The phone is found. What it holds waits for review and is released: it is the receipt that was entered.
  await rep.signal(true);
  await to(rep, '/');
  await expect.poll(async () => (await server.cli('review', 'list')).stdout, { timeout: 60_000 }).toMatch(/[0-9a-f]{64}/);
  await check(page, code);
  await expect(page.locator('#in-ledger')).toContainText('金额和日期一致');
  await server.cli('review', 'release', 'all');
  expect((await ledger.account('C001')).book, 'nothing is posted twice').toBe('18450.49');
  await check(page, code);
  await expect(page.locator('#entered')).toContainText('没有重复入账');

  // Its own words pay other invoices than what was typed.
  await page.locator('a[href="/desk/exceptions"]').click();
  await expect(page.locator('#content')).toContainText('补录与原记录不符');
  await shot(zhao, 'paper-differs');
  const verified = await server.cli('ledger', 'verify');
  expect(verified.code).toBe(0);

  const look = async () => {
    await zhao.open('/desk/receipt-check');
    await check(page, code);
    await expect(page.locator('#entered')).toBeVisible();
  };
  await accessibleAtTheDesk(zhao, { look, name: 'paper-entered', shot, colours, expectAccessible });
});
