// The desk of finance: what the field sends is confirmed, counted blind, bounced, written off by two persons; the
// ledger says literally what it should. Then every screen of the desk under axe, in both languages and themes.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { apiSession } from '../support/ledger.mjs';
import { button, issue, openDesk } from '../support/desk.mjs';
import { enrol, synced, takeCash, takeMoney, to } from '../support/steps.mjs';

const QIAN = { name: '钱进', role: 'finance' };

/** Money of each kind taken on the phone and synced; finance's own session beside it. */
async function field(server, phone) {
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN } });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await takeCash(rep, 'C001', '5000');
  const transfer = await takeMoney(rep, 'C002', '6000', { method: 'transfer', reference: 'TX-0042' });
  const cheque = await takeMoney(rep, 'C002', '2000', { method: 'cheque', reference: 'CH-77', bank: '工商银行' });
  await to(rep, '/');
  await synced(rep);
  return { ledger, rep, transfer, cheque };
}

test('finance confirms a transfer, counts cash blind, decides the difference, records a bounce; a write-off takes two', async ({ server, phone, desk, shot }) => {
  const { ledger, transfer, cheque } = await field(server, phone);
  const zhao = await desk({ name: 'zhao' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  await expect(zhao.page.locator('#tile-claims')).toContainText('6,000.00');
  await expect(zhao.page.locator('#tile-field .count')).toHaveText('1');
  await shot(zhao, 'finance-overview');

  // The transfer: without the bank's reference nothing is confirmed.
  await zhao.page.locator('#tile-claims').click();
  await expect(zhao.page.locator('#main')).toContainText('CH-77');
  await button(zhao, `confirm-${transfer}`).click();
  await zhao.page.locator('#bank-line').fill('');
  await zhao.page.locator('#order-yes').click();
  await expect(zhao.page.locator('#order-problem')).toBeVisible();
  await zhao.page.locator('#bank-line').fill('ICBC-20261122-0042');
  await expectAccessible(zhao.page, 'the order to confirm');
  await shot(zhao, 'finance-confirm');
  await issue(zhao);
  await expect(button(zhao, `confirm-${transfer}`)).toHaveCount(0);
  expect(await ledger.balance('Assets:Bank')).toBe('6000.00');

  // Cash is counted before anybody says how much it should be: 4,900 of 5,000.
  await zhao.page.locator('a[href="/desk/hand-ins"]').click();
  await expect(zhao.page.locator('main h1')).toHaveText('交账');
  await button(zhao, 'count-王芳').click();
  await expect(zhao.page.locator('#order')).toBeVisible();
  await expect(zhao.page.locator('body')).not.toContainText('5,000');
  await zhao.page.locator('#pieces-10000').fill('48');
  await zhao.page.locator('#pieces-5000').fill('2');
  await expect(zhao.page.locator('#counted')).toContainText('4,900.00');
  await expectAccessible(zhao.page, 'the order to count');
  await shot(zhao, 'finance-count');
  await issue(zhao);
  await expect(zhao.page.locator('#count-outcome')).toContainText('¥100.00');
  await expect(zhao.page.locator('#count-outcome')).toContainText('¥5,000.00');
  await shot(zhao, 'finance-difference');
  await button(zhao, 'decide-王芳').click();
  await zhao.page.locator('#difference input[value="cash_short"]').check({ force: true });
  await issue(zhao, '假币一张，公司承担');
  expect(await ledger.balance('Assets:Cash')).toBe('4900.00');
  expect(await ledger.balance('Assets:Field:Cash:'), 'called lost by one person alone, it moves nothing').toBe('100.00');
  expect(await ledger.balance('Expenses:CashShort')).toBe('0.00');

  // The cheque went to the bank with the hand-in, and comes back.
  await zhao.page.locator('a[href="/desk/receipts"]').click();
  await button(zhao, `bounced-${cheque}`).click();
  await issue(zhao, '余额不足，银行退票');
  await expect(button(zhao, `presented-${cheque}`)).toBeVisible();
  await shot(zhao, 'finance-receipts');
  expect(await ledger.account('C002')).toMatchObject({ book: '20000.00', in_transit: '0.00', outstanding: { F1004: '20000.00' } });
  expect(await ledger.account('C001')).toMatchObject({ book: '18450.49', outstanding: { F1001: '7800.00', F1002: '7450.50', F1003: '3199.99' } });

  // A write-off: proposed by one, approved by another, never by oneself.
  await zhao.page.locator('a[href^="/desk/customers"]').click();
  await zhao.page.locator('#search').fill('C001');
  await zhao.page.locator('tbody a').click();
  await expect(zhao.page.locator('#book')).toContainText('18,450.49');
  await button(zhao, 'write_off-F1003').click();
  await expectAccessible(zhao.page, 'the order to write off');
  await issue(zhao, '客户注销，追不回');
  await shot(zhao, 'finance-account', { fullPage: true });
  await zhao.page.locator('a[href="/desk/approvals"]').click();
  await expect(zhao.page.locator('tbody tr', { hasText: '您提出的' })).toHaveCount(2);
  await expect(zhao.page.locator('[id^="approve-"]')).toHaveCount(0);
  expect((await ledger.account('C001')).book).toBe('18450.49');
  const qian = await desk({ name: 'qian' });
  await enrol(qian, server, QIAN);
  await openDesk(qian);
  await qian.page.locator('#tile-proposals').click();
  await shot(qian, 'finance-approvals');
  for (const left of [1, 0]) {
    await qian.page.locator('[id^="approve-"]').first().click();
    await issue(qian, '已核对凭证');
    await expect(qian.page.locator('[id^="approve-"]')).toHaveCount(left);
  }
  expect(await ledger.account('C001')).toMatchObject({ book: '15250.50', outstanding: { F1003: '0.00' } });
  expect(await ledger.balance('Expenses:BadDebt')).toBe('3199.99');
  expect(await ledger.balance('Expenses:CashShort')).toBe('100.00');
  expect(await ledger.balance('Assets:Field:Cash:')).toBe('0.00');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  // Leaving the desk ends the session, here alone.
  qian.expectErrors(/status of 401/);
  await qian.page.locator('#desk-sign-out').click();
  await expect(qian.page.locator('#to-app')).toBeVisible();
  await zhao.page.locator('a[href^="/desk/journal"]').click();
  await expect(zhao.page.locator('#chain')).toBeVisible();
});

const SCREENS = ['', '/receipts', '/hand-ins', '/requests?show=open&what=', '/exceptions', '/approvals', '/receipt-check', '/customers?q=', '/aging?by=customer', '/aging?by=rep', '/collection?person=', '/journal?', '/period', '/nowhere'];

test('every screen of the desk passes axe in both languages and themes, at a desk and on a phone', async ({ server, phone, desk, shot }) => {
  test.setTimeout(400_000);
  await field(server, phone);
  const office = await desk({ name: 'office', reducedMotion: 'reduce' });
  await enrol(office, server, PEOPLE.zhao);
  await openDesk(office);
  const { page } = office;
  await page.locator('a[href^="/desk/customers"]').click();
  await page.locator('tbody a').first().click();
  await expect(page.locator('#book')).toBeVisible();
  const account = new URL(page.url()).pathname.replace('/desk', '');
  const findings = [];
  for (const language of ['zh-CN', 'en']) {
    await page.evaluate((tag) => localStorage.setItem('huikuan.language', tag), language);
    for (const path of [...SCREENS, account]) {
      await office.open(`/desk${path}`);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.locator('main h1')).toBeVisible();
      await expect(page.locator('.skel')).toHaveCount(0);
      for (const colorScheme of ['light', 'dark']) {
        await colours(office, colorScheme);
        await expectAccessible(page, `${path} ${language} ${colorScheme}`).catch((error) => findings.push(error.message));
        const name = path.replace(/[/?=]/g, '-').replace(/-?[0-9a-f]{8}-.*/, '') || '-overview';
        if (colorScheme === 'light' || language === 'zh-CN') await shot(office, `finance-axe${name}-${language}-${colorScheme}`);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      for (const colorScheme of ['dark', 'light']) {
        await colours(office, colorScheme);
        await expectAccessible(page, `${path} ${language} ${colorScheme} at 390 px`).catch((error) => findings.push(error.message));
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) findings.push(`${path} ${language} is ${wide} px too wide on a phone`);
      if (language === 'zh-CN') await shot(office, `finance-phone${path.split('?')[0].replaceAll('/', '-').slice(0, 20)}`);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
  }
  expect(findings.join('\n\n')).toBe('');
});
