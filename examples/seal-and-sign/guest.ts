// Seals a message and opens it again, signs it and has the signature verified; and shows what is refused.
import {
  AlgorithmType,
  CryptoErrno,
  Keypair,
  Publickey,
  SymmetricKey,
  cryptoErrnoName,
  expect,
  open,
  seal,
  sign,
  verify,
} from "wasi-crypto";

const CIPHER = "AES-256-GCM";
const TAG_LENGTH = 16;
const SIGNER = "Ed25519";

const text = process.argv.length > 1 ? process.argv[1] : "The quick brown fox jumps over the lazy dog.";
const message = Uint8Array.wrap(String.UTF8.encode(text));
const context = String.UTF8.encode("seal-and-sign example");

function outcome(errno: CryptoErrno): string {
  return errno == CryptoErrno.Success ? "accepted" : "refused: " + cryptoErrnoName(errno);
}

function hex(bytes: Uint8Array): string {
  let digits = "";
  for (let index = 0; index < bytes.length; index += 1) digits += bytes[index].toString(16).padStart(2, "0");
  return digits;
}

function sealing(): void {
  const key = SymmetricKey.expect(SymmetricKey.generate(CIPHER), "making a key");
  const nonce = new Uint8Array(12);
  crypto.getRandomValues(nonce);

  const sealed = new Uint8Array(message.length + TAG_LENGTH);
  expect(seal(CIPHER, key, nonce, context, message, sealed), "sealing");
  console.log("sealed    " + hex(sealed));

  const opened = new Uint8Array(message.length);
  expect(open(CIPHER, key, nonce, context, sealed, opened), "opening");
  console.log("opened    " + String.UTF8.decode(opened.buffer));

  sealed[0] ^= 1;
  console.log("tampered  " + outcome(open(CIPHER, key, nonce, context, sealed, opened)));
  expect(key.close());
}

function signing(): void {
  const keypair = Keypair.expect(Keypair.generate(AlgorithmType.Signatures, SIGNER), "making a key pair");
  const publickey = Publickey.expect(keypair.publickey());

  const signature = new Uint8Array(64);
  expect(sign(keypair, message, signature), "signing");
  console.log("signature " + hex(signature));
  console.log("verified  " + outcome(verify(SIGNER, publickey, message, signature)));

  message[0] ^= 1;
  console.log("altered   " + outcome(verify(SIGNER, publickey, message, signature)));
  expect(publickey.close());
  expect(keypair.close());
}

sealing();
signing();
