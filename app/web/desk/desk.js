// What the desk asks of the browser.

// One call to the server in this session: [status, text]; status 0 if there was no answer. The cookie counts
// only beside the header.
export async function call(method, path, body) {
  const headers = { 'x-huikuan-desk': '1' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    const answer = await fetch(path, { method, headers, body, cache: 'no-store', credentials: 'same-origin' });
    return [answer.status, await answer.text()];
  } catch {
    return [0, ''];
  }
}

// A picture of the server as a data address: [status, address]. (An image by itself does not send the header.)
export async function image(path) {
  try {
    const answer = await fetch(path, { headers: { 'x-huikuan-desk': '1' }, credentials: 'same-origin' });
    if (!answer.ok) return [answer.status, ''];
    const reader = new FileReader();
    const read = new Promise((done) => { reader.onloadend = done; });
    reader.readAsDataURL(await answer.blob());
    await read;
    return [200, reader.result ?? ''];
  } catch {
    return [0, ''];
  }
}

// The bytes of the file chosen last in each field: what was previewed is what is imported, though the file on the
// disk becomes another one meanwhile.
const chosen = new Map();

// Takes the file that was just chosen in this field. Choosing the same one again is a choice again.
export async function choose(id, mostBytes) {
  const input = document.getElementById(id);
  const file = input?.files?.[0];
  chosen.delete(id);
  if (!file) return [0, ''];
  if (file.size > mostBytes) return [413, '{"code":"http.too_large"}'];
  try {
    chosen.set(id, await file.arrayBuffer());
  } catch {
    return [422, '{"code":"import.read"}'];
  }
  const { name } = file;
  input.value = '';
  return [200, JSON.stringify(name)];
}

// Sends the chosen bytes, with the column map in the address: [status, text] as above.
export async function upload(id, path, map) {
  const body = chosen.get(id);
  if (body === undefined) return [0, ''];
  const headers = { 'x-huikuan-desk': '1', 'content-type': 'text/csv' };
  const query = map === undefined ? '' : `?map=${encodeURIComponent(map)}`;
  try {
    const answer = await fetch(path + query, { method: 'POST', headers, body, cache: 'no-store', credentials: 'same-origin' });
    return [answer.status, await answer.text()];
  } catch {
    return [0, ''];
  }
}

// Looks again every `ms` while somebody looks at the page, and when they return to it.
export function whileSeen(ms, look) {
  const visible = () => document.visibilityState === 'visible';
  setInterval(() => visible() && look(), ms);
  document.addEventListener('visibilitychange', () => visible() && look());
}

// --- reading QR codes -------------------------------------------------------------------------
// Each answer is [status, text, grey points, width]: 200 with the text that the browser itself has read, 206 with grey
// points for whoever asks to read, 204 where no picture is there yet, else why not.
const LONGEST_SIDE_PX = 1_000;

async function lookAt(source, width, height) {
  if (!width || !height) return [204, '', null, 0];
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(source, 0, 0, canvas.width, canvas.height);
  const text = await readByBrowser(canvas);
  if (text) return [200, text, null, 0];
  const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0, from = 0; at < grey.length; at += 1, from += 4) {
    grey[at] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
  }
  return [206, '', grey, canvas.width];
}

async function readByBrowser(canvas) {
  if (!('BarcodeDetector' in window)) return '';
  try {
    const found = await new window.BarcodeDetector({ formats: ['qr_code'] }).detect(canvas);
    return found[0]?.rawValue ?? '';
  } catch {
    return '';
  }
}

// The picture that was just chosen in this field.
export async function pictureOf(id) {
  const input = document.getElementById(id);
  const file = input?.files?.[0];
  if (!file) return [0, '', null, 0];
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
    try {
      return await lookAt(image, image.width, image.height);
    } finally {
      image.close();
    }
  } catch {
    return [422, '', null, 0];
  } finally {
    input.value = '';
  }
}

// Opens the camera into this video: 200, 403 (not allowed), 404 (none), 500.
export async function cameraOpen(id) {
  if (!navigator.mediaDevices?.getUserMedia) return [404, '', null, 0];
  try {
    const video = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    const view = document.getElementById(id);
    if (!view) {
      for (const track of stream.getTracks()) track.stop();
      return [500, '', null, 0];
    }
    view.srcObject = stream;
    await view.play();
    return [200, '', null, 0];
  } catch (error) {
    if (error?.name === 'NotAllowedError' || error?.name === 'SecurityError') return [403, '', null, 0];
    if (error?.name === 'NotFoundError' || error?.name === 'OverconstrainedError') return [404, '', null, 0];
    return [500, '', null, 0];
  }
}

// What the camera sees now.
export async function cameraLook(id) {
  const view = document.getElementById(id);
  if (!view?.srcObject) return [0, '', null, 0];
  await new Promise((resolve) => setTimeout(resolve, 200));
  return lookAt(view, view.videoWidth, view.videoHeight);
}

// The camera's light goes out.
export function cameraClose(id) {
  const view = document.getElementById(id);
  for (const track of view?.srcObject?.getTracks() ?? []) track.stop();
  if (view) view.srcObject = null;
}
