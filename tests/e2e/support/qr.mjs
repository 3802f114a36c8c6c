// The QR code of a receipt, read off the screen as a customer's camera reads it, and checked as anybody can check it.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createRequire } from 'node:module';

const reader = createRequire(import.meta.url).resolve('jsqr');

/** The text of the QR code in what is shown of an element. */
export async function readQr(device, locator) {
  const picture = (await locator.screenshot()).toString('base64');
  const page = await device.context.newPage();
  try {
    await page.addScriptTag({ path: reader });
    return await page.evaluate(async (picture) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
      const brush = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      brush.drawImage(bitmap, 0, 0);
      const { data, width, height } = brush.getImageData(0, 0, bitmap.width, bitmap.height);
      return window.jsQR(data, width, height)?.data;
    }, picture);
  } finally {
    await page.close();
  }
}

/** What a code says, and whether the device with this public key (32 bytes in hex) has signed exactly that. */
export function checkQr(text, publicKey) {
  const [version, number, day, amount, digest, signature, payer] = text.split('|');
  const signed = createHash('sha256').update(`huikuan.receipt-code.1\n${number}\n${day}\n${amount}\n${digest}\n${payer}\n`).digest();
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'hex')]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return { version, number, day, amount, digest, payer, good: verify(null, signed, key, Buffer.from(signature, 'hex')) };
}
