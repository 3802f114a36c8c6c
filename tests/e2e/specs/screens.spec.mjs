// Every screen of every role, on a phone and at a desk, in both languages and both themes, on the demo company:
// axe finds nothing, and pictures are left in target/e2e-shots for people to look at.
// The two pictures of the README are written to tests/e2e/pictures when PICTURES=1 is set.
import fs from 'node:fs';
import path from 'node:path';
import { expect, expectAccessible, root, signInLink, test } from '../fixtures.mjs';
import { day, enrol, pick, saved, sign, synced, takePhoto, to, typeSum } from '../support/steps.mjs';
import { colours } from '../support/axe.mjs';
import { officeScreens, repScreens, speak } from '../support/walk.mjs';

/** Nothing moves, and the phones stand in the demo company's town. */
const STILL = { reducedMotion: 'reduce', geolocation: { latitude: 30.6571, longitude: 104.0317, accuracy: 12 } };

/** The demo company's people: who leads the first territory, one of their salespeople, finance. */
async function cast(server) {
  const { stdout: users } = await server.cli('user', 'list');
  const people = users.trim().split('\n').map((line) => line.trim().split(/\s+/)).map(([, role, name]) => ({ role, name }));
  const { stdout: territories } = await server.cli('territory', 'list');
  const boss = territories.match(/城西片区.*led by (\S+)/)[1];
  return {
    reps: people.filter((p) => p.role === 'rep'),
    boss: { name: boss },
    finance: people.find((p) => p.role === 'finance'),
    admin: people.find((p) => p.role === 'admin'),
  };
}

/** Looks at each screen in each language and theme. Every finding of every screen is told, not only the first. */
async function walk(device, screens, shot, prefix) {
  const findings = [];
  for (const language of ['zh-CN', 'en']) {
    await colours(device, 'light');
    await speak(device, language);
    for (const [name, open] of Object.entries(screens)) {
      const what = `${prefix}-${name} ${language}`;
      try {
        await open(device);
        for (const colorScheme of ['light', 'dark']) {
          await colours(device, colorScheme);
          await expectAccessible(device.page, `${what} ${colorScheme}`).catch((error) => findings.push(error.message));
          const dark = colorScheme === 'dark' ? '-dark' : '';
          if (!dark || language === 'zh-CN') await shot(device, `${prefix}-${name}-${language}${dark}`);
        }
        await colours(device, 'light');
        await device.page.keyboard.press('Escape');
      } catch (error) {
        findings.push(`${what}: ${error.message}`);
      }
    }
  }
  expect(findings.join('\n\n')).toBe('');
}

/** A visit with everything, a signed promise and a signed receipt at one customer. */
async function makeRecords(device, customer) {
  await to(device, `/visit/new/${customer}`);
  await device.page.locator('#check-in').click();
  await expect(device.page.locator('#checked-in svg').first()).toBeVisible();
  await device.page.locator('#visit-promise').click();
  await pick(device, 'promise-count', '2');
  await device.page.locator('#promise-next').click();
  await device.page.locator('#signer-name').fill('刘国强');
  await sign(device);
  await device.page.locator('#promise-seal').click();
  await device.page.locator('#confirm-yes').click();
  await saved(device);
  const promise = new URL(device.page.url()).pathname;
  await device.page.locator('#back').click();
  await device.page.locator('#visit-receipt').click();
  await typeSum(device, '2000');
  if (await device.page.locator('#shortfall').count()) {
    await pick(device, 'shortfall-reason', 'no_cash');
    await device.page.locator('#shortfall-day').fill(day(14));
  }
  await device.page.locator('#pad-commit').click();
  await device.page.locator('#signer-name').fill('刘国强');
  await sign(device);
  await device.page.locator('#receipt-issue').click();
  await device.page.locator('#confirm-yes').click();
  await saved(device);
  const receipt = new URL(device.page.url()).pathname;
  await device.page.locator('#back').click();
  await pick(device, 'visit-result', 'paid_partly');
  await pick(device, 'visit-reason', 'no_cash');
  await device.page.locator('#visit-notes').fill('老板娘在店里，说工地款 28 号到，先付两千。货架上我们的货卖了八成。');
  await takePhoto(device);
  await device.page.locator('#visit-save').click();
  await saved(device);
  return { visit: new URL(device.page.url()).pathname, promise, receipt };
}

const picture = async (device, name) => {
  if (!process.env.PICTURES) return;
  const folder = path.join(root, 'tests/e2e/pictures');
  fs.mkdirSync(folder, { recursive: true });
  await device.page.screenshot({ path: path.join(folder, `${name}.png`) });
};

test('axe finds nothing on any screen, in both languages and both themes, on phone and desk', async ({ server, phone, desk, shot }) => {
  test.setTimeout(600_000);
  await server.cli('demo');
  await server.start();
  const { reps, boss, finance, admin } = await cast(server);
  const stranger = await phone({ name: 'stranger', ...STILL });
  await stranger.open(await signInLink(server, reps[0]));
  await walk(stranger, { 'sign-in': () => expect(stranger.page.locator('#enrol-go')).toBeVisible() }, shot, 'phone');
  await stranger.close();

  const rep = await phone({ name: 'rep', ...STILL });
  await enrol(rep, server, reps[0]);
  await synced(rep);
  const cards = rep.page.locator('#work-list a');
  await expect(cards.first()).toBeVisible();
  await picture(rep, 'phone');
  // The two of the list who owe most: what there is to show.
  const [customer, other] = await cards.evaluateAll((links) => links
    .map((link) => [link.href.split('/').at(-1), Number(link.querySelector('.amount').textContent.replace(/[^\d.]/g, ''))])
    .sort((a, b) => b[1] - a[1]).map(([id]) => id));
  const known = { customer, other, day: day(14), ...await makeRecords(rep, customer) };
  await to(rep, '/');
  await synced(rep);
  await walk(rep, repScreens(known), shot, 'phone');

  const lead = await desk({ name: 'supervisor', ...STILL });
  await enrol(lead, server, boss);
  await synced(lead);
  const office = officeScreens(known);
  await to(lead, '/log');
  // A visit that was talked about, if there is one.
  const talked = lead.page.locator('td[id^="row-"]', { hasText: '留言' });
  await (await talked.count() ? talked : lead.page.locator('td[id^="row-"]')).first().locator('a').click();
  await expect(lead.page.locator('#visit-facts')).toBeVisible();
  await picture(lead, 'visit-log');
  const { ledger, ...led } = office;
  await walk(lead, led, shot, 'desk');
  await lead.page.setViewportSize({ width: 390, height: 844 });
  const { 'log-open': _beside, ...small } = led;
  await walk(lead, small, shot, 'phone-lead');
  await lead.close();

  const clerk = await desk({ name: 'finance', ...STILL });
  await enrol(clerk, server, finance);
  await synced(clerk);
  const only = (...names) => Object.fromEntries(names.map((name) => [name, office[name]]));
  const ofFinance = only('ledger', 'exceptions', 'office-customers', 'office-customer', 'office-sync', 'office-me');
  await walk(clerk, ofFinance, shot, 'desk-finance');
  await clerk.page.setViewportSize({ width: 390, height: 844 });
  await walk(clerk, ofFinance, shot, 'phone-finance');
  await clerk.close();

  const head = await desk({ name: 'admin', ...STILL });
  await enrol(head, server, admin);
  await synced(head);
  const ofAdmin = only('log', 'ledger', 'approvals', 'people', 'office-me');
  await walk(head, ofAdmin, shot, 'desk-admin');
  await head.page.setViewportSize({ width: 390, height: 844 });
  await walk(head, ofAdmin, shot, 'phone-admin');
});
