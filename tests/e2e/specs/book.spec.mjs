// The contact book: two people write into it without a signal, and in the end both have what both wrote.
import { PEOPLE, expect, expectAccessible, test } from '../fixtures.mjs';
import { enrol, firstDay, openCustomer, pick, quiet, saved, syncNow, synced, to } from '../support/steps.mjs';

/** Opens the book of the customer that is open. */
async function openBook(device) {
  await device.page.locator('#book-edit').click();
  await expect(device.page.locator('#book')).toBeVisible();
}

async function saveBook(device) {
  await device.page.locator('#book-save').click();
  await expect(device.page.locator('#book')).toHaveCount(0);
  await quiet(device);
}

/** Everything that was written here is with the server. */
async function allSent(device) {
  await to(device, '/');
  await synced(device);
}

/** Fills the contact's form, which is open, and keeps the contact. */
async function saveContact(device, { name, role, telephone }) {
  if (name) await device.page.locator('#contact-name').fill(name);
  if (role) await device.page.locator('#contact-role').selectOption(role);
  if (telephone) await device.page.locator('#contact-phone').fill(telephone);
  await device.page.locator('#contact-save').click();
  await expect(device.page.locator('#contact-name')).toHaveCount(0);
}

/** Everybody at the customer's with part and telephone, and the facts of the book, as the screen has them. */
const people = (device) => device.page.locator('#people').evaluate((card) => ({
  contacts: [...card.querySelectorAll('li')].map((li) => [li.querySelector('.t1').textContent,
    li.querySelector('.tag')?.textContent.trim() ?? '', li.querySelector('a[href^="tel:"]')?.getAttribute('href') ?? '']),
  facts: Object.fromEntries([...card.querySelectorAll('dt')].map((dt) => [dt.textContent, dt.nextElementSibling.textContent])),
}));

test('what salesperson and supervisor write into the contact book offline stands on both phones; a corrected contact stands once', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  await openCustomer(rep, 'C002');
  await openBook(rep);
  await rep.page.locator('#contact-add').click();
  await rep.page.locator('#contact-save').click();
  await expect(rep.page.locator('#contact-name-note'), 'nobody without a name').toBeVisible();
  await saveContact(rep, { name: '刘国强', role: 'decision_maker', telephone: '13800000001' });
  await saveBook(rep);
  await allSent(rep);
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  await openCustomer(boss, 'C002');
  await expect(boss.page.locator('#people')).toContainText('刘国强');

  // Without a signal: he has a new number, there is somebody else who pays, and both learn something.
  await openCustomer(rep, 'C002');
  for (const device of [rep, boss]) await device.signal(false);
  await openBook(boss);
  await boss.page.locator('#book .list-row', { hasText: '刘国强' }).click();
  await saveContact(boss, { telephone: '13900000009' });
  await boss.page.locator('#book-who_decides').fill('刘老板一个人说了算');
  await boss.page.locator('#book-best_time').fill('上午 10 点');
  await shot(boss, 'book-supervisor');
  await saveBook(boss);
  await openBook(rep);
  await rep.page.locator('#contact-add').click();
  await saveContact(rep, { name: '王会计', role: 'payer', telephone: '13700000007' });
  await rep.page.locator('#book-purchase_cycle').fill('每月 5 号进货');
  await rep.page.locator('#book-best_time').fill('15:30 后');
  await pick(rep, 'book-signs', 'orders_fall');
  // From where she stands now the place of this shop is taken, 1.2 km from where the books have it.
  await expect(rep.page.locator('#book-place')).toBeVisible();
  await rep.page.locator('#book-place').click();
  await expect(rep.page.locator('#toasts .toast', { hasText: '客户位置已记下' })).toBeVisible();
  await quiet(rep);
  await expectAccessible(rep.page, 'the contact book');
  await saveBook(rep);
  await expect(rep.page.locator('#people')).toContainText('每月 5 号进货');
  await expect(rep.page.locator('#people')).not.toContainText('刘老板一个人说了算');

  for (const device of [rep, boss]) {
    await device.signal(true);
    await allSent(device);
  }
  const expected = {
    contacts: [['刘国强', '决策人', 'tel:13900000009'], ['王会计', '付款人', 'tel:13700000007']],
    facts: { 谁决定: '刘老板一个人说了算', 进货周期: '每月 5 号进货' },
  };
  for (const device of [rep, boss]) {
    await openCustomer(device, 'C002');
    await syncNow(device);
    await expect.poll(() => people(device), { message: `the book on the phone of the ${device.name}`, timeout: 30_000 })
      .toMatchObject(expected);
    await expect(device.page.locator('#people')).toContainText('订货突减');
  }
  // Both wrote the best time: one of the two stands, the same for both.
  const [mine, theirs] = [await people(rep), await people(boss)];
  expect(mine).toEqual(theirs);
  expect(['15:30 后', '上午 10 点']).toContain(mine.facts.最佳时间);
  await shot(rep, 'book-merged', { fullPage: true });

  // Who was written down can be picked at the next visit, which is at the shop now.
  await rep.page.locator('#do-visit').click();
  await rep.page.locator('#check-in').click();
  await expect(rep.page.locator('#checked-in')).toContainText('店内 0 米');
  await pick(rep, 'visit-met', '王会计');
  await pick(rep, 'visit-result', 'not_asked');
  await rep.page.locator('#visit-save').click();
  await saved(rep);
  await expect(rep.page.locator('#visit-facts')).toContainText('王会计');
});
