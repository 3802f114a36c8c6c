// The list as it was left stands on the screen while the app starts: as old as it says, never anybody else's,
// and what is tapped in it is not lost.
import { expect, expectAccessible, test } from '../fixtures.mjs';
import { firstDay, to, visit } from '../support/steps.mjs';

const PICTURE = '#picture [data-was="work-list"] li';

const isKept = (device) => device.page.evaluate(() => localStorage.getItem('huikuan.picture') !== null);

/** The app does not get on with its start before `window.__go()`. */
async function holdStart(device) {
  await device.context.addInitScript(() => {
    const compile = WebAssembly.compileStreaming.bind(WebAssembly);
    const go = new Promise((resolve) => { window.__go = resolve; });
    WebAssembly.compileStreaming = async (file) => {
      await go;
      return compile(file);
    };
  });
}

/** Wang Fang's phone, everything on it, the server gone, opened anew and held before the app is there. */
async function heldStart(server, phone) {
  const rep = await firstDay(server, phone);
  await to(rep, '/');
  await rep.offlineReady();
  await server.stop();
  await rep.signal(false);
  await expect(rep.page.locator('#status-line.off')).toBeVisible();
  await expect.poll(() => isKept(rep), { message: 'the list is kept' }).toBe(true);
  await holdStart(rep);
  await rep.open('/');
  return rep;
}

test('the list as it was left is there before the app, says when it was, and gives way to the app', async ({ server, phone, shot }) => {
  const rep = await heldStart(server, phone);
  const names = await rep.page.locator(`${PICTURE} h2`).allTextContents();
  expect(names.length).toBeGreaterThan(1);
  await expect(rep.page.locator('#picture .status')).toContainText(/^\d\d:\d\d 的名单，正在打开…$/);
  await expect(rep.page.locator('#main')).toBeEmpty();
  await expectAccessible(rep.page, 'the picture');
  await shot(rep, 'picture');
  await rep.page.evaluate(() => window.__go());
  await expect(rep.page.locator('#work-list li')).toHaveCount(names.length);
  await expect(rep.page.locator('#picture')).toBeEmpty();
  expect(await rep.page.locator('#work-list h2').allTextContents()).toEqual(names);
  await shot(rep, 'picture-gone');
});

test('a customer tapped in the picture is opened by the app', async ({ server, phone }) => {
  const rep = await heldStart(server, phone);
  const name = await rep.page.locator(`${PICTURE} h2`).nth(1).textContent();
  await rep.page.locator(`${PICTURE} a`).nth(1).tap();
  await expect(rep.page.locator('#main')).toBeEmpty();
  await rep.page.evaluate(() => window.__go());
  await expect(rep.page.locator('#outstanding')).toBeVisible();
  await expect(rep.page.locator('#main')).toContainText(name);
});

test('the picture is forgotten when something is saved, when another language is chosen, and at sign-out', async ({ server, phone }) => {
  const rep = await firstDay(server, phone);
  const keptAgain = async () => {
    await to(rep, '/');
    await expect.poll(() => isKept(rep), { message: 'the list is kept' }).toBe(true);
  };
  await keptAgain();
  await rep.signal(false);
  await visit(rep, 'C001', '看过了');
  expect(await isKept(rep), 'after a visit').toBe(false);

  await keptAgain();
  await to(rep, '/me');
  await rep.page.locator('#lang input[value="en"]').check({ force: true });
  expect(await isKept(rep), 'in another language').toBe(false);

  await keptAgain();
  expect(await rep.page.evaluate(() => localStorage.getItem('huikuan.picture'))).toContain('List of ');
  await to(rep, '/me');
  await rep.page.locator('#sign-out').click();
  await rep.page.locator('#confirm-yes').click();
  await expect(rep.page.locator('#enrol')).toBeVisible();
  expect(await isKept(rep), 'signed out').toBe(false);
  await rep.open('/');
  await expect(rep.page.locator('#enrol')).toBeVisible();
  await expect(rep.page.locator('body')).not.toContainText('城西');
});

test('the picture of another day or another build is not shown', async ({ server, phone }) => {
  const rep = await firstDay(server, phone);
  await to(rep, '/');
  await expect.poll(() => isKept(rep)).toBe(true);
  await holdStart(rep);
  for (const [field, value] of [['day', '2020-1-1'], ['build', 'other']]) {
    await rep.page.evaluate(([field, value]) => {
      const kept = JSON.parse(localStorage.getItem('huikuan.picture'));
      localStorage.setItem('huikuan.picture', JSON.stringify({ ...kept, [field]: value }));
    }, [field, value]);
    await rep.open('/');
    await expect(rep.page.locator('.boot-card').first()).toBeVisible();
    await expect(rep.page.locator('#picture')).toBeEmpty();
    await rep.page.evaluate(() => window.__go());
    await expect(rep.page.locator('#work-list li').first()).toBeVisible();
    await expect.poll(() => isKept(rep)).toBe(true);
  }
});
