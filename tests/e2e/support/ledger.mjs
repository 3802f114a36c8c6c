// The central ledger as a test sees it: finance's own session on the JSON side of the server.
import { generateKeyPairSync } from 'node:crypto';
import { signInLink } from './company.mjs';

/** Enrols a device of this person without a browser. `get(path)` then answers JSON. */
export async function apiSession(server, person) {
  const link = await signInLink(server, person);
  const code = new URL(link).hash.slice(1);
  const { publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const answer = await fetch(`${server.url}/v1/enrol`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, public_key: raw.toString('hex'), label: 'test' }),
  });
  if (!answer.ok) throw new Error(`enrol: ${answer.status} ${await answer.text()}`);
  const { token } = await answer.json();
  const get = async (path) => {
    const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return { token, get };
}
