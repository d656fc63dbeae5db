// Sends a message that stays secret and signed even if either the classical or the post-quantum half is broken one day.
import {
  AlgorithmType,
  CryptoErrno,
  Keypair,
  Publickey,
  Secretkey,
  SymmetricKey,
  cryptoErrnoName,
  decapsulate,
  dh,
  encapsulate,
  expect,
  hkdf,
  open,
  seal,
  sign,
  verify,
} from "wasi-crypto";

const CLASSICAL = "X25519";
const POST_QUANTUM = "ML-KEM-768";
const CIPHERTEXT_LENGTH = 1088;
const CIPHER = "AES-256-GCM";
const TAG_LENGTH = 16;

const text = process.argv.length > 1 ? process.argv[1] : "The quick brown fox jumps over the lazy dog.";
const message = Uint8Array.wrap(String.UTF8.encode(text));

function keypair(type: AlgorithmType, algorithm: string): Keypair {
  return Keypair.expect(Keypair.generate(type, algorithm), "making a key pair for " + algorithm);
}

/** X25519: each side has its own pair and the other's public key. */
function agree(theirs: Keypair, ours: Keypair, secret: Uint8Array): void {
  const publickey = Publickey.expect(theirs.publickey()), secretkey = Secretkey.expect(ours.secretkey());
  expect(dh(publickey, secretkey, secret), "agreeing by X25519");
  publickey.close();
  secretkey.close();
}

function encapsulateFor(receiver: Keypair, secret: Uint8Array, ciphertext: Uint8Array): void {
  const publickey = Publickey.expect(receiver.publickey());
  expect(encapsulate(publickey, secret, ciphertext), "encapsulating by ML-KEM");
  publickey.close();
}

function decapsulateBy(receiver: Keypair, ciphertext: Uint8Array, secret: Uint8Array): void {
  const secretkey = Secretkey.expect(receiver.secretkey());
  expect(decapsulate(secretkey, ciphertext, secret), "decapsulating by ML-KEM");
  secretkey.close();
}

/** One key of both secrets: who is to know it has to know both. What was sent is part of it. */
function combined(classical: Uint8Array, postQuantum: Uint8Array, ciphertext: Uint8Array): SymmetricKey {
  const secrets = new Uint8Array(64);
  secrets.set(postQuantum);
  secrets.set(classical, 32);
  const bytes = new Uint8Array(32);
  expect(hkdf("SHA-256", secrets, ciphertext, String.UTF8.encode("post-quantum example"), bytes), "deriving a key");
  const key = SymmetricKey.expect(SymmetricKey.import(CIPHER, bytes));
  secrets.fill(0);
  bytes.fill(0);
  return key;
}

function exchanging(): void {
  const receiver = keypair(AlgorithmType.KeyExchange, CLASSICAL);
  const receiverKem = keypair(AlgorithmType.KeyExchange, POST_QUANTUM);

  // The sender has the receiver's public keys, and makes a key pair for this message.
  const sender = keypair(AlgorithmType.KeyExchange, CLASSICAL);
  const secret = new Uint8Array(32), kemSecret = new Uint8Array(32), ciphertext = new Uint8Array(CIPHERTEXT_LENGTH);
  agree(receiver, sender, secret);
  encapsulateFor(receiverKem, kemSecret, ciphertext);
  const key = combined(secret, kemSecret, ciphertext);
  // The key is for this message alone: any nonce will do.
  const nonce = new Uint8Array(12), sealed = new Uint8Array(message.length + TAG_LENGTH);
  expect(seal(CIPHER, key, nonce, ciphertext, message, sealed), "sealing");
  key.close();
  console.log(`sent      ${32 + ciphertext.length + sealed.length} bytes`);

  // The receiver has the sender's public key, the ciphertext and what was sealed.
  agree(sender, receiver, secret);
  decapsulateBy(receiverKem, ciphertext, kemSecret);
  const opened = new Uint8Array(message.length);
  const received = combined(secret, kemSecret, ciphertext);
  expect(open(CIPHER, received, nonce, ciphertext, sealed, opened), "opening");
  received.close();
  console.log("opened    " + String.UTF8.decode(opened.buffer));

  // A changed ciphertext gives another secret, not an error: what was sealed tells.
  ciphertext[0] ^= 1;
  decapsulateBy(receiverKem, ciphertext, kemSecret);
  const wrong = combined(secret, kemSecret, ciphertext);
  console.log("tampered  " + outcome(open(CIPHER, wrong, nonce, ciphertext, sealed, opened)));
  wrong.close();
  sender.close();
  receiver.close();
  receiverKem.close();
}

function outcome(errno: CryptoErrno): string {
  return errno == CryptoErrno.Success ? "accepted" : "refused: " + cryptoErrnoName(errno);
}

function signing(): void {
  const algorithms = ["Ed25519", "ML-DSA-65"];
  const lengths = [64, 3309];
  for (let index = 0; index < algorithms.length; index += 1) {
    const pair = keypair(AlgorithmType.Signatures, algorithms[index]);
    const signature = new Uint8Array(lengths[index]);
    expect(sign(pair, message, signature), "signing");
    const publickey = Publickey.expect(pair.publickey());
    const verified = verify(algorithms[index], publickey, message, signature);
    console.log(`signed    ${lengths[index]} bytes by ${algorithms[index]}: ${outcome(verified)}`);
    signature[7] ^= 1;
    console.log("altered   " + outcome(verify(algorithms[index], publickey, message, signature)));
    publickey.close();
    pair.close();
  }
}

exchanging();
signing();
