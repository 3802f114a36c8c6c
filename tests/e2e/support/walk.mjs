// Every screen of the app with data in it, by role and shape, so that a test can look at all of them.
import { expect } from '@playwright/test';
import { pick, sign, takePhoto, to, typeSum } from './steps.mjs';

const there = (device, selector) => expect(device.page.locator(selector).first()).toBeVisible();
const at = (path, selector) => async (device) => { await to(device, path); await there(device, selector); };

/** Opens a form and begins it; half-filled forms come back, so each is filled in once for all languages. */
async function form(device, path, begun, fill) {
  await to(device, path);
  await there(device, '#main button');
  await device.page.waitForTimeout(150);
  if (!await device.page.locator(begun).count()) await fill();
  await there(device, begun);
}

/**
 * The salesperson's screens. `known` holds what the walk needs: `customer` (id), and the addresses of a
 * `visit`, a `promise` and a `receipt`.
 */
export function repScreens(known) {
  const { customer } = known;
  return {
    today: at('/', '#work-list a'),
    customers: at('/customers', '#customer-list a'),
    'customers-none': async (device) => {
      await to(device, '/customers');
      await device.page.locator('#search').fill('没有这个');
      await expect(device.page.locator('#customer-list')).toHaveCount(0);
    },
    customer: at(`/customer/${customer}`, '#outstanding'),
    'contact-book': async (device) => {
      await at(`/customer/${customer}`, '#outstanding')(device);
      await device.page.locator('#book-edit').first().click();
      await there(device, '#book');
      await device.page.locator('#contact-add').click();
      await there(device, '#contact-name');
    },
    'visit-check-in': async (device) => form(device, `/visit/new/${known.other}`, '#check-in', () => {}),
    'visit-form': (device) => form(device, `/visit/new/${customer}`, '#visit-save', async () => {
      await device.page.locator('#check-in').click();
      await pick(device, 'visit-result', 'promised');
      await pick(device, 'visit-reason', 'no_cash');
      await device.page.locator('#visit-notes').fill('仓库里还有上月的货，老板说月底回款。');
      await takePhoto(device);
    }),
    'promise-plan': (device) => form(device, `/promise/new/${known.other}`, '#promise-next', () => {}),
    'promise-letter': (device) => form(device, `/promise/new/${customer}`, '#promise-seal', async () => {
      await pick(device, 'promise-count', '3');
      await device.page.locator('#promise-next').click();
      await device.page.locator('#signer-name').fill('刘国强');
    }),
    'signature-pad': async (device) => {
      await to(device, `/promise/new/${customer}`);
      await device.page.locator('button#signature').click();
      await device.draw(device.page.locator('#sign-area'));
      await expect(device.page.locator('#sign-save')).toBeEnabled();
    },
    'receipt-amount': async (device) => {
      await to(device, `/receipt/new/${known.other}`);
      await there(device, '#pad-1');
      if (!await device.page.locator('#allocations').count()) await typeSum(device, '1000');
      await there(device, '#allocations');
    },
    'receipt-sign': (device) => form(device, `/receipt/new/${customer}`, '#receipt-issue', async () => {
      await typeSum(device, '888.88');
      if (await device.page.locator('#shortfall').count()) {
        await pick(device, 'shortfall-reason', 'no_cash');
        await device.page.locator('#shortfall-day').fill(known.day);
      }
      await device.page.locator('#pad-commit').click();
    }),
    'receipt-confirm': async (device) => {
      await form(device, `/receipt/new/${customer}`, '#receipt-issue', () => {});
      await device.page.locator('#receipt-issue').click();
      await there(device, '#confirm-yes');
    },
    visit: at(known.visit, '#visit-facts'),
    'visit-photo': async (device) => {
      await at(known.visit, '#photos img')(device);
      await device.page.locator('#photos .photo').first().click();
      await there(device, '#photo img');
    },
    promise: at(known.promise, '#promise-sum'),
    receipt: at(known.receipt, '#journey'),
    'void-request': async (device) => {
      await at(known.receipt, '#void')(device);
      await device.page.locator('#void').click();
      await there(device, '#void-reason');
    },
    collect: at('/collect', '#cash-in-hand'),
    'hand-in': at('/hand-in', '#in-hand, .empty'),
    'hand-in-count': at('/hand-in/new', '#held, .empty'),
    'proposal-form': async (device) => {
      await to(device, `/proposal/new/${customer}`);
      await there(device, '#proposal-what');
      await pick(device, 'proposal-what', 'extension');
      await there(device, '#proposal-until');
    },
    sync: at('/sync', '#standing'),
    me: at('/me', '#device'),
    'not-found': at('/nowhere/at/all', '#go-home'),
  };
}

/** The supervisor's and finance's screens, on a desk and on a phone. */
export function officeScreens(known) {
  return {
    log: at('/log', 'td[id^="row-"], #visits li'),
    'log-open': async (device) => {
      await at('/log', 'td[id^="row-"], #visits li')(device);
      await device.page.locator('td[id^="row-"] a, #visits li a').first().click();
      await there(device, '#visit-facts');
    },
    'log-none': async (device) => {
      await to(device, '/log?q=没有这个');
      await there(device, '#filters-clear');
    },
    approvals: at('/approvals', '#main section.card, #main .empty'),
    exceptions: at('/exceptions', '#main tbody tr, #main ul li, #main .empty'),
    'office-customers': at('/customers', '#customer-list a, #main tbody tr'),
    'office-customer': at(`/customer/${known.customer}`, '#outstanding'),
    'office-receipt': at(known.receipt, '#journey'),
    'office-promise': at(known.promise, '#promise-sum'),
    ledger: at('/ledger', '#ledger-outstanding'),
    people: at('/people', '#people'),
    'office-sync': at('/sync', '#standing'),
    'office-me': at('/me', '#device'),
  };
}

/** Switches the language as the switch on "Me" does, for everything that is opened from now on. */
export async function speak(device, tag) {
  await device.page.evaluate((tag) => localStorage.setItem('huikuan.language', tag), tag);
  await device.page.reload();
  await expect(device.page.locator('html')).toHaveAttribute('lang', tag);
  await there(device, '#main');
}
