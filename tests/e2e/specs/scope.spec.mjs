// Nobody's phone holds or is sent anything of customers who are not theirs. (What went over the wire is decoded
// and checked in tests/tests/scope_on_the_wire.rs; here it is the bytes as they went, and what lies on the phone.)
import { CUSTOMERS, INVOICES, PEOPLE, expect, makeCompany, test, viaProxy } from '../fixtures.mjs';
import { inStore } from '../support/store.mjs';
import { enrol, openCustomer, synced, to, visit } from '../support/steps.mjs';

/** Everything by which a rep's customers could be known: names, numbers, invoice numbers. */
function marks(person) {
  const mine = CUSTOMERS.filter((customer) => customer.rep === person.name);
  const numbers = mine.map((customer) => customer.number);
  const invoices = INVOICES.filter((invoice) => numbers.includes(invoice.customer)).map((invoice) => invoice.number);
  return [...mine.map((customer) => customer.name), ...numbers, ...invoices];
}

const NOTES = { fang: '只有王芳知道的事', lei: '只有李雷知道的事' };
const CUSTOMER = { fang: 'C001', lei: 'C003' };

test('a salesperson’s phone is sent nothing of a colleague’s customers and stores nothing of them', async ({ server, phone, desk, wiretap }) => {
  await makeCompany(server);
  await server.start();
  const device = {};
  const tap = {};
  for (const who of ['fang', 'lei']) {
    tap[who] = await wiretap();
    device[who] = await phone({ name: who, server: viaProxy(server, tap[who]) });
    await enrol(device[who], server, PEOPLE[who], tap[who].url);
    await synced(device[who]);
    await visit(device[who], CUSTOMER[who], NOTES[who]);
    await to(device[who], '/');
    await synced(device[who]);
  }
  // The supervisor sees both, and answers both: what belongs to all travels, too.
  const boss = await desk({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await expect(boss.page.locator('td[id^="row-"]')).toHaveCount(2);
  for (const who of ['fang', 'lei']) {
    await openCustomer(device[who], CUSTOMER[who]);
    await to(device[who], '/');
    await synced(device[who]);
  }
  for (const [who, other] of [['fang', 'lei'], ['lei', 'fang']]) {
    const own = [...marks(PEOPLE[who]), NOTES[who]];
    const foreign = [...marks(PEOPLE[other]), NOTES[other]];
    expect(await inStore(device[who], own), `what lies on the phone of ${who}`).toEqual(own);
    expect(await inStore(device[who], foreign), `foreign things on the phone of ${who}`).toEqual([]);
    expect(tap[who].down().length).toBeGreaterThan(1_000);
    for (const text of foreign) expect(tap[who].saw(Buffer.from(text)), `${text} on the wire of ${who}`).toBe(false);
    await to(device[who], '/customers');
    await device[who].page.locator('#search').fill(CUSTOMER[other]);
    await expect(device[who].page.locator('#main')).toContainText(`“${CUSTOMER[other]}”`);
    await expect(device[who].page.locator('#customer-list')).toHaveCount(0);
  }
});
