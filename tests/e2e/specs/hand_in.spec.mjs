// Hand-in: cash and a cheque counted on the phone with no signal, signed by both, sent, counted blind at the desk; the
// phone shows what finance made of it. Then a hand-in that finance sends back.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { button, issue, openDesk } from '../support/desk.mjs';
import { enrol, quiet, saved, synced, syncNow, takeCash, takeMoney, to } from '../support/steps.mjs';

async function signAs(device, who) {
  await device.page.locator(`button#signature-${who}`).click();
  await device.draw(device.page.locator('#sign-area'));
  await device.page.locator('#sign-save').click();
  await expect(device.page.locator('#signature-pad')).toHaveCount(0);
}

/** Counts these pieces (by what one is worth, in fen) and goes on to the signatures. */
async function count(device, pieces) {
  for (const [fen, number] of Object.entries(pieces)) await device.page.locator(`#pieces-${fen}`).fill(String(number));
  await device.page.locator('#hand-in-counted').click();
  await expect(device.page.locator('#hand-in-seal')).toBeVisible();
}

async function signAndSeal(device, receiver) {
  await device.page.locator('#receiver-name').fill(receiver);
  await signAs(device, 'giver');
  await signAs(device, 'receiver');
  await device.page.locator('#hand-in-seal').click();
  await expect(device.page.locator('#confirm-yes')).toBeVisible();
}

test('cash and a cheque are handed in with no signal, counted blind at the desk, and the phone shows both counts', async ({ server, phone, desk, shot }) => {
  test.setTimeout(240_000);
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await to(rep, '/hand-in');
  await expect(rep.page.locator('.empty')).toBeVisible();
  await expectAccessible(rep.page, 'hand-in with nothing in hand');

  await rep.signal(false);
  const cash = await takeCash(rep, 'C001', '5000');
  const cheque = await takeMoney(rep, 'C002', '2000', { method: 'cheque', reference: 'CH-77', bank: '工商银行' });
  await to(rep, '/hand-in');
  await expect(rep.page.locator('#cash-in-hand')).toContainText('5,000.00');
  await expect(rep.page.locator('#deadline')).toBeVisible();
  await expectAccessible(rep.page, 'what is in hand');
  await shot(rep, 'hand-in');
  await rep.page.locator('#new-hand-in').click();

  // Blind: the sum of the cash stands nowhere before it was counted; that of the cheque does.
  await expect(rep.page.locator('#held')).toContainText(cash);
  await expect(rep.page.locator('#held')).toContainText(cheque);
  await expect(rep.page.locator('body')).not.toContainText('5,000');
  await rep.page.locator('#pieces-10000').fill('49');
  await expect(rep.page.locator('#counted')).toContainText('4,900.00');
  await rep.page.locator('#pieces-5000').fill('x');
  await rep.page.locator('#hand-in-counted').click();
  await expect(rep.page.locator('#toasts .toast')).toBeVisible();
  await expect(rep.page.locator('#hand-in-seal')).toHaveCount(0);
  await rep.page.locator('#pieces-5000').fill('1');
  await expectAccessible(rep.page, 'the count');
  await shot(rep, 'hand-in-count', { fullPage: true });

  // Killed in the middle of it: what was filled in is still there.
  await rep.kill();
  await rep.relaunch('/hand-in/new');
  await rep.signal(false);
  await expect(rep.page.locator('#pieces-10000')).toHaveValue('49');
  await count(rep, { 5000: 1 });
  await expect(rep.page.locator('#difference')).toContainText('¥50.00');
  await rep.page.locator('#hand-in-seal').click();
  await expect(rep.page.locator('#toasts .toast'), 'a difference needs its reason').toBeVisible();
  await rep.page.locator('#hand-in-note').fill('找零少了五十');
  await signAndSeal(rep, '赵会计');
  await expectAccessible(rep.page, 'the summary before it is sealed');
  await shot(rep, 'hand-in-confirm');
  await rep.page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(rep.page.locator('#signature-giver.sealed path.ink')).toBeVisible();
  await expect(rep.page.locator('#signature-receiver.sealed path.ink')).toBeVisible();
  await expect(rep.page.locator('.voucher')).toContainText('4,950.00');
  await expectAccessible(rep.page, 'the sealed hand-in');
  await shot(rep, 'hand-in-sealed', { fullPage: true });
  const record = new URL(rep.page.url()).pathname;

  // What is handed in is not handed in twice; the cash is in hand until finance has counted it.
  await to(rep, '/hand-in');
  await expect(rep.page.locator('#hand-ins a')).toHaveCount(1);
  await expect(rep.page.locator('#new-hand-in')).toHaveCount(0);
  await expect(rep.page.locator('#cash-in-hand')).toContainText('5,000.00');
  await rep.signal(true);
  await synced(rep);
  await expect(rep.page.locator('#hand-ins')).toContainText('待财务点收');
  await shot(rep, 'hand-in-offered');
  expect(await ledger.balance('Assets:Field:Cash:')).toBe('5000.00');

  const zhao = await desk({ name: 'zhao' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  await zhao.page.locator('a.side-link[href="/desk/hand-ins"]').click();
  await expect(button(zhao, 'count-offer-王芳')).toBeVisible();
  await expectAccessible(zhao.page, 'hand-ins to count');
  await shot(zhao, 'finance-offers');
  await button(zhao, 'count-offer-王芳').click();
  await expect(zhao.page.locator('#order')).toContainText(cash);
  for (const sum of ['5,000', '4,950']) await expect(zhao.page.locator('body')).not.toContainText(sum);
  await zhao.page.locator('#pieces-10000').fill('49');
  await zhao.page.locator('#pieces-2000').fill('2');
  await zhao.page.locator('#pieces-500').fill('1');
  await expectAccessible(zhao.page, 'the count of a hand-in from the field');
  await shot(zhao, 'finance-offer-count');
  await issue(zhao);
  await expect(zhao.page.locator('#count-outcome')).toContainText('¥55.00');
  await expect(button(zhao, 'count-offer-王芳')).toHaveCount(0);
  for (const sum of ['4,950.00', '4,945.00', '找零少了五十']) await expect(zhao.page.locator('#main')).toContainText(sum);
  await quiet(zhao);
  await expectAccessible(zhao.page, 'hand-ins with both counts');
  await shot(zhao, 'finance-offer-counted', { fullPage: true });
  expect(await ledger.balance('Assets:Cash')).toBe('4945.00');
  expect(await ledger.balance('Assets:Cheques')).toBe('2000.00');

  await syncNow(rep);
  await to(rep, record);
  await expect(rep.page.locator('#hand-in-standing')).toContainText('4,945.00');
  await expect(rep.page.locator('#hand-in-standing')).toContainText('55.00');
  await expect(rep.page.locator('#record-state')).toContainText('财务已点收');
  await expectAccessible(rep.page, 'the hand-in that was counted');
  await shot(rep, 'hand-in-accepted', { fullPage: true });
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});

test('a hand-in that finance sends back says why, and its money can be handed in anew', async ({ server, phone, desk, shot }) => {
  test.setTimeout(240_000);
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const { page } = rep;
  await takeCash(rep, 'C001', '300');
  await to(rep, '/hand-in/new');
  await count(rep, { 10000: 3 });
  await expect(page.locator('#difference')).toContainText('与收据一致');
  await signAndSeal(rep, '赵会计');
  await page.locator('#confirm-yes').click();
  await saved(rep);
  const record = new URL(page.url()).pathname;
  await to(rep, '/hand-in');
  await synced(rep);

  const zhao = await desk({ name: 'zhao' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  await zhao.page.locator('a.side-link[href="/desk/hand-ins"]').click();
  await button(zhao, 'return-offer-王芳').click();
  await expectAccessible(zhao.page, 'the order to send a hand-in back');
  await issue(zhao, '有一张假币，请换一张再来');
  await expect(button(zhao, 'return-offer-王芳')).toHaveCount(0);

  await syncNow(rep);
  await to(rep, record);
  await expect(page.locator('#hand-in-standing')).toContainText('有一张假币');
  await expectAccessible(page, 'the hand-in that was returned');
  await shot(rep, 'hand-in-returned', { fullPage: true });
  await to(rep, '/hand-in');
  await expect(page.locator('#new-hand-in')).toBeVisible();
});
