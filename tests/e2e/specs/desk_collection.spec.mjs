// The rules of collecting at the desk: the team's month, and for each salesperson the list of their phone, with the
// same reasons in the same words.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, openDesk } from '../support/desk.mjs';
import { enrol, synced, to } from '../support/steps.mjs';

test('finance sees the team and each list as the salesperson sees it; a supervisor their own people, without accounts', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('.side-link[href^="/desk/collection"]').click();
  const team = page.locator('table').first();
  const list = page.locator('table').nth(2);
  await expect(team.locator('tbody tr')).toHaveCount(2);
  await team.locator('a', { hasText: PEOPLE.fang.name }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('h2', { hasText: `${PEOPLE.fang.name}今天的催收清单` })).toBeVisible();
  await expect(page).toHaveURL(/person=[0-9a-f-]{36}/);

  // Customer by customer, the first reason is that of the phone's card.
  const names = await list.locator('tbody tr td:first-child').allTextContents();
  expect(names.length).toBeGreaterThan(0);
  const onPhone = await rep.page.locator('#content').textContent();
  let at = -1;
  for (const [index, name] of names.entries()) {
    const next = onPhone.indexOf(name, at + 1);
    expect(next, `${name} comes after the one before on the phone`).toBeGreaterThan(at);
    at = next;
    const first = await list.locator('tbody tr').nth(index).locator('.tag').first().textContent();
    expect(onPhone.slice(at), name).toContain(first);
  }
  const here = new URL(page.url());
  const look = () => zhao.open(here.pathname + here.search).then(() => expect(list.locator('tbody tr').first()).toBeVisible());
  await accessibleAtTheDesk(zhao, { look, name: 'desk-collection', shot, colours, expectAccessible });

  const chen = await desk({ name: 'chen', reducedMotion: 'reduce' });
  await enrol(chen, server, PEOPLE.chen);
  await to(chen, '/me');
  await chen.page.locator('#desk-link').click();
  await chen.page.locator('.side-link[href^="/desk/collection"]').click();
  await expect(chen.page.locator('table').first().locator('tbody tr')).toHaveCount(2);
  await expect(chen.page.locator('table').nth(2).locator('tbody a')).toHaveCount(0);
});
