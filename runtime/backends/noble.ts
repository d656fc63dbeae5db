/**
 * The noble libraries: for what this Node's OpenSSL lacks. They are loaded when they are first used, since loading them
 * is 40 % of the time that importing the runtime would take (measured). A test compares the versions with the installed ones.
 */
import { createRequire } from 'node:module';
import { Unavailable, type Backend } from './backend.js';

const require = createRequire(import.meta.url);

/** Throws `Unavailable` where it is not installed: in a bundle of a host that was moved elsewhere. */
function load(name: string): unknown {
  try {
    return require(name);
  } catch (error) {
    throw new Unavailable(`${name} cannot be loaded (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

export const nobleHashes: Backend = { kind: 'noble', name: '@noble/hashes 2.4.0' };
export const nobleCurves: Backend = { kind: 'noble', name: '@noble/curves 2.4.0' };
export const noblePostQuantum: Backend = { kind: 'noble', name: '@noble/post-quantum 0.7.1' };

type Blake2 = typeof import('@noble/hashes/blake2.js');
type Blake3 = typeof import('@noble/hashes/blake3.js');
type Curve = typeof import('@noble/curves/abstract/curve.js');
type Ed25519 = typeof import('@noble/curves/ed25519.js');
type Ed448 = typeof import('@noble/curves/ed448.js');
type Modular = typeof import('@noble/curves/abstract/modular.js');
type Nist = typeof import('@noble/curves/nist.js');
type Secp256k1 = typeof import('@noble/curves/secp256k1.js');
type MlDsa = typeof import('@noble/post-quantum/ml-dsa.js');
type MlKem = typeof import('@noble/post-quantum/ml-kem.js');
type Argon2 = typeof import('@noble/hashes/argon2.js');
type SlhDsa = typeof import('@noble/post-quantum/slh-dsa.js');
type Sha3Addons = typeof import('@noble/hashes/sha3-addons.js');

export const nobleCurve = (): Curve => load('@noble/curves/abstract/curve.js') as Curve;
export const nobleCurve25519 = (): Ed25519 => load('@noble/curves/ed25519.js') as Ed25519;
export const nobleCurve448 = (): Ed448 => load('@noble/curves/ed448.js') as Ed448;
export const nobleEd25519 = (): Ed25519['ed25519'] => nobleCurve25519().ed25519;
export const nobleEd448 = (): Ed448['ed448'] => nobleCurve448().ed448;
export const nobleModular = (): Modular => load('@noble/curves/abstract/modular.js') as Modular;
export const nobleNist = (): Nist => load('@noble/curves/nist.js') as Nist;
export const nobleSecp256k1 = (): Secp256k1 => load('@noble/curves/secp256k1.js') as Secp256k1;
export const nobleSlhDsa = (): SlhDsa => load('@noble/post-quantum/slh-dsa.js') as SlhDsa;
const mlDsa = (): MlDsa => load('@noble/post-quantum/ml-dsa.js') as MlDsa;
export const nobleMlDsa44 = (): MlDsa['ml_dsa44'] => mlDsa().ml_dsa44;
export const nobleMlDsa65 = (): MlDsa['ml_dsa65'] => mlDsa().ml_dsa65;
export const nobleMlDsa87 = (): MlDsa['ml_dsa87'] => mlDsa().ml_dsa87;
const mlKem = (): MlKem => load('@noble/post-quantum/ml-kem.js') as MlKem;
export const nobleMlKem512 = (): MlKem['ml_kem512'] => mlKem().ml_kem512;
export const nobleMlKem768 = (): MlKem['ml_kem768'] => mlKem().ml_kem768;
export const nobleMlKem1024 = (): MlKem['ml_kem1024'] => mlKem().ml_kem1024;
export const nobleBlake2b = (): Blake2['blake2b'] => (load('@noble/hashes/blake2.js') as Blake2).blake2b;
export const nobleBlake3 = (): Blake3['blake3'] => (load('@noble/hashes/blake3.js') as Blake3).blake3;
export const nobleSha3Addons = (): Sha3Addons => load('@noble/hashes/sha3-addons.js') as Sha3Addons;
export const nobleArgon2id = (): Argon2['argon2id'] => (load('@noble/hashes/argon2.js') as Argon2).argon2id;
