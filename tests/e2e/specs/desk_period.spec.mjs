// Days are closed at the desk: which are, which phones may still hold records of them, for good; what comes later
// posts on the first open day and says so.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { importRows } from '../support/company.mjs';
import { accessibleAtTheDesk, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, synced } from '../support/steps.mjs';

/** A day as headings say it. */
const long = (text) => { const [y, m, d] = text.split('-').map(Number); return `${y}年${m}月${d}日`; };

test('finance closes days for good, is told whose phones are behind, and what comes late posts on an open day', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  // One phone has synced today, another never.
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await apiSession(server, PEOPLE.lei);
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('a[href="/desk/period"]').click();
  await expect(page.locator('#closed-through')).toContainText('还没有结过账');
  await expect(page.locator('#through')).toHaveValue(day(-1));
  await expect(page.locator('#not-heard')).toContainText('1 部手机');
  await expect(page.locator('tbody')).toContainText(PEOPLE.lei.name);
  await expect(page.locator('tbody')).not.toContainText(PEOPLE.fang.name);

  // Today is not over.
  await page.locator('#through').fill(day(0));
  await page.locator('#close-days').click();
  await expect(page.locator('#through-note')).toContainText('已经过完');
  await expect(page.locator('#order')).toHaveCount(0);
  await page.locator('#through').fill(day(-3));
  await page.locator('#close-days').click();
  await expect(page.locator('#days')).toContainText(`${day(-3)} 及以前`);
  await expect(page.locator('#order')).toContainText('不能撤回');
  await expectAccessible(page, 'the sheet that closes');
  await shot(zhao, 'period-sheet');
  await issue(zhao);
  await expect(page.locator('#closed-through')).toContainText(`已结账到 ${long(day(-3))}`);

  // The invoice of a closed day comes late: the first open day has it.
  await importRows(server, 'invoices', [{ number: 'F9001', customer: 'C001', issued: day(-5), due: day(25), amount: '100.00' }]);
  await zhao.open('/desk/period');
  await expect(page.locator('#late')).toContainText('1 笔');
  const late = (await ledger.entries('invoice')).find((entry) => entry.own_day);
  expect(late).toMatchObject({ day: day(-2), own_day: day(-5) });

  // Up to yesterday; then nothing is left to close.
  const look = async () => {
    await zhao.open('/desk/period');
    await expect(page.locator('#through')).toHaveValue(day(-1));
  };
  await accessibleAtTheDesk(zhao, { look, name: 'period', shot, colours, expectAccessible });
  await page.evaluate(() => localStorage.setItem('huikuan.language', 'zh-CN'));
  await look();
  await page.locator('#close-days').click();
  await expect(page.locator('#days')).toContainText(`${day(-2)} – ${day(-1)}`);
  await issue(zhao, '十一月月结');
  await expect(page.locator('#closed-through')).toContainText(`已结账到 ${long(day(-1))}`);
  await expect(page.locator('#close-days')).toHaveCount(0);
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await expect(page.locator('tbody tr').first()).toContainText('十一月月结');
  await shot(zhao, 'period-closed');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});
