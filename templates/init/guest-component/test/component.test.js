import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { digestOf } from '../build/app.js';

test('the component hashes on its host', () => {
  const message = new TextEncoder().encode('hello');
  assert.deepEqual(Buffer.from(digestOf(message)), createHash('sha256').update(message).digest());
});
