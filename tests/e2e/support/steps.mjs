// What people do on the screens, in words of the domain. Each step ends when the screen says so.
import { expect } from '@playwright/test';
import { PHOTO } from '../fixtures.mjs';
import { signInLink } from './company.mjs';

/** Opens a fresh sign-in link and waits until the person's first screen is there. */
export async function enrol(device, server, person) {
  await device.open(await signInLink(server, person));
  await device.page.locator('#enrol-submit').click();
  await expect(device.page.locator('#status-line')).toBeVisible({ timeout: 30_000 });
}

/** Waits until the status line says that everything is with the server. */
export async function synced(device) {
  await expect(device.page.locator('#status-line')).toHaveClass(/ok/, { timeout: 30_000 });
}

/** From any screen to a customer's account, by searching for the number or name. */
export async function openCustomer(device, text) {
  await device.page.locator('nav a[href="/customers"], nav a[href^="/customers?"]').first().click();
  await device.page.locator('#customer-search').fill(text);
  await device.page.locator('#customer-list a').first().click();
  await expect(device.page.locator('#outstanding')).toBeVisible();
}

export async function takePhoto(device) {
  const chooser = device.page.waitForEvent('filechooser');
  await device.page.locator('#take-photo').click();
  await (await chooser).setFiles(PHOTO);
  await expect(device.page.locator('.photo img').first()).toBeVisible();
}

/** The customer signs with a finger on the full-screen pad. */
export async function sign(device) {
  await device.page.locator('#signature').click();
  await device.draw(device.page.locator('#sign-area'));
  await device.page.locator('#sign-save').click();
  await expect(device.page.locator('#signature-pad')).toBeHidden();
}

export async function pick(device, group, value) {
  await device.page.locator(`#${group} input[value="${value}"]`).check({ force: true });
}

/** Types a sum on the number pad. */
export async function typeSum(device, sum) {
  for (const digit of String(sum)) await device.page.locator(digit === '.' ? '#pad-point' : `#pad-${digit}`).click();
}

/** The screen has said *saved*: the record is on this device. */
export async function saved(device) {
  await expect(device.page.locator('#toasts')).toContainText('已存手机');
}
