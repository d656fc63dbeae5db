import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Errno } from '../build/generated/typescript-host/index.js';
import { greetings } from '../build/src/host.js';

test('guest and host speak the interface', async () => {
  const greet = await greetings(await readFile(new URL('../build/guest.wasm', import.meta.url)));
  assert.equal(greet('Ada'), 'Hello, Ada!');
  assert.equal(greet(''), Errno.EmptyName);
});
