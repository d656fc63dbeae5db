/**
 * The portable guest: it imports WASI preview 1 and the modules of wasi-crypto, and nothing else.
 *
 * Run as a command it checks and times every operation and prints one line of JSON for each. A host
 * that wants to do the timing itself calls the other exports.
 */
import { AlgorithmType } from "wasi-crypto/types";
import { checksumOf, keys } from "./dist/expected";
import { Generate, PAIR_PKCS8, PublicImport, Sign, X25519 } from "./asymmetric";
import { Bytes } from "./memory";
import { Operation } from "./operation";
import { Aead, Hash, Hkdf, Hmac, NullCall, RandomKey, SymmetricKeyImport } from "./symmetric";
import { monotonic, print } from "./wasi";

const ed25519 = Bytes.ofHex(keys.ed25519);
const p256 = Bytes.ofHex(keys.p256);
const rsa = Bytes.ofHex(keys.rsa2048);

const all: Operation[] = [
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

const SIZES: u32[] = [64, 1024, 65536, 1048576];
const ROUNDS = 11;
const ROUND_NANOSECONDS: u64 = 10_000_000;
const WARM_UP_NANOSECONDS: u64 = 250_000_000;

export function _start(): void {
  for (let index = 0; index < all.length; index += 1) {
    if (!all[index].sized) timed(<u32>index, 0);
    else for (let place = 0; place < SIZES.length; place += 1) timed(<u32>index, SIZES[place]);
  }
}

function timed(index: u32, length: u32): void {
  const head = '{"operation":"' + all[<i32>index].name + '","bytes":' + length.toString();
  let errno = prepare(index, length);
  let count: u32 = 1;
  const begun = monotonic();
  while (errno == 0) {
    const start = monotonic();
    errno = run(index, count);
    const now = monotonic();
    // Some hosts compile what is called often: they get time for it.
    if (now - start < ROUND_NANOSECONDS) count *= 2;
    else if (now - begun >= WARM_UP_NANOSECONDS) break;
  }
  if (errno != 0) {
    print(head + ',"errno":' + errno.toString() + "}\n");
    return;
  }
  const times = new Array<f64>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = monotonic();
    errno = run(index, count);
    times.push(<f64>(monotonic() - start) / <f64>count);
    if (errno != 0) {
      print(head + ',"errno":' + errno.toString() + "}\n");
      return;
    }
  }
  times.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  print(head + ',"nanoseconds":' + whole(times[ROUNDS >> 1]) + ',"least":' + whole(times[0]) + ',"most":' + whole(times[ROUNDS - 1]) + "}\n");
}

function whole(nanoseconds: f64): string {
  return (<u64>(nanoseconds + 0.5)).toString();
}
