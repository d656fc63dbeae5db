/**
 * The native library: finds it, loads it, and says why it cannot be had. It is loaded when it is first asked for.
 *
 * How to use it: `nativeLibrary()` gives it or throws `Unavailable`; every call answers a number, of which
 * `answered` makes a result or a failure. What a call makes is a number, too: `NativeObject` lets go of it.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fail } from '../../failures.js';
import { Unavailable } from '../backend.js';
import { packageRoot } from '../package-root.js';

/** What TypeScript and C have to agree on: raised with every change of a function. `build.ts` gives it to the compiler. */
export const REVISION = 12;

/** Folder of the package with a binary for each platform. */
export const PREBUILDS = 'prebuilds';
export const BINARY = 'wasi-crypto.node';

/** @param tag undefined: it stands behind the ciphertext */
type CipherCall = (
  key: number,
  nonce: Uint8Array,
  associated: Uint8Array,
  data: Uint8Array,
  out: Uint8Array,
  tag: Uint8Array | undefined,
) => number;

/**
 * @param digest undefined: the key hashes by itself
 * @param salt bytes of RSASSA-PSS's; undefined: no PSS
 */
type SignatureCall = (
  key: number,
  digest: number | undefined,
  salt: number | undefined,
  message: Uint8Array,
  signature: Uint8Array,
) => number;

/** The functions of `library.c`, which tells of each. Negative answers are `status` there. */
export interface NativeLibrary {
  readonly revision: number;
  release(object: number): number;
  live(): number;
  digestFind(name: string): number;
  digestWhole(digest: number, input: Uint8Array, out: Uint8Array): number;
  digestBegin(digest: number): number;
  digestUpdate(running: number, input: Uint8Array): number;
  digestCopy(running: number): number;
  digestRead(digest: number, running: number, out: Uint8Array): number;
  digestSqueeze(running: number, out: Uint8Array): number;
  macKey(digest: number, key: Uint8Array): number;
  macWhole(key: number, input: Uint8Array, out: Uint8Array): number;
  macBegin(key: number): number;
  macRead(key: number, running: number, out: Uint8Array): number;
  macExpand(key: number, info: Uint8Array, out: Uint8Array): number;
  codeKey(cipher: string, key: Uint8Array): number;
  codeKeyBlake2(size: number, key: Uint8Array): number;
  codeWhole(key: number, input: Uint8Array, out: Uint8Array): number;
  codeBegin(key: number): number;
  codeUpdate(running: number, input: Uint8Array): number;
  codeCopy(running: number): number;
  codeRead(running: number, out: Uint8Array): number;
  cipherFind(name: string): number;
  cipherKey(cipher: number, key: Uint8Array): number;
  readonly cipherSeal: CipherCall;
  readonly cipherOpen: CipherCall;
  cipherCount(key: number, counter: Uint8Array, skip: number, data: Uint8Array): number;
  cipherChain(key: number, iv: Uint8Array, encrypt: 0 | 1, data: Uint8Array): number;
  keyFind(name: string): number;
  keyPublic(type: number, bytes: Uint8Array, exponent: Uint8Array | undefined): number;
  keySecret(type: number, bytes: Uint8Array, point: Uint8Array | undefined): number;
  keyGenerate(type: number): number;
  keyPublicBytes(key: number, out: Uint8Array): number;
  keySecretBytes(key: number, out: Uint8Array): number;
  readonly keySign: SignatureCall;
  readonly keyVerify: SignatureCall;
  keyDerive(secret: number, peer: number, out: Uint8Array): number;
  modulusNew(bytes: Uint8Array): number;
  residueDecode(modulus: number, to: Uint8Array, bytes: Uint8Array): number;
  residueReduce(modulus: number, to: Uint8Array, bytes: Uint8Array): number;
  residueEncode(modulus: number, value: Uint8Array, out: Uint8Array): number;
  residueAdd(modulus: number, to: Uint8Array, left: Uint8Array, right: Uint8Array): number;
  residueSubtract(modulus: number, to: Uint8Array, left: Uint8Array, right: Uint8Array): number;
  residueMultiply(modulus: number, to: Uint8Array, left: Uint8Array, right: Uint8Array): number;
  residuePower(modulus: number, to: Uint8Array, base: Uint8Array, exponent: Uint8Array): number;
  residueSelect(modulus: number, to: Uint8Array, first: Uint8Array, second: Uint8Array, choice: number): number;
  groupFind(name: string): number;
  pointNew(group: number): number;
  pointSet(to: number, generator: 0 | 1): number;
  pointDecode(to: number, bytes: Uint8Array): number;
  pointEncode(point: number, form: 0 | 2 | 4, out: Uint8Array): number;
  pointAdd(to: number, left: number, right: number, negative: 0 | 1): number;
  pointNegate(to: number, point: number): number;
  pointMultiply(to: number, point: number | undefined, scalar: Uint8Array): number;
  pointSum(to: number, points: Uint8Array, scalars: Uint8Array): number;
  pointEqual(left: number, right: number): number;
}

const BAD_TAG = -3;
const FAILED = -4;
/** The output of an opening lies in shared memory: nothing was done. */
export const SHARED = -6;

type Loaded = { readonly library: NativeLibrary } | { readonly reason: string };
let loaded: Loaded | undefined;

/** Throws `Unavailable` where there is none. */
export function nativeLibrary(): NativeLibrary {
  loaded ??= load();
  if ('reason' in loaded) throw new Unavailable(loaded.reason);
  return loaded.library;
}

/** Why there is none; undefined: there is. */
export function nativeObjection(): string | undefined {
  loaded ??= load();
  return 'reason' in loaded ? loaded.reason : undefined;
}

/** The answer of a call that succeeded. Errors: `invalid_tag`; an error of OpenSSL's; `TypeError` for mistakes of this host. */
export function answered(answer: number): number {
  if (answer < 0) throw refusal(answer);
  return answer;
}

function refusal(answer: number): unknown {
  if (answer === BAD_TAG) return fail.InvalidTag;
  if (answer === FAILED) return Object.assign(new Error('OpenSSL refused'), { code: 'ERR_OSSL_NATIVE' });
  return new TypeError(`a call of the native library was refused: ${answer}`);
}

/** Where binaries for this platform are looked for: with glibc and with musl; the wrong one does not load. */
function candidates(): readonly string[] {
  const folder = join(packageRoot(), PREBUILDS);
  const platform = `${process.platform}-${process.arch}`;
  return [platform, `${platform}-musl`].map((each) => join(folder, each, BINARY)).filter((each) => existsSync(each));
}

function objectionOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be loaded';
  const symbol = /undefined symbol: (\w+)/.exec(error.message)?.[1];
  if (symbol !== undefined) return `this engine does not offer OpenSSL to libraries: it has no ${symbol}`;
  return error.message.split('\n')[0] ?? error.name;
}

function load(): Loaded {
  if (process.env['WASI_CRYPTO_NATIVE'] === 'off') return { reason: 'WASI_CRYPTO_NATIVE is off' };
  let reason = `it was not built for ${process.platform}-${process.arch}: \`npx wasi-crypto-gen native build\` or buildNative() of wasi-crypto-runtime/native builds it`;
  for (const file of candidates()) {
    const module: { exports: Partial<NativeLibrary> } = { exports: {} };
    try {
      // All symbols at once: one that this Node lacks is an error here, not a crash later.
      process.dlopen(module, file, constants.dlopen.RTLD_NOW);
    } catch (error) {
      reason = objectionOf(error);
      continue;
    }
    if (module.exports.revision === REVISION) return { library: module.exports as NativeLibrary };
    reason = 'it was built from another version of this package: `npx wasi-crypto-gen native build` builds it anew';
  }
  return { reason };
}

/** Lets go of objects whose owners were collected without a word. */
const forgotten = new FinalizationRegistry<number>((object) => void nativeLibrary().release(object));

/** An object of the library's. */
export class NativeObject {
  readonly #number: number;
  #live = true;

  /** @param answer of the call that made it */
  constructor(answer: number) {
    this.#number = answered(answer);
    forgotten.register(this, this.#number, this);
  }

  /** What calls name it by. */
  get number(): number {
    return this.#number;
  }

  /** Wipes it. The last call; another one does nothing. */
  release(): void {
    if (!this.#live) return;
    this.#live = false;
    forgotten.unregister(this);
    answered(nativeLibrary().release(this.#number));
  }
}
