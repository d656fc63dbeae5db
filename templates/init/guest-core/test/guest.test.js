import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

test('the guest hashes, seals and opens, and is refused what was changed', () => {
  const output = execFileSync('npx', ['wasi-crypto-gen', 'run', 'build/guest.wasm'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const digest = createHash('sha256').update('hello').digest('hex');
  assert.equal(output, `sha256 ${digest}\nopened attack at dawn\ntampered refused\n`);
});
