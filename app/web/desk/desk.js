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
