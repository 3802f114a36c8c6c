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

// Looks again every `ms` while somebody looks at the page, and when they return to it.
export function whileSeen(ms, look) {
  const visible = () => document.visibilityState === 'visible';
  setInterval(() => visible() && look(), ms);
  document.addEventListener('visibilitychange', () => visible() && look());
}
