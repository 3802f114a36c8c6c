// What people do at the desk of finance.
import { expect } from '@playwright/test';

/** From the client to the desk, by its link. */
export async function openDesk(device) {
  await device.page.locator('#desk-link').click();
  await expect(device.page.locator('#tiles')).toBeVisible({ timeout: 30_000 });
  expect(new URL(device.page.url()).pathname).toBe('/desk');
}

/** The button with this id; ids hold receipt numbers and names. */
export const button = (device, id) => device.page.locator(`[id="${id}"]`);

/** Fills the sheet's reason, if one is given, and issues the command. */
export async function issue(device, reason) {
  if (reason) await device.page.locator('#order-reason').fill(reason);
  await device.page.locator('#order-yes').click();
  await expect(device.page.locator('#order')).toHaveCount(0);
}

/** Chooses a file as if it had been picked from the disk; `rows` are its lines. */
export async function chooseFile(device, selector, name, rows) {
  await device.page.locator(selector).setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) });
  await expect(device.page.locator('#file-facts')).toContainText(name);
}

/** Axe on what is open, in both themes, and once as wide as a phone; `look` brings it up in the language asked for. */
export async function accessibleAtTheDesk(device, { look, name, shot, colours, expectAccessible }) {
  const { page } = device;
  const findings = [];
  for (const language of ['zh-CN', 'en']) {
    await page.evaluate((tag) => localStorage.setItem('huikuan.language', tag), language);
    await look();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const colorScheme of ['light', 'dark']) {
      await colours(device, colorScheme);
      await expectAccessible(page, `${name} ${language} ${colorScheme}`).catch((error) => findings.push(error.message));
      await shot(device, `${name}-${language}-${colorScheme}`, { fullPage: true });
    }
    await colours(device, 'light');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(150);
    await expectAccessible(page, `${name} ${language} at 390 px`).catch((error) => findings.push(error.message));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) findings.push(`${name} is ${wide} px too wide on a phone`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  expect(findings.join('\n\n')).toBe('');
}

/** What folds: closed it is a line, open it shows all that is in it. */
export async function expectFolds(device, selector) {
  const fold = device.page.locator(selector);
  const look = () => fold.evaluate((element) => ({ height: element.clientHeight, cut: element.scrollHeight - element.clientHeight }));
  if (await fold.evaluate((element) => element.open)) await fold.locator('summary').click();
  expect((await look()).height, `${selector}, closed`).toBeLessThan(90);
  await fold.locator('summary').click();
  expect((await look()).cut, `${selector}, open`).toBeLessThanOrEqual(1);
  await fold.locator('summary').click();
}
