// A visit with all that there is to note, made without a signal: it stands in the record as it was noted.
import { PEOPLE, expect, expectAccessible, test } from '../fixtures.mjs';
import { SHANGHAI } from '../support/device.mjs';
import { day, enrol, firstDay, openCustomer, pick, saved, synced, to } from '../support/steps.mjs';

test('whom they met, why they went, what they noticed and when they come again stand in the record, on the phone and before the supervisor', async ({ server, phone, desk, shot }) => {
  const rep = await firstDay(server, phone);
  await rep.signal(false);
  await openCustomer(rep, 'C001');
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await expect(rep.page.locator('#checked-in')).toContainText('±12 米');
  await pick(rep, 'visit-result', 'paid_partly');
  await pick(rep, 'visit-reason', 'goods_unsold');
  await rep.page.locator('#visit-met-other').fill('孙会计');
  await pick(rep, 'visit-purpose', 'reconcile');
  await pick(rep, 'visit-signs', 'staff_leave');
  await pick(rep, 'visit-signs', 'orders_fall');
  await rep.page.locator('#visit-next').fill(day(5));
  // Outside the door by now, where the phone knows less well where it is.
  await rep.context.setGeolocation({ ...SHANGHAI, latitude: SHANGHAI.latitude + 0.001, accuracy: 35 });
  await rep.page.locator('#visit-save').click();
  await saved(rep);

  const isWhole = async (page) => {
    const facts = page.locator('#visit-facts');
    const fact = (name) => facts.locator('dt', { hasText: name }).locator('xpath=following-sibling::dd[1]');
    await expect(fact('目的')).toHaveText('对账');
    await expect(fact('见到谁')).toHaveText('孙会计');
    await expect(fact('结果')).toHaveText('部分付款');
    await expect(fact('未付原因')).toHaveText('货没卖完');
    await expect(fact('下次约在')).toHaveText('5 天后');
    await expect(fact('业务员')).toHaveText('王芳');
    for (const sign of ['订货突减', '员工抱怨或离职']) await expect(facts).toContainText(sign);
    await expect(page.locator('#visit-times')).toContainText(' ±12 米');
    await expect(page.locator('.map-note')).toHaveText('店内 0 米');
    await expect(page.locator('#check-in-place')).toHaveText('店内 0 米 · ±12 米');
    await expect(page.locator('#check-out-place')).toHaveText('店内 111 米 · ±35 米');
  };
  await isWhole(rep.page);
  await shot(rep, 'visit-whole', { fullPage: true });
  // What was noticed is known of the customer from now on.
  await openCustomer(rep, 'C001');
  for (const sign of ['订货突减', '员工抱怨或离职']) await expect(rep.page.locator('#people')).toContainText(sign);

  await to(rep, '/');
  await rep.signal(true);
  await synced(rep);
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  const row = boss.page.locator('#main tbody tr', { hasText: '城西五金商行' });
  await expect(row).toContainText('见 孙会计');
  await row.locator('a').click();
  await isWhole(boss.page);
  await expectAccessible(boss.page, 'the open visit');
});

test('what is changed while the phone still looks where it is, is saved as well', async ({ server, phone }) => {
  const rep = await firstDay(server, phone);
  await openCustomer(rep, 'C001');
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await expect(rep.page.locator('#checked-in')).toContainText('±12 米');
  await pick(rep, 'visit-result', 'unpaid');
  await pick(rep, 'visit-reason', 'no_cash');
  await rep.page.locator('#visit-notes').fill('老板不在');
  // The tap and the last word in one breath: the position cannot have come between them.
  await rep.page.evaluate(() => {
    document.querySelector('#visit-save').click();
    const notes = document.querySelector('#visit-notes');
    notes.value = '老板不在，明早九点再来';
    notes.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await saved(rep);
  await expect(rep.page.locator('#notes-read')).toHaveText('老板不在，明早九点再来');
});
