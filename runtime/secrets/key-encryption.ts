/**
 * Key-encryption keys: what wraps the data key of a store. It is asked when a store is made, opened and rewrapped, and
 * not kept. A provider of its own, such as an HSM that wraps inside, is a `KeyEncryptionKey`.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { newBytes } from '../blocks.js';
import { concat, copyOf, part, wipe } from '../bytes.js';
import { fields } from './fields.js';
import { syncFolderOf } from './files.js';
import { SecretsError } from './store.js';

export interface KeyEncryptionKey {
  /** What it is and where, for messages: `the file /etc/keys/kek`. Nothing secret. */
  readonly description: string;
  /**
   * @param dataKey 32 bytes; the caller wipes them
   * @param storeId 16 bytes that must be authenticated with it
   */
  wrap(dataKey: Uint8Array, storeId: Uint8Array): Uint8Array;
  /** New bytes, which the caller wipes; undefined: wrapped by another key, for another store, or changed. */
  unwrap(wrapped: Uint8Array, storeId: Uint8Array): Uint8Array | undefined;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A key in a file, as 64 hexadecimal digits: `(umask 077; openssl rand -hex 32 >kek)`, or `createKeyFile`.
 *
 * The file must be a regular one, its owner's alone (mode 0600 or 0400; not judged on Windows), and belong to the user of the process or to root.
 *
 * Errors, when the key is asked: `SecretsError` (`insecure`, `unavailable`, `refused` for what is no key).
 *
 * @param file its path
 */
export function keyFromFile(file: string): KeyEncryptionKey {
  return wrappingBy(`the file ${file}`, () => readKeyFile(file));
}

/**
 * Makes a new key in a new file with mode 0600. Errors: `SecretsError` (`exists`, `unavailable`).
 *
 * @param file its path
 */
export function createKeyFile(file: string): void {
  const key = newBytes(KEY_BYTES);
  const text = newBytes(2 * KEY_BYTES + 1);
  try {
    randomFillSync(key);
    key.forEach((byte, index) => {
      text[2 * index] = DIGITS.charCodeAt(byte >> 4);
      text[2 * index + 1] = DIGITS.charCodeAt(byte & 15);
    });
    text[2 * KEY_BYTES] = 10;
    const descriptor = opened(file, 'wx');
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
      syncFolderOf(file);
    } catch (error) {
      rmSync(file, { force: true });
      throw unusable(file, 'made', error);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    wipe(key, text);
  }
}

/**
 * A key in a variable of the environment, as 64 hexadecimal digits. Every process that inherits the environment has it.
 *
 * Errors, when the key is asked: `SecretsError` (`unavailable`, `refused` for what is no key).
 *
 * @param variable its name
 */
export function keyFromEnvironment(variable: string): KeyEncryptionKey {
  return wrappingBy(`the variable ${variable} of the environment`, (description) => {
    const value = process.env[variable];
    if (value === undefined) throw new SecretsError('unavailable', `${description} is not set`);
    return keyOf(Buffer.from(value, 'latin1'), description);
  });
}

/**
 * A key of wherever the owner has it.
 *
 * @param description for messages
 * @param give called each time the key is needed; gives 32 bytes in a new array, which is wiped afterwards: zeros are refused. What it
 *   throws goes to the caller
 */
export function keyFromCallback(description: string, give: () => Uint8Array): KeyEncryptionKey {
  return wrappingBy(description, () => {
    const key = give();
    if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES)
      throw new SecretsError('refused', `${description} gave something else than ${KEY_BYTES} bytes`);
    return key;
  });
}

/** AES-256-GCM under a random nonce: a key-encryption key wraps a few data keys in its life. */
function wrappingBy(description: string, give: (description: string) => Uint8Array): KeyEncryptionKey {
  const withKey = <T>(use: (key: Uint8Array) => T): T => {
    const key = give(description);
    try {
      // The array that a callback gave before was wiped; and nobody's key is that.
      if (key.every((byte) => byte === 0))
        throw new SecretsError(
          'refused',
          `${description} gave a key of zeros: each time it must be a new array with the key`,
        );
      return use(key);
    } finally {
      wipe(key);
    }
  };
  const associated = (storeId: Uint8Array): Uint8Array => fields('wasi-crypto-gen data key 1', storeId);
  return {
    description,
    wrap: (dataKey, storeId) =>
      withKey((key) => {
        const nonce = newBytes(NONCE_BYTES);
        randomFillSync(nonce);
        const cipher = createCipheriv('aes-256-gcm', key, nonce);
        cipher.setAAD(associated(storeId));
        const ciphertext = cipher.update(dataKey);
        cipher.final();
        return concat(nonce, ciphertext, cipher.getAuthTag());
      }),
    unwrap: (wrapped, storeId) =>
      withKey((key) => {
        const end = wrapped.length - TAG_BYTES;
        if (end < NONCE_BYTES) return undefined;
        const decipher = createDecipheriv('aes-256-gcm', key, part(wrapped, 0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(associated(storeId));
        decipher.setAuthTag(part(wrapped, end, wrapped.length));
        const dataKey = decipher.update(part(wrapped, NONCE_BYTES, end));
        try {
          decipher.final();
          return copyOf(dataKey);
        } catch {
          // OpenSSL has one reason: the tag does not fit.
          return undefined;
        } finally {
          wipe(dataKey);
        }
      }),
  };
}

const DIGITS = '0123456789abcdef';
/** More than a key with white space around it takes. */
const LONGEST_FILE = 256;

function readKeyFile(file: string): Uint8Array {
  const descriptor = opened(file, 'r');
  const text = newBytes(LONGEST_FILE);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new SecretsError('refused', `the key file ${file} is no regular file`);
    if (process.getuid !== undefined) {
      if ((found.mode & 0o077) !== 0)
        throw new SecretsError('insecure', `others than its owner can use the key file ${file}: chmod 600 ${file}`);
      if (found.uid !== process.getuid() && found.uid !== 0)
        throw new SecretsError('insecure', `the key file ${file} belongs to another user (${found.uid})`);
    }
    if (found.size > LONGEST_FILE)
      throw new SecretsError('refused', `the key file ${file} has ${found.size} bytes: it holds more than a key`);
    const length = readSync(descriptor, text);
    return keyOf(part(text, 0, length), `the file ${file}`);
  } finally {
    closeSync(descriptor);
    wipe(text);
  }
}

function opened(file: string, flags: 'r' | 'wx'): number {
  // Opening a pipe would wait for who writes to it. Windows has no such flag.
  const { O_RDONLY, O_NONBLOCK = 0 } = constants as Partial<typeof constants> & typeof constants;
  try {
    return openSync(file, flags === 'r' ? O_RDONLY | O_NONBLOCK : flags, 0o600);
  } catch (error) {
    throw unusable(file, flags === 'r' ? 'read' : 'made', error);
  }
}

function unusable(file: string, what: 'read' | 'made', cause: unknown): SecretsError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const message = `the key file ${file} cannot be ${what} (${code})`;
  return new SecretsError(code === 'EEXIST' ? 'exists' : 'unavailable', message, { cause });
}

/** Digits become bytes without a string between, which nobody could wipe. */
function keyOf(text: Uint8Array, description: string): Uint8Array {
  const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;
  let start = 0;
  let end = text.length;
  while (isSpace(text[start])) start += 1;
  while (end > start && isSpace(text[end - 1])) end -= 1;
  const key = newBytes(KEY_BYTES);
  let bad = end - start === 2 * KEY_BYTES ? 0 : 1;
  for (let index = 0; index < 2 * KEY_BYTES && bad === 0; index += 1) {
    const digit = Number.parseInt(String.fromCharCode(text[start + index] as number), 16);
    if (Number.isNaN(digit)) bad = 1;
    else key[index >> 1] = ((key[index >> 1] as number) << 4) | digit;
  }
  wipe(text);
  if (bad === 0) return key;
  wipe(key);
  throw new SecretsError('refused', `${description} does not hold a key of ${2 * KEY_BYTES} hexadecimal digits`);
}
