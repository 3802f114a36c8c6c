// A promise to pay that is negotiated to the cent, and then another one in its place.
import { PEOPLE, expect, expectAccessible, test } from '../fixtures.mjs';
import { day, enrol, firstDay, openCustomer, saved, sign, synced, to } from '../support/steps.mjs';

const SIGNER = { name: '刘国强', role: '法定代表人', telephone: '13800000001' };

/** Days and sums of the instalments of the promise that is open. */
const instalments = (page) => page.locator('#instalments tbody tr').evaluateAll((rows) => rows
  .map((row) => [row.querySelector('.strong').textContent, row.querySelector('.amount').textContent.replace(/[^\d.]/g, '')]));

/** The pad fills the screen and lies along it: who turns the phone writes over its length. */
async function padFillsTheScreen(page) {
  await page.locator('button#signature').click();
  const look = () => page.evaluate(() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const [pad, area] = [box('#signature-pad'), box('#sign-area')];
    const upright = innerHeight > innerWidth;
    const turn = new DOMMatrix(getComputedStyle(document.querySelector('.sign-turn')).transform);
    return {
      covers: pad.left === 0 && pad.top === 0 && pad.width === innerWidth && pad.height === innerHeight,
      turned: upright ? Math.round(turn.b) === 1 && Math.round(turn.a) === 0 : turn.isIdentity,
      long: Math.max(area.width, area.height) > 0.85 * Math.max(innerWidth, innerHeight) && upright === (area.height > area.width),
    };
  });
  await expect.poll(look, { message: 'the pad' }).toEqual({ covers: true, turned: true, long: true });
  await page.locator('#sign-cancel').click();
  await expect(page.locator('#signature-pad')).toHaveCount(0);
}

/** From the plan: signs and seals. */
async function seal(device) {
  await device.page.locator('#promise-next').click();
  await device.page.locator('#signer-name').fill(SIGNER.name);
  await device.page.locator('#signer-role').fill(SIGNER.role);
  await device.page.locator('#signer-phone').fill(SIGNER.telephone);
  await padFillsTheScreen(device.page);
  await sign(device);
  await device.page.locator('#promise-seal').click();
}

test('instalments edited by hand, the invoices chosen and who signed stand in the sealed promise; a second one takes its place until it is cancelled', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const { page } = rep;
  await rep.signal(false);
  await openCustomer(rep, 'C001');
  await page.locator('#do-promise').click();
  await page.locator('#promise-total').fill('9000');
  await page.locator('#promise-count label', { hasText: '2' }).click();
  await page.locator('#promise-every label', { hasText: '14 天' }).click();
  await page.locator('#instalment-day-0').fill(day(3));
  await page.locator('#instalment-sum-0').fill('3000.50');
  await page.locator('#instalment-sum-1').fill('5000');
  await page.locator('#promise-next').click();
  await expect(page.locator('#promise-difference'), 'no letter while the parts are not the whole').toContainText('999.50');
  await page.locator('#promise-add').click();
  await page.locator('#instalment-day-2').fill(day(40));
  await page.locator('#instalment-sum-2').fill('999.50');
  await expect(page.locator('#promise-difference')).toHaveCount(0);
  // Two invoices are overdue; it is about the older of them and the one that is not due yet.
  const invoice = (number) => page.locator('#promise-invoices label', { hasText: number });
  await expect(invoice('F1001').locator('input')).toBeChecked();
  await expect(invoice('F1002').locator('input')).toBeChecked();
  await invoice('F1002').click();
  await invoice('F1003').click();
  await shot(rep, 'promise-by-hand', { fullPage: true });
  await seal(rep);
  await expect(page.locator('#confirm')).toContainText('9,000.00');
  await expectAccessible(page, 'the sheet before sealing');
  await page.locator('#confirm-yes').click();
  await saved(rep);

  const first = new URL(page.url()).pathname;
  const isSealed = async (screen) => {
    await expect(screen.locator('#promise-sum')).toContainText('9,000.00');
    expect(await instalments(screen)).toEqual([[day(3), '3000.50'], [day(21), '5000.00'], [day(40), '999.50']]);
    const letter = screen.locator('article.letter');
    for (const text of ['F1001', 'F1003', '人民币玖仟元整']) await expect(letter).toContainText(text);
    await expect(letter).not.toContainText('F1002');
    const signer = screen.locator('#main section.card, #main .card').filter({ hasText: SIGNER.telephone });
    await expect(signer).toContainText(SIGNER.name);
    await expect(signer).toContainText(SIGNER.role);
    await expect(screen.locator('#signature.sealed path.ink')).toBeVisible();
  };
  await isSealed(page);
  await shot(rep, 'promise-sealed', { fullPage: true });

  // The next day they agree anew, on less: the old promise is withdrawn by the new one.
  await page.locator('#promise-replace').click();
  await expect(page.locator('.check', { hasText: '代替' }).locator('input')).toBeChecked();
  await page.locator('#promise-total').fill('6000');
  await seal(rep);
  await expect(page.locator('#confirm')).toContainText('原来的承诺将撤销');
  await page.locator('#confirm-yes').click();
  await saved(rep);
  await expect(page.locator('#promise-sum')).toContainText('6,000.00');
  await to(rep, first);
  await expect(page.locator('#promise-sum')).toContainText('已撤销');

  // The supervisor finds both at the customer, each as it stands.
  await to(rep, '/');
  await rep.signal(true);
  await synced(rep);
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  await openCustomer(boss, 'C001');
  const history = boss.page.locator('#history');
  await expect(history).toContainText('承诺 ¥6,000');
  await history.locator('a', { hasText: '承诺 ¥9,000' }).click();
  await isSealed(boss.page);
  await expect(boss.page.locator('#promise-sum')).toContainText('已撤销');
  // She may cancel the one that stands, with a reason.
  await boss.page.locator('#back').click();
  await history.locator('a', { hasText: '承诺 ¥6,000' }).click();
  await boss.page.locator('#promise-cancel').click();
  await boss.page.locator('#cancel-reason').fill('法务另行处理');
  await expectAccessible(boss.page, 'the sheet to cancel a promise');
  await boss.page.locator('#confirm-yes').click();
  await expect(boss.page.locator('#promise-sum')).toContainText('撤销原因：法务另行处理');
});
