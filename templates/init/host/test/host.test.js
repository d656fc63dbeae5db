import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { digestOf } from '../src/host.js';

test('the host gives a guest what it needs to hash', async () => {
  const message = new TextEncoder().encode('hello');
  assert.deepEqual(Buffer.from(await digestOf(message)), createHash('sha256').update(message).digest());
});
