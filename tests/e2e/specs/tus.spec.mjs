// A photo goes up with a client that nobody here wrote: tus-js-client, the reference client of tus 1.0.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import * as tus from 'tus-js-client';
import { PEOPLE, expect, makeCompany, test } from '../fixtures.mjs';
import { binary } from '../support/server.mjs';

const TOKEN = 'token-of-a-tus-client';
const PHOTO_BYTES = 3 << 20;

/** A record that names the photo, pushed as its device would. */
async function recordWith(server, photo) {
  const hash = crypto.createHash('sha256').update(photo).digest('hex');
  await makeCompany(server);
  const maker = path.join(path.dirname(binary), 'record-with-photo');
  const request = execFileSync(maker, [server.data, PEOPLE.fang.name, 'C001', TOKEN, hash, String(photo.length)]);
  await server.start();
  const pushed = await fetch(`${server.url}/v1/sync`, { method: 'POST', body: request, headers: { authorization: `Bearer ${TOKEN}` } });
  expect(pushed.status).toBe(200);
  return `${server.url}/v1/attachments/${hash}`;
}

/** Uploads; resolves when it is through. `progress` may end it: return false. */
function upload(photo, uploadUrl, { file = Readable.from(slices(photo)), progress = () => true, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const running = new tus.Upload(file, {
      uploadUrl,
      uploadSize: photo.length,
      chunkSize: photo.length,
      headers: { authorization: `Bearer ${TOKEN}` },
      retryDelays: null,
      onError: reject,
      onSuccess: () => resolve('done'),
      onProgress: (sent) => {
        if (!progress(sent)) running.abort().then(() => resolve('interrupted'), reject);
      },
      ...options,
    });
    running.start();
  });
}

/** The photo as it would come from a slow disk. */
async function* slices(photo) {
  for (let at = 0; at < photo.length; at += 64 << 10) {
    yield photo.subarray(at, at + (64 << 10));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function offsetOf(url) {
  const head = await fetch(url, { method: 'HEAD', headers: { authorization: `Bearer ${TOKEN}`, 'tus-resumable': '1.0.0' } });
  expect([head.status, head.headers.get('upload-length')]).toEqual([200, String(PHOTO_BYTES)]);
  return Number(head.headers.get('upload-offset'));
}

async function isWhole(url, photo) {
  const whole = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(whole.status).toBe(200);
  expect(Buffer.from(await whole.arrayBuffer()).equals(photo)).toBe(true);
}

test('a tus client sends a photo of 3 MB, is cut off in the middle and goes on from there', async ({ server }) => {
  const photo = crypto.randomBytes(PHOTO_BYTES);
  const url = await recordWith(server, photo);
  const ended = await upload(photo, url, { progress: (sent) => sent < PHOTO_BYTES / 2 });
  expect(ended).toBe('interrupted');
  await expect.poll(() => offsetOf(url)).toBeGreaterThan(PHOTO_BYTES / 4);
  const middle = await offsetOf(url);
  expect(middle).toBeLessThan(PHOTO_BYTES);

  let first;
  const progress = (sent) => { first ??= sent; return true; };
  // A stream can't be read from its middle: what is uploaded now is a buffer.
  expect(await upload(photo, url, { progress, file: photo })).toBe('done');
  expect(first).toBeGreaterThanOrEqual(middle);
  await isWhole(url, photo);
});

test('a tus client in pieces, with POST in place of PATCH, goes on when the server was killed', async ({ server }) => {
  const photo = crypto.randomBytes(PHOTO_BYTES);
  const url = await recordWith(server, photo);
  const pieces = { chunkSize: 300_000, overridePatchMethod: true, file: photo };
  let killed;
  const ended = upload(photo, url, {
    ...pieces,
    progress: (sent) => {
      if (sent > PHOTO_BYTES / 2) killed ??= server.stop('SIGKILL');
      return true;
    },
  });
  await expect(ended).rejects.toThrow();
  await killed;
  await server.start();
  expect(await offsetOf(url)).toBeGreaterThanOrEqual(PHOTO_BYTES / 2 - 300_000);
  expect(await upload(photo, url, pieces)).toBe('done');
  await isWhole(url, photo);
});
