// Books uploaded at the desk: the columns guessed, changed and kept; what will change shown before it does; one bad row
// keeps the whole file out. The ledger says literally what it should.
import { PEOPLE, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { colours } from '../support/axe.mjs';
import { accessibleAtTheDesk, chooseFile, expectFolds, openDesk } from '../support/desk.mjs';
import { apiSession } from '../support/ledger.mjs';
import { enrol } from '../support/steps.mjs';

const HEADER = '发票号,客户编号,客户名称,开票日期,到期日,金额（元）';
const GOOD = [
  'F1003,C001,城西五金商行,2026-11-05,2026-12-05,"3,299.99"',
  'F2003,C004,永兴百货,2026-11-01,2026-12-01,15000',
  'F3001,C001,城西五金商行,2026-11-20,2026-12-20,100.00',
];
const BAD = ['F3002,C001,城西五金商行,2026-11-31,2026-12-20,5', 'F3003,C999,没有的客户,2026-11-20,2026-12-20,7.50'];

async function atTheDesk(server, desk) {
  await makeCompany(server);
  await server.start();
  const ledger = await apiSession(server, PEOPLE.zhao);
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  return { ledger, zhao };
}

test('invoices are previewed, a bad row keeps the file out, the mended file is imported once', async ({ server, desk, shot }) => {
  const { ledger, zhao } = await atTheDesk(server, desk);
  const { page } = zhao;
  const count = (id) => page.locator(`#count-${id} .count`);
  await page.locator('a[href^="/desk/import"]').click();
  await expect(page.locator('main h1')).toHaveText('导入');
  await shot(zhao, 'finance-import-empty');
  await chooseFile(zhao, '#import-file', '应收.csv', [HEADER, ...GOOD, ...BAD]);
  await expect(count('new')).toHaveText('1');
  await expect(count('changed')).toHaveText('1');
  await expect(count('same')).toHaveText('1');
  await expect(count('refused')).toHaveText('2');
  await expect(page.locator('#content')).toContainText('2026-11-31');
  await expect(page.locator('#content')).toContainText('认不出的日期');
  await expect(page.locator('#content')).toContainText('C999');
  await expect(page.locator('#import-apply')).toHaveCount(0);
  await expectFolds(zhao, '#map');
  await shot(zhao, 'finance-import-bad');
  await shot(zhao, 'finance-import-bad-whole', { fullPage: true });

  await chooseFile(zhao, '#import-file', '应收-改.csv', [HEADER, ...GOOD]);
  await expect(page.locator('#count-changed')).toContainText('¥3,299.99');
  await expect(page.locator('#content')).toContainText('3199.99');
  expect((await ledger.account('C001')).book, 'a preview changes nothing').toBe('23450.49');
  await shot(zhao, 'finance-import-preview');
  await page.locator('#import-apply').click();
  await expect(page.locator('#import-told')).toContainText('已导入');
  await shot(zhao, 'finance-import-done');
  expect(await ledger.account('C001')).toMatchObject({ book: '23650.49', outstanding: { F1003: '3299.99', F3001: '100.00' } });

  await chooseFile(zhao, '#import-file', '应收-再来.csv', [HEADER, ...GOOD]);
  await expect(page.locator('#map')).toContainText('按上次的');
  await expect(count('same')).toHaveText('3');
  await expect(page.locator('#import-apply')).toHaveCount(0);
  expect((await ledger.account('C001')).book).toBe('23650.49');
  expect((await server.cli('ledger', 'verify')).code).toBe(0);
});

test('columns that nobody could guess are chosen by hand, kept, and taken the next time', async ({ server, desk, shot }) => {
  const { ledger, zhao } = await atTheDesk(server, desk);
  const { page } = zhao;
  await page.locator('a[href^="/desk/import"]').click();
  await page.locator('#import-kind input[value="payments"]').check({ force: true });
  const file = ['甲;乙;丙;丁', 'P-1;2026-11-20;800;F1001', 'P-2;2026-11-21;50.50;F1002'];
  await chooseFile(zhao, '#import-file', 'kingdee.csv', file);
  await expect(page.locator('#map')).toContainText('还差几列');
  for (const [field, column] of [['number', '甲'], ['day', '乙'], ['amount', '丙'], ['invoice', '丁']]) {
    await page.locator(`#map-${field}`).selectOption(column);
    await expect(page.locator(`#map-${field}`)).toHaveValue(column);
    await expect(page.locator(`#map-${field}`)).toBeEnabled();
  }
  await expect(page.locator('#count-new .count')).toHaveText('2');
  await shot(zhao, 'finance-import-map', { fullPage: true });
  await page.locator('#import-apply').click();
  await expect(page.locator('#import-told')).toContainText('已导入');
  expect(await ledger.account('C001')).toMatchObject({ book: '22599.99', outstanding: { F1001: '12000.00', F1002: '7400.00' } });

  await page.locator('a[href="/desk/exceptions"]').click();
  await page.locator('a[href^="/desk/import"]').click();
  await page.locator('#import-kind input[value="payments"]').check({ force: true });
  await chooseFile(zhao, '#import-file', 'kingdee-12.csv', [...file, 'P-3;2026-11-22;1;F1001']);
  await expect(page.locator('#map')).toContainText('按上次的');
  await expect(page.locator('#count-new .count')).toHaveText('1');
  await expect(page.locator('#count-same .count')).toHaveText('2');
});

test('the import passes axe in both languages and themes, at a desk and on a phone', async ({ server, desk, shot }) => {
  test.setTimeout(240_000);
  const { zhao } = await atTheDesk(server, desk);
  const look = async () => {
    await zhao.open('/desk/import?kind=invoices');
    await expect(zhao.page.locator('main h1')).toBeVisible();
    await chooseFile(zhao, '#import-file', 'open.csv', [HEADER, ...GOOD, ...BAD]);
    await zhao.page.locator('#map summary').click();
  };
  await accessibleAtTheDesk(zhao, { look, name: 'finance-import-axe', shot, colours, expectAccessible });
});
