// The main job, end to end: a salesperson without signal leaves with a visit, a signed promise and a partial
// receipt; the browser is killed; when the signal returns the three stand in the ledger and before the supervisor.
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { enrol, openCustomer, pick, saved, sign, synced, takePhoto, typeSum } from '../support/steps.mjs';

test('three records made offline survive a kill, reach the ledger once and the supervisor at once', async ({ server, phone, desk, shot }) => {
  test.setTimeout(240_000);
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await rep.offlineReady();
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await expect(boss.page.locator('#visit-log')).toBeVisible();
  const finance = await apiSession(server, PEOPLE.zhao);

  await server.stop('SIGKILL');
  await rep.page.reload();
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#outstanding')).toContainText('23,450.49');
  await shot(rep, 'story-customer');

  // The visit begins; promise and receipt are made during it.
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await expect(rep.page.locator('#checked-in')).toContainText('店内');
  await shot(rep, 'story-checked-in');

  await rep.page.locator('#visit-promise').click();
  await rep.page.locator('#promise-total').fill('8250.50');
  await pick(rep, 'promise-count', '3');
  await rep.page.locator('#promise-next').click();
  await expect(rep.page.locator('article.letter')).toContainText('人民币捌仟贰佰伍拾元伍角');
  await rep.page.locator('#signer-name').fill('刘国强');
  await rep.page.locator('#signer-role').fill('法定代表人');
  await sign(rep);
  await shot(rep, 'story-promise-letter', { fullPage: true });
  await rep.page.locator('#promise-seal').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await shot(rep, 'story-promise');
  await rep.page.locator('#back').click();

  await rep.page.locator('#visit-receipt').click();
  await typeSum(rep, '15000');
  await expect(rep.page.locator('#receipt-capitals')).toHaveText('人民币壹万伍仟元整');
  await expect(rep.page.locator('#allocate-F1001')).toContainText('12,800.00');
  await expect(rep.page.locator('#allocate-F1002')).toContainText('2,200.00');
  await pick(rep, 'shortfall-reason', 'no_cash');
  await rep.page.locator('#shortfall-day').fill('2026-12-12');
  await shot(rep, 'story-receipt-form', { fullPage: true });
  await rep.page.locator('#pad-commit').click();
  await rep.page.locator('#signer-name').fill('刘国强');
  await sign(rep);
  await shot(rep, 'story-receipt-sign', { fullPage: true });
  await rep.page.locator('#receipt-issue').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await shot(rep, 'story-receipt', { fullPage: true });
  const number = await rep.page.locator('#receipt-number').textContent();
  await rep.page.locator('#back').click();

  await pick(rep, 'visit-result', 'paid_partly');
  await pick(rep, 'visit-reason', 'no_cash');
  await rep.page.locator('#visit-notes').fill('老板承认欠款,说工地款 28 号到。');
  await takePhoto(rep);
  await shot(rep, 'story-visit-form', { fullPage: true });
  await rep.page.locator('#visit-save').click();
  await saved(rep);
  await rep.kill();

  await rep.relaunch('/sync');
  await expect(rep.page.locator('#queue [data-kind="visit"]')).toHaveCount(1);
  await expect(rep.page.locator('#queue [data-kind="promise"]')).toHaveCount(1);
  await expect(rep.page.locator('#queue [data-kind="receipt"]')).toHaveCount(1);
  await shot(rep, 'story-queue');

  const before = Date.now();
  await server.start();
  await synced(rep);
  const row = boss.page.locator('#visit-log [data-row]').first();
  await expect(row).toContainText('王芳');
  console.log(`supervisor saw the visit ${Date.now() - before} ms after the server came back`);

  // The ledger has each once: literals from head.
  const accounts = await finance.get('/v1/ledger/accounts');
  const c001 = accounts.customers.find((c) => c.number === 'C001');
  expect(c001).toMatchObject({ outstanding: '8450.49' });
  const receipts = (await finance.get('/v1/ledger/entries')).entries.filter((e) => e.kind === 'receipt');
  expect(receipts).toHaveLength(1);
  const check = await server.cli('ledger', 'check');
  expect(check.code).toBe(0);

  // The supervisor comments while the salesperson, offline, edits the note: both stand in the end.
  await row.click();
  await expect(boss.page.locator('#detail')).toContainText('工地款');
  await shot(boss, 'story-visit-log');
  await rep.open('/');
  await rep.context.setOffline(true);
  await openCustomer(rep, 'C001');
  await rep.page.locator('a[href^="/record/"]', { hasText: '拜访' }).first().click();
  await rep.page.locator('#notes-edit').click();
  await rep.page.locator('#notes-text').fill('老板承认欠款,说工地款 28 号到。已约 8:30。');
  await rep.page.locator('#notes-save').click();
  await boss.page.locator('#comment-text').fill('28 号一早先到他工地,别等电话。');
  await boss.page.locator('#comment-send').click();
  await rep.context.setOffline(false);
  await expect(rep.page.locator('#comments')).toContainText('28 号一早先到他工地', { timeout: 30_000 });
  await expect(rep.page.locator('#notes')).toContainText('已约 8:30');
  await expect(boss.page.locator('#detail')).toContainText('已约 8:30', { timeout: 30_000 });
  await shot(rep, 'story-merged', { fullPage: true });
  expect(number).toMatch(/-\d{6}-1$/);
});
