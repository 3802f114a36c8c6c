// The code of a receipt read at the desk: from a photo, by the camera; and what is said where neither can be had.
import { PEOPLE, PHOTO, expect, expectAccessible, makeCompany, test } from '../fixtures.mjs';
import { button, openDesk } from '../support/desk.mjs';
import { enrol, synced, takeCash } from '../support/steps.mjs';

/** A camera that shows this picture, or fails by this name. */
async function camera(page, { picture, failure }) {
  await page.evaluate(({ picture, failure }) => {
    navigator.mediaDevices.getUserMedia = async () => {
      if (failure) throw new DOMException('', failure);
      const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width + 160, image.height + 160];
      const brush = canvas.getContext('2d');
      const draw = () => {
        brush.fillStyle = '#fff';
        brush.fillRect(0, 0, canvas.width, canvas.height);
        brush.drawImage(image, 80, 80);
      };
      draw();
      setInterval(draw, 100);
      const stream = canvas.captureStream();
      window.cameraTracks = stream.getTracks();
      return stream;
    };
  }, { picture, failure });
}

test('a receipt is checked from a photo of its code and by the camera, and what cannot be had is said in words', async ({ server, phone, desk, shot }) => {
  await makeCompany(server);
  await server.start();
  const rep = await phone({ name: 'rep' });
  await enrol(rep, server, PEOPLE.fang);
  await synced(rep);
  const number = await takeCash(rep, 'C001', '5000');
  const picture = await rep.page.locator('#qr').screenshot();
  const zhao = await desk({ name: 'zhao', reducedMotion: 'reduce' });
  await enrol(zhao, server, PEOPLE.zhao);
  await openDesk(zhao);
  const { page } = zhao;
  await page.locator('.side-link[href="/desk/receipt-check"]').click();

  // A photo without a code, one that is no picture, and the one of the receipt.
  const photo = page.locator('#code-photo');
  await photo.setInputFiles(PHOTO);
  await expect(page.locator('#camera-trouble')).toContainText('看不出二维码');
  await photo.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.locator('#camera-trouble')).toContainText('看不出二维码');
  await shot(zhao, 'scan-unread');
  await photo.setInputFiles({ name: 'receipt.png', mimeType: 'image/png', buffer: picture });
  await expect(page.locator('#code-says')).toContainText(number);
  await expect(page.locator('#camera-trouble')).toHaveCount(0);
  await expect(page.locator('#code')).toHaveValue(/^HK1\|/);

  // No camera, and one that may not be used.
  await zhao.open('/desk/receipt-check');
  await camera(page, { failure: 'NotFoundError' });
  await button(zhao, 'camera').click();
  await expect(page.locator('#camera-trouble')).toContainText('没有摄像头');
  await expect(page.locator('#camera-box')).toHaveCount(0);
  await camera(page, { failure: 'NotAllowedError' });
  await button(zhao, 'camera').click();
  await expect(page.locator('#camera-trouble')).toContainText('没有允许');
  await expectAccessible(page, 'no camera');
  await shot(zhao, 'scan-denied');

  // The camera reads the code, and its light goes out; closed by hand it goes out as well.
  const blank = await page.locator('#camera').screenshot();
  await camera(page, { picture: blank.toString('base64') });
  await button(zhao, 'camera').click();
  await expect(page.locator('#camera-box')).toBeVisible();
  await expectAccessible(page, 'the camera');
  await shot(zhao, 'scan-camera');
  await button(zhao, 'camera-close').click();
  await expect(page.locator('#camera-box')).toHaveCount(0);
  expect(await page.evaluate(() => window.cameraTracks.every((track) => track.readyState === 'ended'))).toBe(true);
  await camera(page, { picture: picture.toString('base64') });
  await button(zhao, 'camera').click();
  await expect(page.locator('#code-says')).toContainText(number);
  await expect(page.locator('#camera-box')).toHaveCount(0);
  expect(await page.evaluate(() => window.cameraTracks.every((track) => track.readyState === 'ended'))).toBe(true);
});
