/** What password hashes differ in: their costs, and the strings in which they are stored. */
import { newBytes } from '../../blocks.js';
import type { Argon2Cost, BcryptCost, Pbkdf2Cost, ScryptCost } from '../../contracts/primitives.js';
import { base64Size, decodeBase64, encodeBase64 } from '../../encodings/base64.js';
import { fail } from '../../failures.js';
import type { OptionValues } from '../../objects/option-sets.js';
import type { SymmetricOption } from '../../objects/option-table.js';

/** What a computation takes. */
export interface Price {
  /** In bytes. */
  readonly memory: number;
  /** In the unit of `prices.ts`. */
  readonly work: number;
}

/** What a stored string says. */
export interface Stored<Cost> {
  readonly cost: Cost;
  readonly salt: Uint8Array;
  /** Wiped by the caller. */
  readonly hash: Uint8Array;
}

/** Sizes in bytes. */
export interface Scheme<Cost> {
  readonly options: readonly SymmetricOption[];
  readonly requiredOptions: readonly SymmetricOption[];
  readonly salt: Sizes;
  /** Longest password. */
  readonly password: number;
  /** Of the hash in new strings. */
  readonly hash: number;
  /** Shortest output; undefined: it gives strings only. */
  readonly output: number | undefined;
  /** Errors: `parameters_missing`; `unsupported_option` for numbers that the function does not take. */
  costOf(options: OptionValues): Cost;
  price(cost: Cost, outputLength: number): Price;
  /** The string up to its salt. */
  head(cost: Cost): string;
  readonly text: Text;
  /** Undefined unless it is a string of this function. */
  read(string: Uint8Array): Stored<Cost> | undefined;
}

/** How salt and hash are written. */
interface Text {
  size(saltLength: number, hashLength: number): number;
  write(salt: Uint8Array, hash: Uint8Array, into: Uint8Array): void;
}

const DOLLAR = 0x24;
const EQUALS = 0x3d;
interface Sizes {
  readonly minimum: number;
  readonly maximum: number;
}

/** A number of an option. Errors: `unsupported_option`. */
function numberOf(value: bigint | undefined, minimum: number, maximum: number): number {
  if (value === undefined) throw fail.ParametersMissing;
  if (value < minimum || value > maximum) throw fail.UnsupportedOption;
  return Number(value);
}

/** Base64 without padding, in the alphabet of RFC 4648. Undefined unless canonical. */
function decoded(text: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (text.length === 0 || text.includes(EQUALS)) return undefined;
  const padded = newBytes(Math.ceil(text.length / 4) * 4).fill(EQUALS);
  padded.set(text);
  const bytes = decodeBase64(padded);
  padded.fill(0);
  return bytes;
}

const unpaddedSize = (length: number): number => Math.ceil((length * 4) / 3);

function writeUnpadded(bytes: Uint8Array, into: Uint8Array, at: number): number {
  const text = newBytes(base64Size(bytes.length));
  encodeBase64(bytes, text, 0);
  const end = at + unpaddedSize(bytes.length);
  into.set(text.subarray(0, end - at), at);
  text.fill(0);
  return end;
}

/** Salt, `$`, hash: the PHC string format. */
const phcText: Text = {
  size: (saltLength, hashLength) => unpaddedSize(saltLength) + 1 + unpaddedSize(hashLength),
  write(salt, hash, into) {
    const end = writeUnpadded(salt, into, 0);
    into[end] = DOLLAR;
    writeUnpadded(hash, into, end + 1);
  },
};

/**
 * Reads a PHC string.
 *
 * @param head its beginning, up to the salt
 * @param hashes sizes that are taken: where a shorter hash is the front of a longer one, there is only one
 */
function readPhc<Cost>(
  string: Uint8Array,
  head: RegExp,
  salts: Sizes,
  hashes: Sizes,
  costOf: (numbers: readonly number[]) => Cost | undefined,
): Stored<Cost> | undefined {
  const hashAt = string.lastIndexOf(DOLLAR) + 1;
  const saltAt = hashAt < 2 ? 0 : string.lastIndexOf(DOLLAR, hashAt - 2) + 1;
  const match = head.exec(Buffer.from(string.subarray(0, saltAt)).toString('latin1'));
  if (match === null) return undefined;
  const cost = costOf(match.slice(1).map(Number));
  const salt = decoded(string.subarray(saltAt, hashAt - 1));
  if (cost === undefined || salt === undefined || salt.length < salts.minimum || salt.length > salts.maximum)
    return undefined;
  const hash = decoded(string.subarray(hashAt));
  if (hash === undefined) return undefined;
  if (hash.length < hashes.minimum || hash.length > hashes.maximum) {
    hash.fill(0);
    return undefined;
  }
  return { cost, salt, hash };
}

const only = (size: number): Sizes => ({ minimum: size, maximum: size });

const U32 = 2 ** 32 - 1;
const LANES = 255;

function isArgon2({ memory, passes, lanes }: Argon2Cost): boolean {
  return passes >= 1 && passes <= U32 && lanes >= 1 && lanes <= LANES && memory >= 8 * lanes && memory <= U32;
}

/** Argon2id, version 1.3 (RFC 9106). `memory_limit` is its memory, `ops_limit` its passes, `parallelism` its lanes. */
export const argon2id: Scheme<Argon2Cost> = {
  options: ['salt', 'memory_limit', 'ops_limit', 'output_len', 'buffer'],
  requiredOptions: ['ops_limit'],
  salt: { minimum: 8, maximum: 64 },
  password: Infinity,
  hash: 32,
  output: 4,
  costOf(options) {
    // The proposal's own example lends memory and says no number.
    const bytes = options.get('memory_limit') ?? lent(options);
    const memory = Math.floor(numberOf(bytes, 0, U32 * 1024) / 1024);
    const passes = numberOf(options.get('ops_limit'), 1, U32);
    const lanes = numberOf(options.get('parallelism') ?? 1n, 1, LANES);
    if (memory < 8 * lanes) throw fail.UnsupportedOption;
    return { memory, passes, lanes };
  },
  price: ({ memory, passes }) => ({ memory: memory * 1024, work: memory * 1024 * passes }),
  head: ({ memory, passes, lanes }) => `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$`,
  text: phcText,
  read(string) {
    const head = /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,2})\$$/;
    return readPhc(string, head, argon2id.salt, { minimum: 16, maximum: 64 }, ([memory = 0, passes = 0, lanes = 0]) => {
      const cost = { memory, passes, lanes };
      return isArgon2(cost) ? cost : undefined;
    });
  },
};

/** How much memory the guest lends, in bytes. */
function lent(options: OptionValues): bigint | undefined {
  const buffer = options.get('buffer');
  return buffer === undefined ? undefined : BigInt(buffer.length);
}

/** Twice over the memory: filled, then read at random. */
function scryptPrice({ logN, r, p }: ScryptCost): Price {
  const memory = 128 * r * 2 ** logN;
  return { memory: memory + 128 * r * p, work: 2 * memory * p };
}

/** scrypt (RFC 7914) with blocks of 1 KiB (r = 8). `memory_limit` is its memory, `ops_limit` how often that is gone through (p). */
export const scrypt: Scheme<ScryptCost> = {
  options: ['salt', 'memory_limit', 'ops_limit', 'output_len', 'buffer'],
  requiredOptions: [],
  salt: { minimum: 1, maximum: 64 },
  password: Infinity,
  hash: 32,
  output: 1,
  costOf(options) {
    const memory = numberOf(options.get('memory_limit') ?? lent(options), 2048, 2 ** 50);
    // The largest power of two that fits.
    return {
      logN: Math.floor(Math.log2(memory / 1024)),
      r: 8,
      p: numberOf(options.get('ops_limit') ?? 1n, 1, 2 ** 20),
    };
  },
  price: scryptPrice,
  head: ({ logN, r, p }) => `$scrypt$ln=${logN},r=${r},p=${p}$`,
  text: phcText,
  read(string) {
    const head = /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,2}),p=([1-9]\d{0,6})\$$/;
    // RFC 7914, 2: N is below 2^(16 r). OpenSSL fails for others.
    return readPhc(string, head, scrypt.salt, only(scrypt.hash), ([logN = 0, r = 0, p = 0]) =>
      logN < 16 * r ? { logN, r, p } : undefined,
    );
  },
};

/**
 * PBKDF2 with HMAC (RFC 8018, 5.2). `ops_limit` is its iterations.
 *
 * @param name in stored strings
 * @param digestLength of the hash function, in bytes
 * @param iteration what one costs
 */
export function pbkdf2(name: string, digestLength: number, iteration: number): Scheme<Pbkdf2Cost> {
  const head = new RegExp(`^\\$${name}\\$i=([1-9]\\d{0,9})(?:,l=${digestLength})?\\$$`);
  const salt = { minimum: 1, maximum: 64 };
  return {
    options: ['salt', 'ops_limit', 'output_len'],
    requiredOptions: ['ops_limit'],
    salt,
    password: Infinity,
    hash: digestLength,
    output: 1,
    costOf: (options) => ({ iterations: numberOf(options.get('ops_limit'), 1, 2 ** 31 - 1) }),
    price: ({ iterations }, outputLength) => ({
      memory: 0,
      work: iterations * iteration * Math.ceil(outputLength / digestLength),
    }),
    head: ({ iterations }) => `$${name}$i=${iterations}$`,
    text: phcText,
    read: (string) =>
      readPhc(string, head, salt, only(digestLength), ([iterations = 0]) =>
        iterations < 2 ** 31 ? { iterations } : undefined,
      ),
  };
}

const bcryptAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Characters of one alphabet in place of another's. */
function translated(text: Uint8Array, from: string, to: string): Uint8Array {
  return text.map((byte) => to.charCodeAt(from.indexOf(String.fromCharCode(byte))) || 0);
}

const BCRYPT = { salt: 16, saltText: 22, hash: 23, hashText: 31, head: 7 };

/** bcrypt ($2b$). `ops_limit` is its cost: the rounds, as a power of 2. It gives strings only. */
export const bcrypt: Scheme<BcryptCost> = {
  options: ['salt', 'ops_limit'],
  requiredOptions: ['ops_limit'],
  salt: { minimum: BCRYPT.salt, maximum: BCRYPT.salt },
  // It ignores what follows.
  password: 72,
  hash: BCRYPT.hash,
  output: undefined,
  costOf: (options) => ({ log: numberOf(options.get('ops_limit'), 4, 31) }),
  price: ({ log }) => ({ memory: 4096, work: 60_000 * 2 ** log }),
  head: ({ log }) => `$2b$${String(log).padStart(2, '0')}$`,
  text: {
    size: () => BCRYPT.saltText + BCRYPT.hashText,
    write(salt, hash, into) {
      into.set(translated(unpadded(salt), alphabet, bcryptAlphabet));
      into.set(translated(unpadded(hash), alphabet, bcryptAlphabet), BCRYPT.saltText);
    },
  },
  read(string) {
    if (string.length !== BCRYPT.head + BCRYPT.saltText + BCRYPT.hashText) return undefined;
    const match = /^\$2[aby]\$(\d\d)\$$/.exec(Buffer.from(string.subarray(0, BCRYPT.head)).toString('latin1'));
    const log = Number(match?.[1] ?? 0);
    const text = translated(string.subarray(BCRYPT.head), bcryptAlphabet, alphabet);
    const salt = decoded(text.subarray(0, BCRYPT.saltText));
    const hash = decoded(text.subarray(BCRYPT.saltText));
    return log < 4 || log > 31 || salt === undefined || hash === undefined ? undefined : { cost: { log }, salt, hash };
  },
};

function unpadded(bytes: Uint8Array): Uint8Array {
  const text = newBytes(unpaddedSize(bytes.length));
  writeUnpadded(bytes, text, 0);
  return text;
}
