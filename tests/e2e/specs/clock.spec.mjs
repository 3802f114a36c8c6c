// A phone whose clock is wrong is never turned away: its records are taken in, and flagged.
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { setClock } from '../support/clock.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, live, openCustomer, pick, saved, synced, to, typeSum, visit } from '../support/steps.mjs';

// A day and a little: the way to the server takes a moment, by which the difference falls short.
const AHEAD_MS = (24 * 60 * 60 + 30) * 1_000;
const OFF = '时钟快 24 小时';

test('records of a phone whose clock is a day ahead are taken in, posted today and flagged', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const finance = await apiSession(server, PEOPLE.zhao);
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await live(boss);
  const rep = await phone({ name: 'rep', serviceWorkers: 'block' });
  await setClock(rep, AHEAD_MS);
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await visit(rep, 'C001', '手机时钟快一天');
  await openCustomer(rep, 'C002');
  await rep.page.locator('#do-receipt').click();
  await typeSum(rep, '26000');
  await rep.page.locator('#pad-commit').click();
  await rep.page.locator('#receipt-issue').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await to(rep, '/sync');
  await expect(rep.page.locator('#standing')).toContainText(OFF);
  await shot(rep, 'clock-sync');
  await to(rep, '/');
  await synced(rep);

  const row = boss.page.locator('#main tbody tr', { hasText: '城西五金商行' });
  await expect(row).toContainText(OFF);
  await row.locator('a').click();
  await expect(boss.page.locator('#detail')).toContainText(OFF);
  await shot(boss, 'clock-visit-log');
  expect((await finance.exceptions()).filter((e) => e.kind === 'clock_skew')).toHaveLength(2);
  // The receipt says the day that the phone believed; the ledger does not post into the future.
  const [entry] = await finance.entries('receipt');
  expect(entry.day).toBe(day(0));
  expect((await finance.account('C002')).book).toBe('0.00');
});
