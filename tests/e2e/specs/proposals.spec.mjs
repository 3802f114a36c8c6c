// What is asked for in the field: a dispute with a photo, with no signal, answered by the supervisor on her phone and by
// finance at the desk; a discount that is agreed for less, posted by two persons; an extension that the supervisor
// declines. The phone shows each answer.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { comment, day, enrol, openCustomer, pick, quiet, saved, syncNow, synced, takeCash, takePhoto, to } from '../support/steps.mjs';
import { speak } from '../support/walk.mjs';

const QIAN = { name: '钱进', role: 'finance' };

/** From the customer's page to the form. */
async function ask(device, customer, what) {
  await openCustomer(device, customer);
  await device.page.locator('#new-proposal').click();
  await pick(device, 'proposal-what', what);
}

/** Chooses an invoice by its number. */
async function choose(device, number) {
  const chip = device.page.locator('#proposal-invoices label', { hasText: number }).locator('input');
  await chip.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await chip.check({ force: true });
}

async function send(device) {
  await device.page.locator('#proposal-save').click();
  await saved(device);
  await expect(device.page.locator('#proposal')).toBeVisible();
  return new URL(device.page.url()).pathname;
}

/** Opens the request at the desk whose row holds this text. */
async function see(clerk, text) {
  await clerk.page.locator('tbody tr', { hasText: text }).getByRole('button').click();
  await expect(clerk.page.locator('#request')).toBeVisible();
}

test('a dispute from the field with no signal is answered by the supervisor and by finance, and the phone shows both answers', async ({ server, phone, desk, shot }) => {
  test.setTimeout(300_000);
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN } });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep', reducedMotion: 'reduce' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);

  await rep.signal(false);
  await ask(rep, 'C001', 'dispute');
  await shot(rep, 'proposal-begun', { fullPage: true });
  // Nothing is saved without the reason; what was filled in stays.
  await rep.page.locator('#proposal-amount').fill('360');
  await rep.page.locator('#proposal-save').click();
  await expect(rep.page.locator('#toasts .toast')).toContainText('异议');
  await pick(rep, 'proposal-reason', 'price');
  await choose(rep, 'F1001');
  await expect(rep.page.locator('#proposal-amount'), 'filled in with what is open').toHaveValue('12800.00');
  await rep.page.locator('#proposal-amount').fill('360');
  await rep.page.locator('#proposal-words').fill('合同价每箱 27 元，发票按 30 元开');
  await takePhoto(rep);
  await expectAccessible(rep.page, 'the form of a dispute');
  await shot(rep, 'proposal-form', { fullPage: true });

  // Killed in the middle of it: what was filled in is still there.
  const form = new URL(rep.page.url()).pathname;
  await rep.page.waitForTimeout(500);
  await rep.kill();
  await rep.relaunch(form);
  await rep.signal(false);
  await expect(rep.page.locator('#proposal-amount')).toHaveValue('360.00');
  await expect(rep.page.locator('#proposal-words')).toHaveValue(/合同价/);
  await expect(rep.page.locator('.photo img')).toHaveCount(1);
  const record = await send(rep);
  await comment(rep, '客户要书面答复');
  await expectAccessible(rep.page, 'the dispute as saved');
  await shot(rep, 'proposal-saved', { fullPage: true });
  await openCustomer(rep, 'C001');
  await expect(rep.page.locator('#requests')).toContainText('争议');
  await expect(rep.page.locator('#history')).toContainText('争议');
  await expect(rep.page.locator('#outstanding'), 'it moves no money').toContainText('23,450.49');
  await shot(rep, 'proposal-customer', { fullPage: true });
  await rep.signal(true);
  await to(rep, '/');
  await synced(rep);

  // Finance may answer before the supervisor.
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  await expect(zhao.page.locator('#tile-requests .count')).toHaveText('1');
  await zhao.page.locator('#tile-requests').click();
  await expect(zhao.page.locator('tbody tr', { hasText: '城西五金商行' })).toContainText('待主管审批');
  await accessibleAtTheDesk(zhao, { look: () => zhao.open('/desk/requests?show=open&what='), name: 'finance-requests', shot, colours, expectAccessible });
  await zhao.page.evaluate(() => localStorage.setItem('huikuan.language', 'zh-CN'));
  await zhao.open('/desk/requests?show=open&what=');
  await see(zhao, '争议');
  for (const text of ['F1001', '12,800.00', '合同价每箱 27 元', '客户要书面答复']) await expect(zhao.page.locator('#request')).toContainText(text);
  await expect(zhao.page.locator('#request .photo img')).toHaveCount(1);
  await expectAccessible(zhao.page, 'a dispute at the desk');
  await shot(zhao, 'finance-request');
  await button(zhao, 'request-agree').click();
  await expectAccessible(zhao.page, 'the answer of finance');
  await shot(zhao, 'finance-request-answer');
  await issue(zhao, '已核对合同，价格开错');
  await expect(zhao.page.locator('tbody tr', { hasText: '争议' })).toContainText('财务已同意');

  // The supervisor, on her phone.
  const boss = await phone({ name: 'boss', reducedMotion: 'reduce' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  await to(boss, '/approvals');
  const card = boss.page.locator('#main section.card', { hasText: '争议' });
  await expect(card).toContainText('财务已同意');
  await expect(card).toContainText('F1001');
  await expectAccessible(boss.page, 'a dispute that waits');
  await shot(boss, 'proposal-approvals');
  await card.getByRole('button', { name: '同意', exact: true }).click();
  await expect(boss.page.locator('#confirm')).toContainText('¥360.00');
  await boss.page.locator('#decision-note').fill('按合同价');
  await expectAccessible(boss.page, 'the word on a dispute');
  await shot(boss, 'proposal-decide');
  await boss.page.locator('#confirm-yes').click();
  await expect(card).toHaveCount(0);
  await synced(boss);

  await syncNow(rep);
  await to(rep, record);
  await expect(rep.page.locator('#record-state')).toContainText('已办结', { timeout: 30_000 });
  for (const text of ['按合同价', '已核对合同', '陈静', '赵敏']) await expect(rep.page.locator('#proposal-standing')).toContainText(text);
  for (const language of ['zh-CN', 'en']) {
    await speak(rep, language);
    await expect(rep.page.locator('#proposal')).toBeVisible();
    await expectAccessible(rep.page, `the dispute that was settled, ${language}`);
    await shot(rep, `proposal-settled-${language}`, { fullPage: true });
  }
  await speak(rep, 'en');
  await to(rep, form);
  await expect(rep.page.locator('#proposal-what')).toBeVisible();
  await expectAccessible(rep.page, 'the form in English');
  await shot(rep, 'proposal-form-en', { fullPage: true });
  expect((await ledger.account('C001')).book, 'a dispute posts nothing by itself').toBe('23450.49');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});

test('a discount is agreed for less and posted by two persons; an extension that is declined says why', async ({ server, phone, desk, shot }) => {
  test.setTimeout(300_000);
  await makeCompany(server, { people: { ...PEOPLE, qian: QIAN } });
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await ask(rep, 'C001', 'discount');
  await choose(rep, 'F1003');
  await rep.page.locator('#proposal-amount').fill('200');
  await rep.page.locator('#proposal-words').fill('样品有划痕，客户要让利');
  const discount = await send(rep);
  await ask(rep, 'C002', 'extension');
  await choose(rep, 'F1004');
  await rep.page.locator('#proposal-until').fill(day(45));
  await rep.page.locator('#proposal-words').fill('工地月底才结账');
  await shot(rep, 'proposal-extension', { fullPage: true });
  const extension = await send(rep);
  await to(rep, '/');
  await synced(rep);

  const boss = await phone({ name: 'boss' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  await to(boss, '/approvals');
  const card = (text) => boss.page.locator('#main section.card', { hasText: text });
  await card('折让').getByRole('button', { name: '同意', exact: true }).click();
  await boss.page.locator('#decision-amount').fill('150');
  await expect(boss.page.locator('#confirm')).toContainText('¥150.00');
  await shot(boss, 'proposal-less');
  await boss.page.locator('#confirm-yes').click();
  await expect(card('折让')).toHaveCount(0);
  // A request is opened, and declined from there: not without a reason.
  await card('延期').locator('h2 a').click();
  await quiet(boss);
  await boss.page.locator('#proposal-decline').click();
  await boss.page.locator('#confirm-yes').click();
  await expect(boss.page.locator('#toasts .toast')).toContainText('原因');
  await boss.page.locator('#decision-note').fill('已延过一次，请按期付');
  await boss.page.locator('#confirm-yes').click();
  await expect(boss.page.locator('#record-state')).toContainText('主管不同意');
  await to(boss, '/');
  await synced(boss);

  const clerk = async (person) => {
    const device = await desk({ name: person.name });
    await enrol(device, server, person);
    await openDesk(device);
    return device;
  };
  const zhao = await clerk(PEOPLE.zhao);
  await zhao.page.locator('.side-link[href^="/desk/requests"]').click();
  await see(zhao, '折让');
  await expect(zhao.page.locator('#request-sales')).toContainText('¥150.00');
  await button(zhao, 'request-post').click();
  await expect(zhao.page.locator('#amount'), 'filled in with what was agreed to').toHaveValue('150.00');
  await expect(zhao.page.locator('#request-invoice')).toContainText('F1003');
  await zhao.page.locator('#amount').fill('151');
  await zhao.page.locator('#order-reason').fill('按主管审批');
  zhao.expectErrors(/status of 422/);
  await zhao.page.locator('#order-yes').click();
  await expect(zhao.page.locator('#order-problem')).toContainText('主管同意');
  await zhao.page.locator('#amount').fill('150');
  await expectAccessible(zhao.page, 'the posting of a discount');
  await shot(zhao, 'finance-request-post');
  await issue(zhao, '按主管审批');
  await expect(zhao.page.locator('tbody tr', { hasText: '折让' })).toContainText('待复核');
  expect((await ledger.account('C001')).book, 'one word moves nothing').toBe('23450.49');

  const qian = await clerk(QIAN);
  await qian.page.locator('#tile-proposals').click();
  await qian.page.locator('[id^="approve-"]').first().click();
  await issue(qian, '已核对');
  await expect(qian.page.locator('[id^="approve-"]')).toHaveCount(0);
  expect(await ledger.account('C001')).toMatchObject({ book: '23300.49', outstanding: { F1003: '3049.99' } });
  await zhao.open('/desk/requests?show=closed&what=');
  await expect(zhao.page.locator('tbody tr', { hasText: '折让' })).toContainText('已办结');
  await expect(zhao.page.locator('tbody tr', { hasText: '延期' })).toContainText('主管不同意');
  await zhao.page.locator('#what').selectOption('extension');
  await expect(zhao.page.locator('tbody tr')).toHaveCount(1);
  await shot(zhao, 'finance-requests-closed');

  await syncNow(rep);
  await to(rep, discount);
  await expect(rep.page.locator('#record-state')).toContainText('已办结', { timeout: 30_000 });
  await expect(rep.page.locator('#proposal-standing')).toContainText('¥150.00');
  await to(rep, extension);
  await expect(rep.page.locator('#proposal-standing')).toContainText('已延过一次');
  await expectAccessible(rep.page, 'the extension that was declined');
  await shot(rep, 'proposal-declined', { fullPage: true });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});

test('a payment that was booked on another invoice is moved to the disputed one, and the request is settled', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep', reducedMotion: 'reduce' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const number = await takeCash(rep, 'C001', '3000');
  await ask(rep, 'C001', 'dispute');
  await pick(rep, 'proposal-reason', 'already_paid');
  await choose(rep, 'F1002');
  await rep.page.locator('#proposal-amount').fill('3000');
  await send(rep);
  await to(rep, '/');
  await synced(rep);
  expect((await ledger.account('C001')).outstanding).toMatchObject({ F1001: '9800.00', F1002: '7450.50' });

  const boss = await phone({ name: 'boss', reducedMotion: 'reduce' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  await to(boss, '/approvals');
  const card = boss.page.locator('#main section.card', { hasText: '争议' });
  await card.getByRole('button', { name: '同意', exact: true }).click();
  await boss.page.locator('#confirm-yes').click();
  await expect(card).toHaveCount(0);
  await synced(boss);

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('#tile-requests').click();
  await see(zhao, '争议');
  await button(zhao, 'request-post').click();
  await pick(zhao, 'request-kind', 'reallocate');
  const receipt = page.locator('#whose option', { hasText: number });
  await page.locator('#whose').selectOption(await receipt.getAttribute('value'));
  const booked = page.locator('#from option', { hasText: 'F1001' });
  await page.locator('#from').selectOption(await booked.getAttribute('value'));
  await expect(page.locator('#request-invoice')).toContainText('F1002');
  await expectAccessible(page, 'money moved to a disputed invoice');
  await shot(zhao, 'finance-request-move');
  await issue(zhao, '客户汇的是 F1002 的款');
  await expect(page.locator('tbody tr', { hasText: '争议' })).toHaveCount(0);
  expect((await ledger.account('C001')).outstanding).toMatchObject({ F1001: '12800.00', F1002: '4450.50' });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});
