// What people do on the screens, in words of the domain. Each step ends when the screen says so.
import { expect } from '@playwright/test';
import { PHOTO } from '../fixtures.mjs';
import { PEOPLE, makeCompany, signInLink } from './company.mjs';

/** The business day `days` from today, as date fields take it: `2026-12-01`. Company clocks run at UTC+8. */
export function day(days = 0) {
  return new Date(Date.now() + (8 * 60 + days * 24 * 60) * 60_000).toISOString().slice(0, 10);
}

/** Opens a fresh sign-in link and waits until the person's first screen is there. */
export async function enrol(device, server, person, url) {
  await device.open(await signInLink(server, person, url));
  await device.page.locator('#enrol-go').click();
  await expect(device.page.locator('#status-line')).toBeVisible({ timeout: 30_000 });
}

/** Waits until the status line says that everything is with the server. */
export async function synced(device, timeout = 60_000) {
  await expect(device.page.locator('#status-line'), `${device.name} is synced`).toHaveClass(/\bok\b/, { timeout });
}

/** The small company, its server, and Wang Fang's phone, signed in and synced. */
export async function firstDay(server, phone) {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  return rep;
}

/** Goes to an address of the app without loading the page anew, as a tap on a link does. */
export async function to(device, path) {
  await device.page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

/** Asks for a sync now, and goes back to where it was. */
export async function syncNow(device) {
  const { pathname, search } = new URL(device.page.url());
  await to(device, '/sync');
  await device.page.locator('#sync-now').click();
  await to(device, pathname + search);
}

/** From any screen to a customer's account, by searching for the number. */
export async function openCustomer(device, number) {
  await to(device, '/customers');
  await device.page.locator('#search').fill(number);
  const row = device.shape === 'desk' ? device.page.locator('#main tbody tr', { hasText: number })
    : device.page.locator('#customer-list a', { hasText: number });
  await expect(row).toHaveCount(1);
  await (device.shape === 'desk' ? row.locator('a') : row).click();
  await expect(device.page.locator('#outstanding')).toBeVisible();
}

/** The customer's id, from the address of their account. */
export async function customerId(device, number) {
  await openCustomer(device, number);
  return new URL(device.page.url()).pathname.split('/').at(-1);
}

export async function takePhoto(device, file = PHOTO) {
  const before = await device.page.locator('.photo img').count();
  const chooser = device.page.waitForEvent('filechooser');
  await device.page.locator('#take-photo').click();
  await (await chooser).setFiles(file);
  await expect(device.page.locator('.photo img')).toHaveCount(before + 1);
}

/** The customer signs with a finger on the full-screen pad. */
export async function sign(device) {
  await device.page.locator('button#signature').click();
  await device.draw(device.page.locator('#sign-area'));
  await device.page.locator('#sign-save').click();
  await expect(device.page.locator('#signature-pad')).toHaveCount(0);
}

export async function pick(device, group, value) {
  const choice = device.page.locator(`#${group} input[value="${value}"]`);
  // What is below the number pad is in sight only when it is scrolled up, as a hand does.
  await choice.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await choice.check({ force: true });
}

/** Types a sum on the number pad. */
export async function typeSum(device, sum) {
  for (const digit of String(sum)) await device.page.locator(digit === '.' ? '#pad-point' : `#pad-${digit}`).click();
}

/** The screen has said *saved*: the record is on this device. The message is then tapped away. */
export async function saved(device) {
  const toast = device.page.locator('#toasts .toast', { hasText: '已存手机' });
  await expect(toast.first()).toBeVisible();
  await quiet(device);
}

/** Taps away what messages there are, so that the next one is a new one. */
export async function quiet(device) {
  const toasts = device.page.locator('#toasts .toast');
  while (await toasts.count()) await toasts.first().click({ timeout: 2_000 }).catch(() => {});
}

/** Two of the six methods stand behind "other". */
export async function pickMethod(device, method) {
  const behind = ['alipay', 'acceptance_bill'].includes(method);
  await pick(device, 'method', behind ? 'other' : method);
  if (behind) await pick(device, 'method-other', method);
}

/**
 * Takes money from a customer, the sum allocated oldest first, and gives the receipt's number. Ends on the receipt.
 * `other`: not cash, but `{ method, reference, bank, due }`.
 */
export async function takeMoney(device, customer, sum, other) {
  await openCustomer(device, customer);
  await device.page.locator('#do-receipt').click();
  if (other) await pickMethod(device, other.method);
  await typeSum(device, sum);
  const printed = await device.page.locator('#receipt-number').textContent();
  if (other) await device.page.locator('#method-reference').fill(other.reference);
  if (other?.bank) await device.page.locator('#method-bank').fill(other.bank);
  if (other?.due) await device.page.locator('#method-due').fill(other.due);
  if (await device.page.locator('#shortfall').count()) {
    await pick(device, 'shortfall-reason', 'no_cash');
    await device.page.locator('#shortfall-day').fill(day(20));
  }
  await device.page.locator('#pad-commit').click();
  await device.page.locator('#receipt-issue').click();
  await device.page.locator('#confirm-yes').click();
  await saved(device);
  await expect(device.page.locator('#journey')).toBeVisible();
  return printed.trim();
}

export const takeCash = (device, customer, sum) => takeMoney(device, customer, sum);

/** A short visit, saved. Ends on the visit's record. */
export async function visit(device, number, notes) {
  await openCustomer(device, number);
  await device.page.locator('#do-visit').click();
  await device.page.locator('#check-in').click();
  await pick(device, 'visit-result', 'unpaid');
  await pick(device, 'visit-reason', 'no_cash');
  await device.page.locator('#visit-notes').fill(notes);
  await device.page.locator('#visit-save').click();
  await saved(device);
  await expect(device.page.locator('#notes-read')).toHaveText(notes);
}

/** Says something about the record that is open. */
export async function comment(device, text) {
  await device.page.locator('#comment-text').fill(text);
  await device.page.locator('#comment-send').click();
  await expect(device.page.locator('#comments')).toContainText(text);
}

/** Resolves to the moment (ms since 1970) at which an element first matched, seen by the page itself. */
export function firstSeen(page, selector, text = '') {
  return page.evaluate(([selector, text]) => new Promise((resolve) => {
    const look = () => [...document.querySelectorAll(selector)].some((e) => e.textContent.includes(text));
    if (look()) return resolve(Date.now());
    const observer = new MutationObserver(() => {
      if (!look()) return;
      observer.disconnect();
      resolve(Date.now());
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  }), [selector, text]);
}

/** The supervisor's list follows the server: asked for a sync now, which also opens the live channel anew. */
export async function live(device) {
  await syncNow(device);
  await expect(device.page.locator('#live .dot.live'), `${device.name} is live`).toBeVisible();
  await synced(device);
}
