// Figures from the real client in a real browser. `make bench` starts it (tests/benches/figures/browser.rs), with
//   HUIKUAN_SERVER, HUIKUAN_WEB   the server's program and the client's folder
//   node bench.mjs DATA NAME      the server's data folder (a company with a large territory), the salesperson in it
// and reads the last line: a JSON list of {name, value, unit}.
//
// cold_start_today_ms[_quarter_core]: server gone, browser started anew on the profile, then the app is opened: from
//   the beginning of the navigation until the first card of the work list has been painted, which is the list as it
//   was left (app/web/picture.js). cold_start_ready_ms[_quarter_core]: until the app itself has painted it and answers
//   taps; cold_start_unpictured_ms_quarter_core: the same when nothing was left to show, as on a day's first start.
//   The start of the browser itself is apart (browser_start_quarter_core_ms). Medians of several.
// save_receipt_quarter_core_ms_median: from the tap that confirms a signed receipt until the screen says *saved*:
//   sealed, chained, committed to OPFS with the flush behind it, and drawn.
import { Device } from './support/device.mjs';
import { Server } from './support/server.mjs';
import { enrol, openCustomer, pick, quiet, sign, to, typeSum, day } from './support/steps.mjs';
import { firstCard, tapToSaved, watchFirstCard } from './bench/marks.mjs';
import { Throttle } from './bench/throttle.mjs';

const QUARTER = 0.25;
const STARTS = 7;
const SAVES = 9;
const [data, name] = process.argv.slice(2);
const verbose = !!process.env.BENCH_VERBOSE;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const note = (text) => console.error(text);

/** Signs the salesperson in, waits for their whole territory and for the app to be stored. */
async function settle(phone, server) {
  await enrol(phone, server, { name });
  const begun_ms = Date.now();
  await phone.page.locator('#status-line.ok').waitFor({ timeout: 900_000 });
  note(`first sync in the browser: ${Date.now() - begun_ms} ms`);
  await phone.page.waitForFunction(() => !!navigator.serviceWorker.controller, undefined, { timeout: 60_000, polling: 200 });
}

/** Takes ¥300 from a customer and gives how long the last tap took, the browser held to `part` of a core for it. */
async function saveReceipt(phone, throttle, customer, part) {
  const { page } = phone;
  await openCustomer(phone, customer);
  await page.locator('#do-receipt').click();
  await typeSum(phone, 300);
  await page.locator('#receipt-number').waitFor();
  if (await page.locator('#shortfall').count()) {
    await pick(phone, 'shortfall-reason', 'no_cash');
    await page.locator('#shortfall-day').fill(day(20));
  }
  await page.locator('#pad-commit').click();
  await page.locator('#signer-name').fill('刘国强');
  await sign(phone);
  await page.locator('#receipt-issue').click();
  await page.locator('#confirm-yes').waitFor();
  await quiet(phone);
  await sleep(300);
  throttle.limit(part);
  const took_ms = await tapToSaved(page, '#confirm-yes', () => page.locator('#confirm-yes').click({ noWaitAfter: true }));
  throttle.limit();
  await page.locator('#journey').waitFor();
  return took_ms;
}

/** The browser anew on the profile, then the app: milliseconds to the first card. */
async function coldStart(phone, server, throttle, part) {
  await phone.close();
  await phone.launch();
  await phone.context.addInitScript(watchFirstCard);
  await sleep(1_500);
  throttle.limit(part);
  await phone.page.goto(`${server.url}/`, { waitUntil: 'commit' });
  const seen = await firstCard(phone.page);
  throttle.limit();
  if (verbose) note(JSON.stringify(seen));
  // What the engine stores for the next start, it stores a moment later.
  await sleep(1_500);
  return seen;
}

/** So often anew; the median of each of the times under these names. */
async function coldStarts(times, names, start) {
  const seen = [];
  for (let i = 0; i < times; i += 1) seen.push(await start());
  for (const [figure, pickOne] of names) {
    const values = seen.map(pickOne);
    note(`${figure}: ${values.map((v) => v.toFixed(1)).join(' ')}`);
    add(figure, median(values));
  }
}

async function browserStart(phone, throttle, part) {
  await phone.close();
  throttle.limit(part);
  const begun_ms = Date.now();
  await phone.launch();
  const took_ms = Date.now() - begun_ms;
  throttle.limit();
  return took_ms;
}

async function repeat(times, work) {
  const values = [];
  for (let i = 0; i < times; i += 1) values.push(await work(i));
  note(values.map((v) => v.toFixed(1)).join(' '));
  return values;
}

const throttle = new Throttle(process.env.HUIKUAN_CHROMIUM ?? '/usr/bin/chromium');
process.env.HUIKUAN_CHROMIUM = throttle.executable;
const server = new Server({ data });
const phone = new Device('phone', { server });
throttle.watch(phone.profile);
const figures = [];
const add = (figure, value, unit = 'ms') => figures.push({ name: figure, value: Math.round(value * 10) / 10, unit });
try {
  note(`throttled by ${throttle.how}`);
  await server.start();
  await phone.launch();
  await settle(phone, server);
  await server.stop();
  await to(phone, '/');

  // The first start is the first on this profile with the server gone: it writes down what the next ones show.
  await coldStart(phone, server, throttle);
  for (const [part, suffix] of [[undefined, ''], [QUARTER, '_quarter_core']]) {
    await coldStarts(STARTS, [
      [`cold_start_today_ms${suffix}`, (seen) => seen.ms],
      [`cold_start_ready_ms${suffix}`, (seen) => seen.ready_ms],
    ], () => coldStart(phone, server, throttle, part));
  }
  await coldStarts(3, [['cold_start_unpictured_ms_quarter_core', (seen) => seen.ms]], async () => {
    await phone.page.evaluate(() => localStorage.removeItem('huikuan.picture'));
    return coldStart(phone, server, throttle, QUARTER);
  });
  add('browser_start_quarter_core_ms', median(await repeat(3, () => browserStart(phone, throttle, QUARTER))));

  await phone.open('/');
  await phone.page.locator('#status-line').waitFor();
  const saves = (part) => repeat(SAVES, (i) => saveReceipt(phone, throttle, `K${String(100 + i).padStart(5, '0')}`, part));
  add('save_receipt_browser_ms_median', median(await saves()));
  add('save_receipt_quarter_core_ms_median', median(await saves(QUARTER)));
} finally {
  throttle.limit();
  await phone.dispose();
  await server.dispose();
  throttle.dispose();
}
console.log(JSON.stringify(figures));
process.exit(0);
