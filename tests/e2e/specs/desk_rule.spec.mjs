// What the company's rules do for finance: bank lines that name their receipt are posted when a statement is read, once
// two persons have switched that on; interest is proposed by the rate that was set, from the written notice on.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, chooseFile, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, synced, takeMoney, to } from '../support/steps.mjs';

const QIAN = { name: '钱进', role: 'finance' };

test('by a rule of two persons, lines that name their receipt are posted when a statement is read', async ({ server, phone, desk, shot }) => {
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN } });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const named = await takeMoney(rep, 'C002', '6000', { method: 'transfer', reference: 'TX-0042' });
  await takeMoney(rep, 'C001', '1200', { method: 'transfer', reference: 'unreadable' });
  await to(rep, '/');
  await synced(rep);
  const statement = [
    '交易日期,交易流水号,贷方发生额（收入）,对方户名,摘要',
    `${day(0)},ICBC-1,6000.00,恒达建材（上海）,货款 TX-0042`,
    `${day(0)},ICBC-2,1200.00,城西五金商行,`,
  ];

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('a[href="/desk/bank"]').click();
  await expect(page.locator('#bank-rule')).toContainText('未启用');
  await button(zhao, 'rule-switch').click();
  await shot(zhao, 'rule-propose');
  await issue(zhao, '每天上百笔，写明收据的不必逐笔点');
  await expect(page.locator('#bank-rule')).toContainText('等待批准');
  await expect(button(zhao, 'rule-switch')).toHaveCount(0);

  const qian = await desk({ name: 'qian', reducedMotion: 'reduce' });
  await enrol(qian, server, QIAN);
  await openDesk(qian);
  await qian.page.locator('.side-link[href="/desk/approvals"]').click();
  await expect(qian.page.locator('#content')).toContainText('流水自动入账规则');
  await qian.page.locator('[id^="approve-"]').click();
  await shot(qian, 'rule-approve');
  await issue(qian, '同意');

  await zhao.open('/desk/bank');
  await expect(page.locator('#rule-by')).toContainText('赵敏 提出，钱进 于');
  // By columns that are only guessed nothing is posted.
  await chooseFile(zhao, '#bank-file', '工行.csv', statement);
  await expect(page.locator('#confirm-all')).toBeVisible();
  expect(await ledger.balance('Assets:Bank')).toBe('0.00');
  await expect(page.locator('#held-back')).toContainText('1 笔');
  await shot(zhao, 'rule-held', { fullPage: true });
  await button(zhao, 'rule-go').click();
  await expect(page.locator('#by-rule')).toContainText('按规则已入账 1 笔，共 ¥6,000.00');
  await expect(page.locator('#content')).toContainText(named);
  await shot(zhao, 'rule-posted', { fullPage: true });
  expect(await ledger.balance('Assets:Bank')).toBe('6000.00');
  expect(await ledger.account('C002')).toMatchObject({ book: '20000.00', in_transit: '0.00' });
  expect(await ledger.account('C001'), 'what is only likely waits for a person').toMatchObject({ in_transit: '1200.00' });

  // The same file again: nothing twice. The account says that it was the rule.
  await chooseFile(zhao, '#bank-file', '工行（又一份）.csv', statement);
  await expect(page.locator('#bank-settled')).toContainText('¥6,000.00');
  await expect(page.locator('#by-rule')).toHaveCount(0);
  expect(await ledger.balance('Assets:Bank')).toBe('6000.00');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  const look = async () => {
    await zhao.open('/desk/bank');
    await expect(page.locator('#rule-by')).toBeVisible();
  };
  await accessibleAtTheDesk(zhao, { look, name: 'rule', shot, colours, expectAccessible });
  await page.evaluate(() => localStorage.setItem('huikuan.language', 'zh-CN'));
  await zhao.open('/desk/bank');
  await button(zhao, 'rule-switch').click();
  await issue(zhao, '银行换了格式，先停');
  await expect(page.locator('#bank-rule')).toContainText('未启用');
});

test('interest on an overdue invoice is proposed by the rate that was set, with how it was reckoned', async ({ server, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  const account = async () => {
    await page.locator('a[href^="/desk/customers"]').click();
    await page.locator('#content').getByText('城西五金商行').first().click();
    await button(zhao, 'interest-F1001').click();
  };
  await account();
  await expect(page.locator('#reckoned')).toContainText('没有设定逾期利率');
  await button(zhao, 'order-no').click();

  await page.locator('a[href^="/desk/aging"]').click();
  await button(zhao, 'set-rate').click();
  await page.locator('#rate').fill('百分之五');
  await page.locator('#order-reason').fill('2026 年合同第 7 条');
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toContainText('14.6');
  await page.locator('#rate').fill('14.6');
  await issue(zhao);
  await expect(page.locator('#interest-rate')).toContainText('年 14.6%');
  await shot(zhao, 'interest-rate', { fullPage: true });

  await account();
  await expect(page.locator('#reckoned')).toContainText('书面通知');
  await expect(page.locator('#amount')).toHaveValue('');
  await page.locator('#notice').fill(day(-10));
  // 12,800.00 × 10 × 14.6 % ÷ 365
  await expect(page.locator('#reckoned')).toContainText('10 天 × 14.6% ÷ 365 = ¥51.20');
  await expect(page.locator('#amount')).toHaveValue('51.20');
  await expectAccessible(page, 'interest that is proposed');
  await shot(zhao, 'interest-proposed');
  await page.locator('#amount').fill('50');
  await issue(zhao, '已书面通知，抹去零头');
  await page.locator('a[href="/desk/approvals"]').click();
  await expect(page.locator('#content')).toContainText('50.00');
});
