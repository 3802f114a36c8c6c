// A receipt that somebody shows, checked by the text of its code: genuine before and after the ledger has it, forged,
// of a phone that was revoked; at the desk and on the command line alike.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, openDesk } from '../support/desk.mjs';
import { readQr } from '../support/qr.mjs';
import { enrol, synced, takeCash, to } from '../support/steps.mjs';

/** Pastes a text and asks. */
async function check(device, text) {
  await device.page.locator('#code').fill(text);
  await expect(device.page.locator('#verdict')).toHaveCount(0);
  await device.page.locator('#check').click();
  await expect(device.page.locator('#verdict')).toBeVisible();
}

test('the desk says of a receipt whether it is genuine, what was altered, and what the ledger has', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  await rep.signal(false);
  const number = await takeCash(rep, 'C001', '5000');
  const code = await readQr(rep, rep.page.locator('#qr'));

  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('a[href="/desk/receipt-check"]').click();
  await page.locator('#check').click();
  await expect(page.locator('#code-note'), 'nothing was pasted').toBeVisible();

  // Issued without a network: genuine all the same, and not received.
  await check(zhao, code);
  await expect(page.locator('#verdict .banner-title')).toHaveText('真收据');
  await expect(page.locator('#in-ledger')).toContainText('账上还没有');
  for (const text of [number, '5,000.00', '城西五金商行', PEOPLE.fang.name]) await expect(page.locator('#code-says')).toContainText(text);
  await shot(zhao, 'check-not-received');

  // The figures changed: not genuine, and nothing is said of the ledger.
  await check(zhao, code.replace('5000.00', '8000.00'));
  await expect(page.locator('#verdict .banner-title')).toHaveText('不是真收据');
  await expect(page.locator('#in-ledger')).toHaveCount(0);
  await expect(page.locator('#code-says')).toContainText('不可信');
  await shot(zhao, 'check-altered');
  await check(zhao, 'https://example.com/');
  await expect(page.locator('#verdict')).toContainText('不是收据的二维码');

  // Once it has synced, a scanner that types the text and Enter is told where it stands.
  await rep.signal(true);
  await to(rep, '/');
  await synced(rep);
  await page.locator('#code').fill('');
  await page.locator('#code').pressSequentially(code);
  await page.locator('#code').press('Enter');
  await expect(page.locator('#in-ledger')).toContainText('金额和日期一致');
  await expect(page.locator('#code-says')).toContainText('已入账');
  const said = await server.cli('receipt', 'verify', code);
  expect(said.stdout).toContain('Genuine: ');
  const forged = await server.cli('receipt', 'verify', code.replace('5000.00', '8000.00'), { mayFail: true });
  expect(forged.code).toBe(4);

  const look = async () => {
    await zhao.open('/desk/receipt-check');
    await expect(page.locator('#code')).toBeVisible();
    await check(zhao, code);
  };
  await accessibleAtTheDesk(zhao, { look, name: 'check', shot, colours, expectAccessible });
  await page.evaluate(() => localStorage.setItem('huikuan.language', 'zh-CN'));

  // The phone is lost and revoked: what the ledger has stands.
  await server.cli('device', 'revoke', number.split('-')[0]);
  await look();
  await expect(page.locator('#verdict .banner-title')).toHaveText('真收据');
  await expect(page.locator('#code-says')).toContainText('停用');
});
