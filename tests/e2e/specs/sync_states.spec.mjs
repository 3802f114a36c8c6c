// The Sync screen says in plain words how things stand, whatever has happened, and never stops the work.
// Here: no network, server away, too old a version, a restored server. Elsewhere: refused and unplaced records
// (rejected), a revoked device (people), storage full (storage), another tab (store), a wrong clock (clock).
import http from 'node:http';
import { PEOPLE, expect, test } from '../fixtures.mjs';
import { apiSession } from '../support/ledger.mjs';
import { comment, enrol, firstDay, syncNow, synced, takeCash, to, visit } from '../support/steps.mjs';

/** A visit can be saved now as at any time; afterwards the Sync screen lists it. */
async function goesOnWorking(device, notes) {
  await visit(device, 'C001', notes);
  await to(device, '/sync');
  await expect(device.page.locator('#waiting')).toContainText(notes);
}

test('without a network the screen says that there is none and that work can go on', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  await rep.signal(false);
  await goesOnWorking(rep, '没有信号时记的');
  const standing = rep.page.locator('#standing');
  await expect(standing).toContainText('没有信号 · 1 条存在手机里');
  await expect(standing).toContainText('手机现在没有网络');
  await expect(standing).toContainText('照常干活就行');
  await expect(rep.page.locator('#waiting [data-kind="visit"][data-state="waiting"]')).toContainText('待上传');
  await shot(rep, 'sync-state-offline');
  await rep.signal(true);
  await synced(rep);
  await expect(standing).toContainText('已全部同步');
});

test('with a network and the server away the screen says that it is the server, and when it tries again', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  await server.stop('SIGKILL');
  await goesOnWorking(rep, '服务器不在时记的');
  const standing = rep.page.locator('#standing');
  await expect(standing).toContainText('服务器连不上 · 1 条存在手机里', { timeout: 30_000 });
  await expect(standing).toContainText('公司的服务器没有回应');
  await expect(standing).toContainText(/\d\d:\d\d 再试/);
  await expect(standing).not.toContainText('没有信号');
  // The record's own line says so, too.
  await expect(rep.page.locator('#waiting [data-kind="visit"][data-state="put-off"]')).toContainText(/\d\d:\d\d 再试/);
  await shot(rep, 'sync-state-away');
  await server.start();
  await rep.page.locator('#sync-now').click();
  await synced(rep);
});

test('a server that has gone on to newer versions is named as the reason, and nothing is lost', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  await server.stop();
  // What a server answers to a version that it no longer speaks.
  const newer = http.createServer((request, response) => {
    request.resume();
    response.writeHead(400, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'about:blank', status: 400, code: 'message.version', title: 'Bad Request', detail: 'version 2 is not spoken here' }));
  });
  await new Promise((resolve) => newer.listen(server.port, '127.0.0.1', resolve));
  rep.expectErrors(/status of 40/);
  await goesOnWorking(rep, '旧版本上记的');
  await rep.page.locator('#sync-now').click();
  const standing = rep.page.locator('#standing');
  await expect(standing).toContainText('这个版本太旧 · 1 条存在手机里', { timeout: 30_000 });
  await expect(standing).toContainText('请更新回款，更新后会接着上传');
  await shot(rep, 'sync-state-old-version');
  newer.closeAllConnections();
  await new Promise((resolve) => newer.close(resolve));
  await server.start();
  await rep.page.locator('#sync-now').click();
  await synced(rep);
});

test('after a restore the screen says what is sent again and what waits for a colleague, and the ledger has it once', async ({ server, phone, shot }) => {
  const rep = await firstDay(server, phone);
  const finance = await apiSession(server, PEOPLE.zhao);
  const boss = await phone({ name: 'supervisor' });
  await enrol(boss, server, PEOPLE.chen);
  await synced(boss);
  const file = `${server.data}-files/backup.db`;
  await server.cli('backup', file);
  const number = await takeCash(rep, 'C001', '3000');
  await visit(rep, 'C001', '备份以后记的');
  const visited = new URL(rep.page.url()).pathname;
  await to(rep, '/');
  await synced(rep);
  await syncNow(boss);
  await synced(boss);
  await to(boss, visited);
  await comment(boss, '下次带上对账单');
  await to(boss, '/');
  await synced(boss);

  // The rep's phone is away while the office's server is restored.
  await rep.signal(false);
  await server.stop('SIGKILL');
  await server.cli('restore', file);
  await server.start();
  await to(boss, '/sync');
  await boss.page.locator('#sync-now').click();
  await expect(boss.page.locator('#put-off')).toContainText('有 1 条补充内容，要等同事的手机先把原记录补传给服务器', { timeout: 30_000 });
  await shot(boss, 'sync-state-restored');
  await goesOnWorking(rep, '恢复那会儿记的');

  await rep.signal(true);
  await synced(rep);
  expect((await finance.account('C001')).receipts).toEqual([{ number, amount: '3000.00', method: 'cash', state: 'posted' }]);
  await to(boss, '/sync');
  await boss.page.locator('#sync-now').click();
  await synced(boss);
  await expect(boss.page.locator('#put-off')).toHaveCount(0);
  await to(rep, visited);
  await syncNow(rep);
  await expect(rep.page.locator('#comments')).toContainText('下次带上对账单', { timeout: 30_000 });
});
