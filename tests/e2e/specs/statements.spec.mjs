// Statements: finance looks at a run and starts it; the salesperson has one customer agree with no signal and another
// dispute a line; finance answers, the phone shows it, and a new revision takes the old one's place.
import { CUSTOMERS, PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { issue, openDesk } from '../support/desk.mjs';
import { enrol, openCustomer, pick, quiet, saved, sign, synced, syncNow, takePhoto, to } from '../support/steps.mjs';
import { speak } from '../support/walk.mjs';

const MONTHLY = CUSTOMERS.map((customer) => ({ ...customer, settlement: 'monthly' }));

/** To the statements of the desk, from any of its screens. */
async function openStatements({ page }) {
  await page.locator('.side-link[href^="/desk/statements"]').click();
  await expect(page.locator('#run-start')).toBeVisible();
}

/** Opens the customer's statement on the phone. */
async function openStatement(device, number) {
  await openCustomer(device, number);
  await device.page.locator('#statements a').first().click();
  await expect(device.page.locator('#statement-closing')).toBeVisible();
}

/** The row of a customer in the desk's list. */
const rowOf = ({ page }, name) => page.locator('tbody tr', { hasText: name });

test('a run is looked at, started, agreed and disputed before the customers with no signal, and answered', async ({ server, phone, desk, shot }) => {
  test.setTimeout(300_000);
  await makeCompany(server, { customers: MONTHLY });
  await server.start();
  const zhao = await desk({ name: 'zhao' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  await openStatements(zhao);
  await expect(zhao.page.locator('.empty')).toBeVisible();
  await expectAccessible(zhao.page, 'no statements yet');
  await zhao.page.locator('#run-start').click();
  await zhao.page.locator('#run-day').fill('2026-10-31');
  await expect(zhao.page.locator('#run-go')).toBeDisabled();
  await zhao.page.locator('#run-preview').click();
  // 12,800 + 7,450.50, 26,000 and 5,600 + 980: who was invoiced in November alone has nothing to agree.
  await expect(zhao.page.locator('#run-found')).toContainText('52,830.50');
  await expectAccessible(zhao.page, 'the preview of a run');
  await shot(zhao, 'statements-preview');
  await zhao.page.locator('#run-go').click();
  await expect(zhao.page.locator('#run')).toHaveCount(0);
  await expect(zhao.page.locator('tbody tr')).toHaveCount(3);
  await expect(rowOf(zhao, '城西五金商行')).toContainText('20,250.50');
  await quiet(zhao);
  await expectAccessible(zhao.page, 'the statements of a run');
  await shot(zhao, 'statements-run', { fullPage: true });

  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await rep.signal(false);
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#statements')).toContainText('待确认');
  await expectAccessible(rep.page, 'a customer with a statement');
  await shot(rep, 'statement-customer');
  await openStatement(rep, 'C001');
  await expect(rep.page.locator('#statement-closing')).toContainText('20,250.50');
  await expect(rep.page.locator('article.letter')).toContainText('正式要求');
  await expectAccessible(rep.page, 'a statement to be agreed');
  await shot(rep, 'statement-form', { fullPage: true });
  await rep.page.locator('#statement-seal').click();
  await expect(rep.page.locator('#toasts .toast'), 'nobody agrees without a name').toBeVisible();
  await quiet(rep);
  await rep.page.locator('#signer-name').fill('刘国强');
  await rep.page.locator('#signer-role').fill('法定代表人');
  await sign(rep);
  await takePhoto(rep);

  // Killed in the middle of it: what was filled in is still there.
  const address = new URL(rep.page.url()).pathname;
  await rep.kill();
  await rep.relaunch(address);
  await rep.signal(false);
  await expect(rep.page.locator('#signer-name')).toHaveValue('刘国强');
  await rep.page.locator('#statement-seal').click();
  await expect(rep.page.locator('#confirm')).toContainText('20,250.50');
  await expectAccessible(rep.page, 'the sheet before an agreement is sealed');
  await shot(rep, 'statement-confirm');
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#signature.sealed path.ink')).toBeVisible();
  await expect(rep.page.locator('#fingerprint')).toBeVisible();
  await expectAccessible(rep.page, 'the sealed agreement');
  await shot(rep, 'statement-agreed', { fullPage: true });

  await openStatement(rep, 'C002');
  await pick(rep, 'statement-way', 'disputed');
  await rep.page.locator('#dispute-0').check();
  await rep.page.locator('#statement-seal').click();
  await expect(rep.page.locator('#toasts .toast'), 'a dispute needs its reason').toBeVisible();
  await quiet(rep);
  await pick(rep, 'dispute-reason-0', 'price');
  await rep.page.locator('#dispute-words-0').fill('单价按上月合同');
  await rep.page.locator('#dispute-says-0').fill('25000');
  await speak(rep, 'en');
  await expectAccessible(rep.page, 'a statement that is disputed, in English');
  await shot(rep, 'statement-disputing-en', { fullPage: true });
  await speak(rep, 'zh-CN');
  await rep.page.locator('#statement-seal').click();
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#disputed-lines')).toContainText('价格不符');
  const disputed = new URL(rep.page.url()).pathname;
  await rep.signal(true);
  await syncNow(rep);

  await zhao.page.reload();
  await openStatements(zhao);
  await expect(rowOf(zhao, '城西五金商行')).toContainText('已确认');
  await expect(rowOf(zhao, '恒达建材')).toContainText('有异议');
  await zhao.page.locator('#filter-state').selectOption('disputed');
  await expect(zhao.page.locator('tbody tr')).toHaveCount(1);
  await rowOf(zhao, '恒达建材').getByRole('link', { name: '查看' }).click();
  await expect(zhao.page.locator('#answer-stands')).toContainText('单价按上月合同');
  await expectAccessible(zhao.page, 'a disputed statement at the desk');
  await shot(zhao, 'statement-at-the-desk', { fullPage: true });
  await zhao.page.locator('#reply-0').click();
  await pick(zhao, 'accepted', 'no');
  await expectAccessible(zhao.page, 'the answer to a disputed line');
  await zhao.page.locator('#reply-note').fill('按送货单单价，附复印件');
  await zhao.page.locator('#reply-send').click();
  await expect(zhao.page.locator('#reply')).toHaveCount(0);
  await expect(zhao.page.locator('#statement-head')).toContainText('已答复');

  await syncNow(rep);
  await to(rep, disputed);
  await expect(rep.page.locator('#disputed-lines')).toContainText('按送货单单价');
  await expect(rep.page.locator('#record-state')).toContainText('财务已答复');
  await expectAccessible(rep.page, 'a dispute that finance has answered');
  await shot(rep, 'statement-answered', { fullPage: true });

  await quiet(zhao);
  await zhao.page.locator('#statement-revise').click();
  await issue(zhao, '单价已按合同更正');
  await expect(zhao.page.locator('#statement-next')).toBeVisible();
  await zhao.page.locator('#statement-next').click();
  await expect(zhao.page.locator('#statement-head')).toContainText('待确认');
  await syncNow(rep);
  await openCustomer(rep, 'C002');
  await expect(rep.page.locator('#statements')).toContainText('待确认');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});
