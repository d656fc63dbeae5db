// Signs a message, has the signature verified, hashes the message and derives a key from it. It only knows
// "wasi-crypto": whether that is the core module's or the component's is decided where it is compiled.
import {
  AlgorithmType,
  CryptoErrno,
  Keypair,
  KeypairEncoding,
  Publickey,
  cryptoErrnoName,
  expect,
  hash,
  hkdf,
  sign,
  verify,
} from "wasi-crypto";

const SIGNER = "Ed25519";

/** The first key pair of RFC 8032, 7.1, so that every run prints the same: the seed, then the public key. */
const KEYPAIR: StaticArray<u8> = [
  0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
  0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
  0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
  0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/** What came out, in lines. */
export function report(message: Uint8Array): string {
  const keypair = Keypair.expect(Keypair.import(AlgorithmType.Signatures, SIGNER, KEYPAIR, KeypairEncoding.Raw));
  const publickey = Publickey.expect(keypair.publickey());

  const signature = new Uint8Array(64);
  expect(sign(keypair, message, signature), "signing");
  let lines = "signature " + hex(signature) + "\n";
  lines += "verified  " + outcome(verify(SIGNER, publickey, message, signature)) + "\n";
  signature[0] ^= 1;
  lines += "altered   " + outcome(verify(SIGNER, publickey, message, signature)) + "\n";
  lines += "cut       " + outcome(verify(SIGNER, publickey, message, signature.subarray(1))) + "\n";
  expect(publickey.close());
  expect(keypair.close());

  const digest = new Uint8Array(32);
  expect(hash("SHA-256", message, digest), "hashing");
  lines += "digest    " + hex(digest) + "\n";

  const key = new Uint8Array(48);
  expect(hkdf("SHA-256", message, new Uint8Array(0), String.UTF8.encode("an example"), key), "deriving");
  return lines + "key       " + hex(key) + "\n";
}

function outcome(errno: CryptoErrno): string {
  return errno == CryptoErrno.Success ? "accepted" : "refused: " + cryptoErrnoName(errno);
}

function hex(bytes: Uint8Array): string {
  let digits = "";
  for (let index = 0; index < bytes.length; index += 1) digits += bytes[index].toString(16).padStart(2, "0");
  return digits;
}
