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
  /** One customer's account: what they owe, by invoice, and their receipts. */
  const account = async (number) => {
    const { customer } = await get(`/v1/ledger/accounts?customer=${number}`);
    const outstanding = Object.fromEntries(customer.invoices.map((i) => [i.number, i.outstanding]));
    const receipts = customer.receipts.map(({ number, amount, method, state }) => ({ number, amount, method, state }));
    return { book: customer.book, on_account: customer.on_account, in_transit: customer.in_transit, outstanding, receipts };
  };
  /** Balance of an account whose code begins like this, summed over all of them; '0.00' where nothing was posted. */
  const balance = async (prefix) => {
    const { balances } = await get('/v1/ledger/accounts');
    const fen = balances.filter((b) => b.account.startsWith(prefix))
      .reduce((sum, b) => sum + BigInt(b.balance.replace('.', '')), 0n);
    const digits = String(fen < 0n ? -fen : fen).padStart(3, '0');
    return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  /** Journal entries of one kind. */
  const entries = async (kind) => (await get('/v1/ledger/entries')).entries.filter((e) => e.kind === kind);
  /** Open exceptions as `kind subject amount`. */
  const exceptions = async () => (await get('/v1/ledger/exceptions')).exceptions;
  return { token, get, account, balance, entries, exceptions };
}
