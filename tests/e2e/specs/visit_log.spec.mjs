// The visit log: four visits of two salespeople, and every filter that the supervisor has, at a desk and on a phone.
import { CUSTOMERS, PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { setClock } from '../support/clock.mjs';
import { day, enrol, openCustomer, pick, saved, synced, to } from '../support/steps.mjs';

const TEN_DAYS_MS = 10 * 24 * 60 * 60 * 1_000;

/** A visit with this result, saved where the phone stands. */
async function visited(device, number, result, reason) {
  await openCustomer(device, number);
  await device.page.locator('#do-visit').click();
  await device.page.locator('#check-in').click();
  await expect(device.page.locator('#checked-in svg').first()).toBeVisible();
  await pick(device, 'visit-result', result);
  if (reason) await pick(device, 'visit-reason', reason);
  await device.page.locator('#visit-save').click();
  await saved(device);
}

/** A salesperson's phone; `behind_ms`: its clock is slow by that. */
async function salesperson(server, phone, person, behind_ms = 0) {
  const device = await phone({ name: person.name, serviceWorkers: 'block' });
  if (behind_ms) await setClock(device, -behind_ms);
  await enrol(device, server, person);
  await synced(device);
  return device;
}

/** Sends what was recorded and puts the phone away. */
async function done(device) {
  await to(device, '/');
  await synced(device);
  await device.close();
}

test('each filter of the visit log leaves the visits that it names, alone and together, at a desk and on a phone', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  // At the hardware store as it should be; of the builders’ merchant, 1.2 km away, from the same spot.
  const fang = await salesperson(server, phone, PEOPLE.fang);
  await visited(fang, 'C001', 'unpaid', 'no_cash');
  await visited(fang, 'C002', 'disputed');
  await done(fang);
  const lei = await salesperson(server, phone, PEOPLE.lei);
  const { latitude, longitude } = CUSTOMERS[2];
  await lei.context.setGeolocation({ latitude, longitude, accuracy: 12 });
  await visited(lei, 'C003', 'unpaid', 'goods_unsold');
  await done(lei);
  // The fourth was, so its phone says, ten days ago.
  const late = await salesperson(server, phone, PEOPLE.lei, TEN_DAYS_MS);
  await late.context.setGeolocation({ latitude: CUSTOMERS[3].latitude, longitude: CUSTOMERS[3].longitude, accuracy: 12 });
  await visited(late, 'C004', 'nobody_met');
  await done(late);

  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  const { page } = boss;
  const names = { C001: '城西五金商行', C002: '恒达建材', C003: '瑞丰电器', C004: '永兴百货' };
  const listed = page.locator('td[id^="row-"] a, #visits h2');
  const shows = async (numbers, what) => {
    const expected = numbers.map((number) => names[number]).sort();
    await expect.poll(async () => (await listed.allTextContents()).sort(), { message: what, timeout: 15_000 }).toEqual(expected);
  };
  await shows(['C001', 'C002', 'C003', 'C004'], 'no filter');
  const row = (name) => page.locator('#main tbody tr', { hasText: name });
  await expect(row(names.C001)).toContainText('店内 0 米');
  await expect(row(names.C002)).toContainText('差 1.2 公里');
  await expect(row(names.C004)).toContainText('时钟慢 10 天');
  await row(names.C002).locator('a').click();
  await expect(page.locator('#detail .map-note'), 'the open visit says the same of the place').toContainText('差 1.2 公里');
  await page.locator('#detail-close').click();

  const rep = page.locator('#filter-rep');
  const result = page.locator('#filter-result');
  const days = page.locator('#filter-days');
  const customer = page.locator('#filter-customer');
  const conspicuous = page.locator('#filter-conspicuous');
  for (const shape of ['desk', 'phone']) {
    if (shape === 'phone') {
      await page.setViewportSize({ width: 390, height: 844 });
      await expect(page.locator('#visits')).toBeVisible();
    }
    await rep.selectOption({ label: '王芳' });
    await shows(['C001', 'C002'], `${shape}: 王芳`);
    await result.selectOption('unpaid');
    await shows(['C001'], `${shape}: 王芳, unpaid`);
    await rep.selectOption('');
    await shows(['C001', 'C003'], `${shape}: unpaid`);
    await result.selectOption('');
    await customer.fill('恒达');
    await shows(['C002'], `${shape}: a name`);
    await customer.fill('rfdq');
    await shows(['C003'], `${shape}: pinyin`);
    await customer.fill('');
    await expect(conspicuous.locator('xpath=..')).toContainText('2');
    await conspicuous.check({ force: true });
    await shows(['C002', 'C004'], `${shape}: conspicuous`);
    await conspicuous.uncheck({ force: true });
    for (const [span, numbers] of [['today', ['C001', 'C002', 'C003']], ['7', ['C001', 'C002', 'C003']], ['30', ['C001', 'C002', 'C003', 'C004']]]) {
      await days.selectOption(span);
      await shows(numbers, `${shape}: days ${span}`);
    }
    await days.selectOption('custom');
    await expect(page.locator('#filter-range')).toBeVisible();
    await page.locator('#filter-from').fill(day(-11));
    await page.locator('#filter-to').fill(day(-9));
    await shows(['C004'], `${shape}: a range of days`);
    await expectAccessible(page, `the filters, ${shape}`);
    await shot(boss, `visit-log-filters-${shape}`);
    // The address says it all: opened anew, the list is the same. Nothing left, everything can be cleared at once.
    await page.reload();
    await shows(['C004'], `${shape}: the range from the address`);
    await customer.fill('没有这个');
    await page.locator('#filters-clear').click();
    await shows(['C001', 'C002', 'C003', 'C004'], `${shape}: cleared`);
    await expect(customer, 'what was searched for is gone, too').toHaveValue('');
    await expect(days).toHaveValue('');
  }
});
