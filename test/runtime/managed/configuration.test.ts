/** What the owner of a store chooses, and what goes wrong with it. */
import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWasiCrypto, type SecretsOptions } from '../../../runtime/index.js';
import {
  createKeyFile,
  keyFromCallback,
  keyFromEnvironment,
  keyFromFile,
  memoryStore,
  openKeyStore,
  SecretsError,
  type KeyEncryptionKey,
  type RecordStore,
  type SecretsErrorCode,
} from '../../../runtime/keys.js';
import { errnoOf } from '../../guest/guest.js';
import { codesOf, managedGuest, newStore } from './fixture.js';

const NEVER = 2n ** 64n - 1n;

describe('options of a secrets manager', () => {
  const store = newStore();
  it.each<[string, unknown, string]>([
    ['no store', { tenant: 'test' }, 'invalid-option'],
    ['a store that is none', { store: memoryStore(), tenant: 'test' }, 'invalid-option'],
    ['no tenant', { store }, 'invalid-option'],
    ['an empty tenant', { store, tenant: '' }, 'invalid-option'],
    ['a long tenant', { store, tenant: 'ü'.repeat(65) }, 'invalid-option'],
    ['a tenant with a zero', { store, tenant: 'a\0b' }, 'invalid-option'],
    ['half a character', { store, tenant: '\ud800' }, 'invalid-option'],
    ['an unknown quota', { store, tenant: 'test', quota: { keys: 1 } }, 'unknown-option'],
    ['a negative quota', { store, tenant: 'test', quota: { ids: -1 } }, 'invalid-option'],
    ['a lifetime that is no number', { store, tenant: 'test', keyLifetime: '1 day' }, 'invalid-option'],
    ['an unknown option', { store, tenant: 'test', lifetime: 1 }, 'unknown-option'],
    ['null', null, 'invalid-option'],
  ])('%s: refused', (_, secrets, code) => {
    expect(() => createWasiCrypto({ secrets: secrets as SecretsOptions })).toThrow(expect.objectContaining({ code }));
  });
});

describe('key-encryption keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-kek-'));
  const key = new Uint8Array(32).fill(0xab);
  const hex = 'ab'.repeat(32);
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const reopens = (first: KeyEncryptionKey, second: KeyEncryptionKey): string => {
    const records = memoryStore();
    openKeyStore({ records, kek: first });
    try {
      openKeyStore({ records, kek: second });
      return 'opens';
    } catch (error) {
      return error instanceof SecretsError ? error.code : String(error);
    }
  };
  const plain = keyFromCallback('a callback', () => key.slice());

  it('are the same from a file, the environment and a callback', () => {
    process.env['WASI_CRYPTO_TEST_KEK'] = hex.toUpperCase();
    expect(reopens(plain, keyFromFile(file('same', `${hex}\n`)))).toBe('opens');
    expect(reopens(plain, keyFromFile(file('read-only', hex, 0o400)))).toBe('opens');
    expect(reopens(plain, keyFromEnvironment('WASI_CRYPTO_TEST_KEK'))).toBe('opens');
    delete process.env['WASI_CRYPTO_TEST_KEK'];
    expect(reopens(plain, keyFromEnvironment('WASI_CRYPTO_TEST_KEK'))).toBe('unavailable');
  });

  it.each([
    ['readable by others', hex, 0o640, 'insecure'],
    ['writable by others', hex, 0o602, 'insecure'],
    ['too short', hex.slice(1), 0o600, 'refused'],
    ['too long', `${hex}0`, 0o600, 'refused'],
    ['no digits', 'x'.repeat(64), 0o600, 'refused'],
    ['empty', '', 0o600, 'refused'],
    ['a key and much more', `${hex}${'\n'.repeat(300)}`, 0o600, 'refused'],
  ])('in a file that is %s are refused', (name, text, mode, code) => {
    expect(reopens(plain, keyFromFile(file(name, text, mode)))).toBe(code);
  });

  it('that are not there, or no key, are refused', () => {
    expect(reopens(plain, keyFromFile(join(folder, 'nowhere')))).toBe('unavailable');
    expect(
      reopens(
        plain,
        keyFromCallback('short', () => new Uint8Array(31)),
      ),
    ).toBe('refused');
  });

  it('are wiped by who asked for them, and zeros, as an array that was given before, are refused', () => {
    const given = key.slice();
    const kek = keyFromCallback('once', () => given);
    openKeyStore({ records: memoryStore(), kek });
    expect(given).toEqual(new Uint8Array(32));
    expect(() => openKeyStore({ records: memoryStore(), kek })).toThrow(expect.objectContaining({ code: 'refused' }));
    expect(reopens(plain, keyFromFile(file('zeros', '0'.repeat(64))))).toBe('refused');
  });

  it.runIf(process.platform !== 'win32')('in what is no regular file are refused, and nobody waits for them', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    for (const each of [pipe, '/dev/zero', folder]) expect(reopens(plain, keyFromFile(each)), each).toBe('refused');
  });

  it.runIf(existsSync('/proc/self/fd'))('that are made are on the disk with their names', () => {
    const path = join(realpathSync(folder), 'durable');
    const synced: string[] = [];
    const real = fs.fsyncSync;
    fs.fsyncSync = (descriptor) => {
      synced.push(readlinkSync(`/proc/self/fd/${descriptor}`));
      real(descriptor);
    };
    syncBuiltinESMExports();
    try {
      createKeyFile(path);
    } finally {
      fs.fsyncSync = real;
      syncBuiltinESMExports();
    }
    expect(synced).toEqual([path, realpathSync(folder)]);
  });

  it('are made in a new file that its owner alone can read', () => {
    const path = join(folder, 'made');
    createKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'latin1')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(reopens(keyFromFile(path), keyFromFile(path))).toBe('opens');
    expect(() => createKeyFile(path)).toThrow(expect.objectContaining({ code: 'exists' }));
  });
});

describe('a store in trouble', () => {
  /** Fails from some moment on. */
  const failing = (code: SecretsErrorCode): { records: RecordStore; fail: { now: boolean } } => {
    const inner = memoryStore();
    const fail = { now: false };
    const check = (): void => {
      if (fail.now) throw new SecretsError(code, 'on purpose');
    };
    const records: RecordStore = {
      description: 'failing',
      read: (work) => (check(), inner.read(work)),
      write: (work) => (check(), inner.write(work)),
      changes: () => inner.changes() + (fail.now ? 1 : 0),
      close: () => inner.close(),
    };
    return { records, fail };
  };

  it.each<[SecretsErrorCode, string]>([
    ['full', 'Overflow'],
    ['read-only', 'ProhibitedOperation'],
    ['busy', 'InternalError'],
    ['gone', 'InternalError'],
    ['corrupt', 'InternalError'],
    ['unavailable', 'InternalError'],
    ['uncertain', 'InternalError'],
  ])('that is %s: the guest gets %s, the owner is told, and nothing became managed', (code, errno) => {
    const { records, fail } = failing(code);
    const { managed, manager, errors } = managedGuest({ store: newStore(records) });
    const key = managed.keys.generate(manager, 'AES-256-GCM');
    const [id] = managed.keys.id(key);
    const plain = managed.symmetric.keyGenerate('AES-256-GCM');
    const before = managed.guest.host.usage().bytes;
    fail.now = true;
    const calls = [
      () => managed.keys.store(manager, plain),
      () => managed.keys.generate(manager, 'AES-256-GCM'),
      () => managed.keys.replace(manager, key, plain),
      () => managed.keys.fromId(manager, id),
      () => managed.invalidate(manager, id, 1n),
      () => managed.secretStore(manager, id, NEVER),
    ];
    expect(calls.map(errnoOf)).toEqual(calls.map(() => errno));
    expect(codesOf(errors)).toEqual(calls.map(() => code));
    expect(errnoOf(() => managed.keys.id(plain))).toBe('UnsupportedFeature');
    expect(managed.guest.host.usage().bytes).toBe(before);
    fail.now = false;
    expect(managed.keys.id(managed.keys.fromId(manager, id))).toEqual([id, 1n]);
  });

  it('that was closed gives nothing more, and keys that were obtained stay usable', () => {
    const store = newStore();
    const { managed, manager, errors } = managedGuest({ store });
    const key = managed.keys.generate(manager, 'HMAC/SHA-256');
    const [id] = managed.keys.id(key);
    managed.keys.fromId(manager, id);
    store.close();
    expect(errnoOf(() => managed.keys.fromId(manager, id))).toBe('InternalError');
    expect(errnoOf(() => managed.encapsulate(manager, id, NEVER))).toBe('InternalError');
    expect(codesOf(errors)).toEqual(['unavailable', 'unavailable']);
    managed.symmetric.open('HMAC/SHA-256', key);
  });
});
