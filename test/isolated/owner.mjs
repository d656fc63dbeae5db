/** What the owner of an isolated host gives its process: a store with one key, which stands in a file that the process of the guest does not read. */
import { readFileSync } from 'node:fs';
import { keyFromCallback, memoryStore, openKeyStore } from '../../dist/runtime/keys.js';

export default () => {
  const store = openKeyStore({
    records: memoryStore(),
    kek: keyFromCallback('the key-encryption key of a test', () => new Uint8Array(32).fill(7)),
  });
  const bytes = readFileSync(process.env['KEY_FILE']);
  store.provision({ tenant: 'guest', name: 'app', algorithm: 'HMAC/SHA-256', key: { encoding: 'raw', bytes } });
  bytes.fill(0);
  return { secrets: { store, tenant: 'guest' } };
};
