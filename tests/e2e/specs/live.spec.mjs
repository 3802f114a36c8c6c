// The supervisor's list follows the server by itself, and never claims to while it does not.
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { enrol, synced, to, visit } from '../support/steps.mjs';

test('when the server goes the list says that it is not live, and follows again by itself when it is back', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  const live = boss.page.locator('#live .dot.live');
  await expect(live).toBeVisible();
  await server.stop('SIGKILL');
  await expect(live).toHaveCount(0);
  await expect(boss.page.locator('#live')).toBeVisible();
  await expect(boss.page.locator('#status-line')).toHaveClass(/\boff\b/);
  await shot(boss, 'live-not');

  await server.start();
  await expect(live).toBeVisible({ timeout: 45_000 });
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await visit(rep, 'C001', '又能连上了');
  await to(rep, '/');
  await synced(rep);
  await expect(boss.page.locator('td[id^="row-"]')).toContainText('城西五金商行', { timeout: 2_000 });
});
