/** What the portable guest can do, for hosts that do the timing themselves. */
import { AlgorithmType } from "wasi-crypto/types";
import { checksumOf, keys } from "./dist/expected";
import { Generate, PAIR_PKCS8, PublicImport, Sign, X25519 } from "./asymmetric";
import { Bytes } from "./memory";
import { Operation } from "./operation";
import { Aead, Hash, Hkdf, Hmac, NullCall, RandomKey, SymmetricKeyImport } from "./symmetric";

const ed25519 = Bytes.ofHex(keys.ed25519);
const p256 = Bytes.ofHex(keys.p256);
const rsa = Bytes.ofHex(keys.rsa2048);

export const all: Operation[] = [
  new NullCall(),
  new Hash("SHA-256", 32),
  new Hash("SHA-512", 64),
  new Hmac("HMAC/SHA-256", 32),
  new Hkdf(),
  new Aead("AES-128-GCM", 16, false, 13),
  new Aead("AES-128-GCM", 16, true, 13),
  new Aead("AES-256-GCM", 32, false, 13),
  new Aead("AES-256-GCM", 32, true, 13),
  new Aead("AES-256-GCM", 32, false, 0),
  new Aead("CHACHA20-POLY1305", 32, false, 13),
  new Aead("CHACHA20-POLY1305", 32, true, 13),
  new Aead("CHACHA20-POLY1305", 32, false, 0),
  new Sign("Ed25519", "Ed25519", ed25519, PAIR_PKCS8, 64, true, false),
  new Sign("Ed25519", "Ed25519", ed25519, PAIR_PKCS8, 64, true, true),
  new Sign("ECDSA P-256", "ECDSA_P256_SHA256", p256, PAIR_PKCS8, 64, false, false),
  new Sign("ECDSA P-256", "ECDSA_P256_SHA256", p256, PAIR_PKCS8, 64, false, true),
  new Sign("RSA-2048", "RSA_PKCS1_2048_SHA256", rsa, PAIR_PKCS8, 256, true, false),
  new Sign("RSA-2048", "RSA_PKCS1_2048_SHA256", rsa, PAIR_PKCS8, 256, true, true),
  new X25519(Bytes.ofHex(keys.x25519Secret), Bytes.ofHex(keys.x25519Public)),
  new Generate("Ed25519", "Ed25519", AlgorithmType.Signatures),
  new Generate("ECDSA P-256", "ECDSA_P256_SHA256", AlgorithmType.Signatures),
  new Generate("X25519", "X25519", AlgorithmType.KeyExchange),
  new PublicImport("Ed25519", "Ed25519", AlgorithmType.Signatures, Bytes.ofHex(keys.ed25519Public)),
  new PublicImport("ECDSA P-256", "ECDSA_P256_SHA256", AlgorithmType.Signatures, Bytes.ofHex(keys.p256Public)),
  new SymmetricKeyImport(),
  new RandomKey(),
];

export function operations(): u32 {
  return all.length;
}

/** The name of an operation: the address of its UTF-16 text, whose size in bytes stands in the 4 bytes before. */
export function nameOf(index: u32): usize {
  return changetype<usize>(all[<i32>index].name);
}

export function isSized(index: u32): bool {
  return all[<i32>index].sized;
}

/** Makes an operation ready for messages of so many bytes, and checks its whole result. 0, an errno, or 1000 for a wrong result. */
export function prepare(index: u32, length: u32): u32 {
  const errno = all[<i32>index].prepare(length);
  return errno != 0 ? errno : all[<i32>index].check(checksumOf(all[<i32>index].name, length));
}

export function run(index: u32, count: u32): u32 {
  return all[<i32>index].run(count);
}
