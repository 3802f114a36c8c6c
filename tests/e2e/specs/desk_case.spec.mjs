// A customer's collection case at the desk: letters written and noted, an invoice's delivery, a step at law.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { day, enrol, openCustomer, synced } from '../support/steps.mjs';

test('letters go out one after another, with who took them; deliveries and steps at law stand beside them, and the phone knows of them', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  const before = await ledger.account('C001');
  await page.locator('a[href^="/desk/customers"]').click();
  await page.locator('#content').getByText('城西五金商行').first().click();
  const held = page.locator('#case');
  await expect(held).toContainText('该发第 1 封催款函');
  await expect(page.locator('#limitation')).toContainText('2029-09-02');

  await button(zhao, 'write-letter').click();
  const letter = page.locator('#order .letter');
  await expect(letter).toContainText('催款函（第一封）');
  await expect(letter).toContainText('致：城西五金商行');
  await expect(letter).toContainText('应收单F1001');
  await expect(letter, 'not due yet').not.toContainText('F1003');
  await page.locator('#letter-phone').fill('021-5555 0101');
  await expect(letter).toContainText('赵敏 021-5555 0101');
  await expectAccessible(page, 'a letter that is being written');
  await shot(zhao, 'case-letter', { fullPage: true });
  await page.emulateMedia({ media: 'print' });
  await expect(letter.locator('h2')).toBeInViewport();
  await expect(page.locator('#order-reason')).toBeHidden();
  expect((await letter.boundingBox()).x, 'as wide as the sheet of paper').toBeLessThan(40);
  await shot(zhao, 'case-letter-printed');
  await page.emulateMedia({ media: 'screen' });
  await page.locator('#received-by').fill('王会计');
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toContainText('要么都填');
  await page.locator('#sent').fill(day(-2));
  await page.locator('#received').fill(day(0));
  await page.locator('#tracking').fill('EA123456789CN');
  await issue(zhao);
  await expect(page.locator('#content')).toContainText(`${day(0)} 王会计 签收`);
  await expect(held).toContainText('该发第 2 封催款函');

  await button(zhao, 'note-invoice').click();
  await page.locator('#order #invoice').selectOption({ label: 'F1002' });
  await issue(zhao, '随货送到');
  await expect(page.locator('#content')).toContainText('发票送达：F1002');
  await expect(page.locator('#content')).toContainText('还不知道收到没有');
  await button(zhao, 'note-step').click();
  await page.locator('#order #step').selectOption('payment_order_served');
  await shot(zhao, 'case-step');
  await issue(zhao, '（2026）沪0104民督123号');
  await expect(page.locator('#content')).toContainText('债务人付款或异议');
  await expect(page.locator('#content')).toContainText(day(15));
  expect(await ledger.account('C001'), 'nothing has moved').toEqual(before);
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  // The salesperson's phone: what went out, the letter that is missing, and the step at law with its date.
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await openCustomer(rep, 'C001');
  const advice = rep.page.locator('#advice');
  await expect(advice).toContainText(`第 1 封函发出 ${day(-2).slice(5)}（${day(0).slice(5)} 签收）`);
  await expect(advice).toContainText(`支付令送达 ${day(0).slice(5)}`);
  await expect(advice).toContainText(`下一步最迟 ${day(15).slice(5)}`);
  await expect(advice.locator('.why').first()).toContainText('发第二封函');
  await expectAccessible(rep.page, 'letters on the phone');
  await shot(rep, 'case-phone', { fullPage: true });

  const address = page.url();
  const look = async () => {
    await page.goto(address);
    await expect(held).toBeVisible();
  };
  await accessibleAtTheDesk(zhao, { look, name: 'case', shot, colours, expectAccessible });
});
