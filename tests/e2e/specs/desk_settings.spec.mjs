// The company's settings at the desk: checked where they are typed, shown before they are saved, kept with who and why,
// and gone by on the phone; two people do not undo each other.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, button, issue, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { enrol, synced } from '../support/steps.mjs';

test('finance changes settings with a reason; what is wrong is said in place, and nobody overwrites what they have not seen', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const ledger = await apiSession(server, PEOPLE.zhao);
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await button(zhao, 'to-settings').click();
  await expect(page).toHaveURL(/\/desk\/settings$/);
  const remind = page.locator('#set-remind_days');
  await expect(remind).toHaveValue('7');
  await expect(page.locator('#set-hand_in_minute')).toHaveValue('18:00');
  await expect(page.locator('#settings-history')).toContainText('还没有人改过');
  await expect(page.locator('#settings-foot')).toHaveCount(0);

  // Out of bounds, and out of order: said at the field, and nothing can be saved.
  await remind.fill('90');
  await expect(page.locator('#set-remind_days-note')).toContainText('1 到 60');
  await expect(button(zhao, 'settings-look')).toBeDisabled();
  await remind.fill('2');
  await expect(page.locator('#set-remind_days-note')).toContainText('敲定日期');
  await expect(button(zhao, 'settings-look')).toBeDisabled();
  await expectAccessible(page, 'a setting that does not do');
  await shot(zhao, 'settings-wrong');
  await remind.fill('10');
  await page.locator('#set-hand_in_minute').fill('17：30');
  await expect(page.locator('#settings-foot')).toContainText('改了 2 项');
  await button(zhao, 'settings-look').click();
  const sheet = page.locator('#order');
  await expect(sheet).toContainText('提前通知');
  await expect(sheet).toContainText('7 天');
  await expect(sheet).toContainText('10 天');
  await expect(sheet).toContainText('17:30');
  await expectAccessible(page, 'settings before they are saved');
  await shot(zhao, 'settings-sheet');

  // Somebody else is faster: nothing is saved over what was not seen.
  const other = await fetch(`${server.url}/v1/desk/settings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ledger.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id: crypto.randomUUID(), revision: 0, reason: '铺货少', values: { sold_percent: 70 } }),
  });
  expect(other.status).toBe(201);
  zhao.expectErrors(/status of 409/);
  await page.locator('#order-reason').fill('旺季提前打招呼');
  await page.locator('#order-yes').click();
  await expect(page.locator('#order-problem')).toContainText('别人刚改过');
  await page.locator('#order-no').click();
  await expect(remind, 'what was typed is not lost').toHaveValue('10');
  await zhao.open('/desk/settings');
  await expect(page.locator('#set-sold_percent')).toHaveValue('70');
  await expect(remind).toHaveValue('7');
  await remind.fill('10');
  await page.locator('#set-hand_in_minute').fill('17:30');
  await button(zhao, 'settings-look').click();
  await issue(zhao, '旺季提前打招呼');
  await expect(page.locator('#settings-history')).toContainText('旺季提前打招呼');
  await expect(page.locator('#settings-history')).toContainText(PEOPLE.zhao.name);
  await expect(remind).toHaveValue('10');

  // Back to the default, one by one.
  await button(zhao, 'default-sold_percent').click();
  await expect(page.locator('#set-sold_percent')).toHaveValue('80');
  await expect(button(zhao, 'default-sold_percent')).toHaveCount(0);
  await button(zhao, 'settings-look').click();
  await issue(zhao, '还是按手册');
  await expect(page.locator('#settings-history tbody tr')).toHaveCount(4);
  expect((await server.cli('ledger', 'verify')).code).toBe(0);

  const look = async () => {
    await zhao.open('/desk/settings');
    await expect(remind).toHaveValue('10');
  };
  await accessibleAtTheDesk(zhao, { look, name: 'settings', shot, colours, expectAccessible });
});
