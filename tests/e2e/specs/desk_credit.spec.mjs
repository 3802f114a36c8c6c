// Credit ratings are proposed from what happened: two persons rate, one leaves as it is, the salesperson's phone shows what
// holds. A salesperson's targets of the month make sales count in the score.
import { CUSTOMERS, PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, openCustomer, syncNow, synced, to } from '../support/steps.mjs';

const QIAN = { name: '钱进', role: 'finance' };

test('a rating is proposed with what happened, holds on two people\'s word, and is on the salesperson\'s phone', async ({ server, phone, desk, shot }) => {
  const customers = CUSTOMERS.map((customer) => ({ ...customer, credit_limit: '60000', grade: 'B' }));
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN }, customers });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('.side-link[href^="/desk/credit"]').click();
  const row = (device, name) => device.page.locator('tbody tr', { hasText: name });
  const first = row(zhao, '城西五金商行');
  await expect(first).toContainText('B 级');
  await expect(first).toContainText('D 级');
  await expect(first).toContainText('不再赊销，只收现款');
  await expect(first).toContainText('100% 没按时付');
  await expect(page.locator('tbody tr').first(), 'who owes most of those that fall furthest').toContainText('恒达建材');

  // Another value than the proposed one, with the keyboard.
  await first.locator('[id^="rate-"]').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#credit-grade')).toHaveValue('D');
  await page.locator('#credit-grade').selectOption('C');
  await page.locator('#credit-limit').fill('十万');
  await page.locator('#order-reason').fill('老客户，先压额度');
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toContainText('金额');
  await page.locator('#credit-limit').fill('10,000');
  await page.locator('#credit-term').fill('20');
  await page.locator('#credit-hold').check();
  await shot(zhao, 'credit-rate');
  await issue(zhao);
  await expect(first).toContainText('等第二个人');
  await expect(first.locator('[id^="rate-"]'), 'one waits at most').toHaveCount(0);
  await row(zhao, '恒达建材').locator('[id^="keep-"]').click();
  await shot(zhao, 'credit-keep');
  await issue(zhao, '欠款正在对账');
  await expect(row(zhao, '恒达建材')).toContainText('赵敏');
  await expect(row(zhao, '恒达建材')).toContainText('欠款正在对账');
  await shot(zhao, 'credit-decided', { fullPage: true });

  const qian = await desk({ name: 'qian', reducedMotion: 'reduce' });
  await enrol(qian, server, QIAN);
  await openDesk(qian);
  await qian.page.locator('.side-link[href="/desk/approvals"]').click();
  await expect(row(qian, '城西五金商行')).toContainText('C 级、额度 ¥10,000.00，账期 20 天、停止供货');
  await qian.page.locator('[id^="approve-"]').click();
  await shot(qian, 'credit-approve');
  await issue(qian, '同意');

  await syncNow(rep);
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#content')).toContainText('停止供货');
  await expect(rep.page.locator('#content')).toContainText('10,000');

  const told = async (number) => {
    const { customers } = await ledger.get('/v1/desk/directory');
    const { lines } = await ledger.get('/v1/desk/credit?all=true');
    return lines.find((line) => line.customer === customers.find((c) => c.number === number).id);
  };
  expect(await told('C001')).toMatchObject({ now: { grade: 'C', limit: '10000.00', term_days: 20 }, hold: true, decision: { outcome: 'rated' } });
  expect(await told('C002')).toMatchObject({ state: 'quiet', now: { grade: 'B' }, decision: { outcome: 'kept' } });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  const look = () => zhao.open('/desk/credit?all=true').then(() => expect(page.locator('tbody tr')).toHaveCount(4));
  await accessibleAtTheDesk(zhao, { look, name: 'credit', shot, colours, expectAccessible });

  const chen = await desk({ name: 'chen', reducedMotion: 'reduce' });
  await enrol(chen, server, PEOPLE.chen);
  await to(chen, '/me');
  await chen.page.locator('#desk-link').click();
  await chen.page.locator('.side-link[href^="/desk/credit"]').click();
  await expect(row(chen, '瑞丰电器').locator('[id^="rate-"]'), 'a supervisor proposes for the customers they lead').toBeVisible();
  await expect(chen.page.locator('tbody a')).toHaveCount(0);
});

test('a target of the month makes sales count in the score, which shows the sums behind each part', async ({ server, desk, shot }) => {
  const invoices = [
    { number: 'F1', customer: 'C001', issued: day(-80), due: day(-50), amount: '6000.00' },
    { number: 'F2', customer: 'C001', issued: day(0), due: day(30), amount: '4000.00' },
  ];
  await makeCompany(server, { invoices });
  await server.start();
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('.side-link[href^="/desk/collection"]').click();
  await page.locator('table').first().locator('a', { hasText: PEOPLE.fang.name }).click();
  const score = page.locator('table', { hasText: '权重' });
  await expect(score.locator('tbody tr').first()).toContainText('还没有销售目标');
  await expect(score.locator('tbody tr').first()).toContainText('不计');
  await expect(page.locator('#target-by')).toContainText('还没有人');
  await button(zhao, 'set-target').click();
  await page.locator('#target-sales').fill('10000');
  await shot(zhao, 'target-set');
  await issue(zhao, '季度计划分到月');
  await expect(score.locator('tbody tr').first()).toContainText('本月开单 ¥4,000.00，目标 ¥10,000.00');
  await expect(score.locator('tbody tr').first()).toContainText('40.0');
  await expect(score.locator('tbody tr').nth(1)).toContainText('没有回款目标');
  await expect(page.locator('#target-by')).toContainText('赵敏');
  await expect(page.locator('#target-by')).toContainText('季度计划分到月');
  // Sales 40.0 × 30, collection nothing × 40, receivables 40.0 × 30.
  await expect(page.locator('.section-head', { hasText: '得分是怎么来的' })).toContainText('合计 24.0 分');
  await expect(page.locator('table').first().locator('tr', { hasText: PEOPLE.fang.name })).toContainText('24.0');

  const here = new URL(page.url());
  const look = () => zhao.open(here.pathname + here.search).then(() => expect(page.locator('#target-by')).toContainText('季度计划分到月'));
  await accessibleAtTheDesk(zhao, { look, name: 'score', shot, colours, expectAccessible });
});
