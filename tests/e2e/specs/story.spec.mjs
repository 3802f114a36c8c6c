// The main job, end to end: a salesperson without signal leaves with a visit, a signed promise and a partial
// receipt; the browser is killed; when the signal returns the three stand in the ledger and before the supervisor.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { comment, day, enrol, firstSeen, live, openCustomer, pick, quiet, saved, sign, synced, takePhoto, to, typeSum } from '../support/steps.mjs';

const NOTE = '老板承认欠款，说工地款 28 号到。';
/** A page of the store in the browser. */
const PAGE_BYTES = 8_192;
const COMMENT = '28 号一早先到他工地，别等电话。';

test('three records made offline survive a kill, reach the ledger once and the supervisor at once', async ({ server, phone, desk, shot }) => {
  test.setTimeout(240_000);
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await rep.offlineReady();
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await live(boss);
  await expect(boss.page.locator('td[id^="row-"]')).toHaveCount(0);

  // No server, and the page is loaded anew: everything that follows happens on the phone alone.
  await server.stop('SIGKILL');
  await rep.page.reload();
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('23,450.49');
  await shot(rep, 'story-1-customer');

  // The visit begins; promise and receipt are made during it.
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await expect(rep.page.locator('#checked-in')).toContainText('店内');
  await shot(rep, 'story-2-checked-in');

  await rep.page.locator('#visit-promise').click();
  await rep.page.locator('#promise-total').fill('8250.50');
  await pick(rep, 'promise-count', '3');
  await shot(rep, 'story-3-promise-plan', { fullPage: true });
  await rep.page.locator('#promise-next').click();
  await expect(rep.page.locator('article.letter')).toContainText('人民币捌仟贰佰伍拾元伍角');
  await rep.page.locator('#signer-name').fill('刘国强');
  await rep.page.locator('#signer-role').fill('法定代表人');
  await rep.page.locator('#signer-phone').fill('13800000001');
  await sign(rep);
  await shot(rep, 'story-4-promise-letter', { fullPage: true });
  await rep.page.locator('#promise-seal').click();
  await shot(rep, 'story-5-promise-confirm');
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#promise-sum')).toContainText('8,250.50');
  for (const text of ['刘国强', '法定代表人', '13800000001']) await expect(rep.page.locator('#main')).toContainText(text);
  await shot(rep, 'story-6-promise', { fullPage: true });
  await rep.page.locator('#back').click();

  await rep.page.locator('#visit-receipt').click();
  await typeSum(rep, '15000');
  await expect(rep.page.locator('#receipt-capitals')).toHaveText('人民币壹万伍仟元整');
  await expect(rep.page.locator('#allocate-F1001')).toContainText('12,800.00');
  await expect(rep.page.locator('#allocate-F1002')).toContainText('2,200.00');
  await pick(rep, 'shortfall-reason', 'no_cash');
  await rep.page.locator('#shortfall-day').fill(day(20));
  const number = (await rep.page.locator('#receipt-number').textContent()).trim();
  expect(number).toMatch(/^[A-Z0-9]+-\d{6}-1$/);
  await shot(rep, 'story-7-receipt-form', { fullPage: true });
  await rep.page.locator('#pad-commit').click();
  await rep.page.locator('#signer-name').fill('刘国强');
  await sign(rep);
  await shot(rep, 'story-8-receipt-sign', { fullPage: true });
  await rep.page.locator('#receipt-issue').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#qr')).toBeVisible();
  await shot(rep, 'story-9-receipt', { fullPage: true });
  await rep.page.locator('#back').click();

  await pick(rep, 'visit-result', 'paid_partly');
  await pick(rep, 'visit-reason', 'no_cash');
  await rep.page.locator('#visit-notes').fill(NOTE);
  await takePhoto(rep);
  await shot(rep, 'story-10-visit-form', { fullPage: true });
  await quiet(rep);
  const killed = rep.killWhenShown('#toasts .toast');
  await rep.page.locator('#visit-save').click({ noWaitAfter: true }).catch(() => {});
  await killed;

  await rep.relaunch('/sync');
  for (const kind of ['visit', 'promise', 'receipt', 'photo']) {
    await expect(rep.page.locator(`#waiting [data-kind="${kind}"]`)).toHaveCount(1);
  }
  await shot(rep, 'story-11-waiting', { fullPage: true });
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('8,450.49');

  // The server is back and the supervisor's screen follows it; then the salesperson's signal returns.
  await rep.signal(false);
  await server.start();
  await live(boss);
  await to(rep, '/');
  const reached = firstSeen(rep.page, '#status-line.ok');
  const shown = firstSeen(boss.page, 'td[id^="row-"]', '城西五金商行');
  await rep.signal(true);
  await synced(rep);
  const late_ms = await shown - await reached;
  console.log(`the supervisor saw the visit ${late_ms} ms after the salesperson's phone said synced`);
  expect(late_ms, 'from "synced" on the phone to the row on the supervisor’s screen').toBeLessThanOrEqual(2_000);

  // The ledger has each once. 12,800.00 + 7,450.50 + 3,199.99 − 15,000.00 = 8,450.49
  expect(await finance.account('C001')).toEqual({
    book: '8450.49',
    on_account: '0.00',
    in_transit: '0.00',
    outstanding: { F1001: '0.00', F1002: '5250.50', F1003: '3199.99' },
    receipts: [{ number, amount: '15000.00', method: 'cash', state: 'posted' }],
  });
  expect(await finance.entries('receipt')).toHaveLength(1);
  expect(await finance.balance('Assets:Field:Cash:')).toBe('15000.00');
  expect(await finance.balance('Assets:Receivable')).toBe('56030.49');
  expect((await server.cli('ledger', 'check')).code).toBe(0);
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('8,450.49');

  // The supervisor opens it and sees place, promise, money and photo.
  await boss.page.locator('td[id^="row-"] a').first().click();
  const detail = boss.page.locator('#detail');
  await expect(detail).toContainText(NOTE);
  await expect(detail.locator('#photos img')).toHaveJSProperty('complete', true, { timeout: 30_000 });
  expect(await detail.locator('#photos img').evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(detail.locator('.map-note')).toContainText('店内 0 米');
  await expect(detail.locator('.list-row', { hasText: '承诺书 3 期' })).toContainText('8,250.50');
  await expect(detail.locator('.list-row', { hasText: `收据 ${number}` })).toContainText('15,000.00');
  await shot(boss, 'story-12-visit-log');

  // At the customer she finds both, and each opens.
  await detail.locator('h2 a').click();
  const history = boss.page.locator('#history');
  await history.locator('a', { hasText: '承诺 ¥8,250' }).click();
  await expect(boss.page.locator('#promise-sum')).toContainText('8,250.50');
  await boss.page.locator('#back').click();
  await history.locator('a', { hasText: '收款 ¥15,000' }).click();
  await expect(boss.page.locator('.voucher')).toContainText(number);
  await expectAccessible(boss.page, 'a receipt before the supervisor');
  await to(boss, '/log');
  await boss.page.locator('td[id^="row-"] a').first().click();
  await expect(detail).toContainText(NOTE);

  // The supervisor comments while the salesperson, offline, edits the note: both stand in the end.
  await rep.page.locator('#history a', { hasText: '拜访' }).first().click();
  await expect(rep.page.locator('#notes-read')).toHaveText(NOTE);
  await rep.signal(false);
  await rep.page.locator('#notes-edit').click();
  await rep.page.locator('#notes-text').fill(`${NOTE}已约 8:30。`);
  await rep.page.locator('#notes-save').click();
  await expect(rep.page.locator('#notes-read')).toContainText('已约 8:30');
  await comment(boss, COMMENT);
  await expect(boss.page.locator('#status-line')).toHaveClass(/\bok\b/);
  await expect(rep.page.locator('#comments')).not.toContainText(COMMENT);
  await rep.signal(true);
  await expect(rep.page.locator('#comments')).toContainText(COMMENT, { timeout: 30_000 });
  await expect(rep.page.locator('#notes-read')).toHaveText(`${NOTE}已约 8:30。`);
  await expect(detail.locator('#notes-read')).toHaveText(`${NOTE}已约 8:30。`, { timeout: 30_000 });
  await expect(detail.locator('#comments')).toContainText(COMMENT);
  await shot(rep, 'story-13-merged', { fullPage: true });
  await shot(boss, 'story-14-visit-log-merged');
});

test('the flush of the store has returned before the screen says saved', async ({ server, phone }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await server.stop('SIGKILL');
  await rep.open('/?trace=1');
  // The app itself, not the list as it was left.
  await expect(rep.page.locator('#status-line')).toBeVisible();
  await openCustomer(rep, 'C002');
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await pick(rep, 'visit-result', 'unpaid');
  await pick(rep, 'visit-reason', 'no_cash');
  // The form is kept at every change: wait until that has come to rest.
  const count = () => rep.page.evaluate(() => window.__huikuan_trace.length);
  let before;
  await expect(async () => {
    before = await count();
    await rep.page.waitForTimeout(400);
    expect(await count()).toBe(before);
  }).toPass();
  const tapped = rep.page.evaluate(() => new Promise((resolve) => {
    document.addEventListener('click', () => resolve(performance.timeOrigin + performance.now()), { capture: true, once: true });
  }));
  const said = firstSeen(rep.page, '#toasts .toast', '已存手机');
  await rep.page.locator('#visit-save').click();
  await saved(rep);
  const trace = await rep.page.evaluate((from) => window.__huikuan_trace.slice(from), before);
  const reply = trace.findIndex((entry) => entry.trace === 'saved');
  expect(reply, 'the worker says that it has saved').toBeGreaterThanOrEqual(0);
  const steps = trace.slice(0, reply);
  const flushes = steps.filter((entry) => entry.trace === 'flushed');
  expect(flushes.length, 'flushes between the tap and the reply').toBeGreaterThan(0);
  const last = steps.findLastIndex((entry) => entry.trace === 'flushed');
  const through = steps.slice(0, last).findLast((entry) => entry.trace === 'written');
  expect(through, 'the record is written between the tap and the last flush').toBeTruthy();
  // SQLite fills its log up to the next sector with the last page once more and flushes at that border: what is
  // written after it is the rest of that page, and nothing else.
  const after = steps.slice(last).filter((entry) => entry.trace === 'written');
  expect(after.length, 'writes after the last flush').toBeLessThanOrEqual(1);
  for (const rest of after) expect([rest.from, rest.to], 'the rest of the page that fills the log').toEqual([through.to, through.from + PAGE_BYTES]);
  for (const flush of flushes) {
    expect(flush.at).toBeGreaterThan(await tapped);
    expect(flush.at).toBeLessThanOrEqual(trace[reply].at);
  }
  // The page's clock has whole milliseconds.
  expect(await said).toBeGreaterThanOrEqual(Math.floor(trace[reply].at));
});
