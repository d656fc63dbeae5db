// HPKE (RFC 9180): hybrid encryption to a public key, in all four modes. Key pairs, keys and secrets of contexts are objects of
// the host; what the ABI takes as bytes only (shared secrets on their way into HKDF, keys on their way out of it) is wiped here.
//
// Keys and contexts are numbers for whoever calls. 0, or nothing, is a refusal: `refusal` says why.
import {
  AlgorithmType,
  ArrayOutput,
  Keypair,
  Publickey,
  PublickeyEncoding,
  Secretkey,
  SecretkeyEncoding,
  SymmetricKey,
  dh,
  expect,
  hkdfExpand,
  hkdfExtract,
  ok,
  open as openCipher,
  readAll,
  seal as sealCipher,
} from "wasi-crypto";
import { NONE, concat, forget, numberBytes, refuse, refuseNumber, text } from "./bytes";

export { refusal } from "./bytes";

/** A KEM of RFC 9180, 7.1: DHKEM over a group. */
class Kem {
  constructor(
    readonly id: u32,
    readonly exchange: string,
    readonly hash: string,
    /** Bytes of a public key. */
    readonly publicLength: i32,
    /** Bytes of a secret key, and of what Diffie-Hellman gives. */
    readonly secretLength: i32,
    /** Bytes of the shared secret: those of the hash. */
    readonly sharedLength: i32,
    /** What the first byte of a candidate for a secret key keeps; 0 where every string is one. */
    readonly mask: u8,
    readonly encoding: PublickeyEncoding,
  ) {}
}

const KEMS: StaticArray<Kem> = [
  new Kem(0x0010, "P256-SHA256", "SHA-256", 65, 32, 32, 0xff, PublickeyEncoding.Sec),
  new Kem(0x0012, "P521-SHA512", "SHA-512", 133, 66, 64, 0x01, PublickeyEncoding.Sec),
  new Kem(0x0020, "X25519", "SHA-256", 32, 32, 32, 0, PublickeyEncoding.Raw),
];

/** By the identifiers of RFC 9180, 7.2 and 7.3; 0x0002, SHA-384, has no vectors in the RFC. */
const HASHES: StaticArray<string> = ["", "SHA-256", "", "SHA-512"];
const HASH_LENGTHS: StaticArray<i32> = [0, 32, 0, 64];
const CIPHERS: StaticArray<string> = ["", "AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"];
const KEY_LENGTHS: StaticArray<i32> = [0, 16, 32, 32];
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/** A key pair. The secret key is with the host. */
class Pair {
  constructor(
    readonly kem: Kem,
    readonly secretkey: Secretkey,
    readonly publickey: Publickey,
    /** The public key as it is sent. */
    readonly encoded: Uint8Array,
  ) {}

  close(): void {
    this.secretkey.close();
    this.publickey.close();
  }
}

class Context {
  /** Messages sealed or opened so far. */
  sequence: u64 = 0;

  constructor(
    readonly sends: bool,
    readonly encapsulated: Uint8Array,
    readonly cipher: string,
    readonly key: SymmetricKey,
    readonly nonce: Uint8Array,
    readonly hash: string,
    readonly hashLength: i32,
    readonly suite: Uint8Array,
    readonly exporter: SymmetricKey,
  ) {}

  /** The nonce of the next message: the base, and the sequence number added without carry. */
  next(): Uint8Array {
    const nonce = new Uint8Array(NONCE_LENGTH);
    nonce.set(this.nonce);
    for (let index = 0; index < 8; index += 1) nonce[NONCE_LENGTH - 1 - index] ^= <u8>(this.sequence >> (8 * index));
    return nonce;
  }

  close(): void {
    this.key.close();
    this.exporter.close();
    forget([this.nonce]);
  }
}

const pairs = new Array<Pair | null>();
const contexts = new Array<Context | null>();

function pairOf(key: u32): Pair | null {
  return key > 0 && key <= <u32>pairs.length ? pairs[key - 1] : null;
}

function contextOf(context: u32): Context | null {
  return context > 0 && context <= <u32>contexts.length ? contexts[context - 1] : null;
}

function kemOf(id: u32): Kem | null {
  for (let index = 0; index < KEMS.length; index += 1) if (KEMS[index].id == id) return KEMS[index];
  return null;
}

// The two steps of HKDF with labels (RFC 9180, 4).

function labeledExtract(
  hash: string,
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  secret: Uint8Array,
): SymmetricKey {
  const labeled = concat([text("HPKE-v1"), suite, text(label), secret]);
  const key = SymmetricKey.expect(hkdfExtract(hash, labeled, salt), "extracting");
  forget([labeled]);
  return key;
}

function labeledExpand(
  hash: string,
  suite: Uint8Array,
  key: SymmetricKey,
  label: string,
  info: Uint8Array,
  length: i32,
): Uint8Array {
  const derived = new Uint8Array(length);
  const labeled = concat([numberBytes(length, 2), text("HPKE-v1"), suite, text(label), info]);
  expect(hkdfExpand(hash, key, labeled, derived), "expanding");
  return derived;
}

/** What `labeledExtract` makes of something public, as bytes. */
function labeledHash(hash: string, suite: Uint8Array, label: string, input: Uint8Array): Uint8Array {
  const key = labeledExtract(hash, suite, NONE, label, input);
  const bytes = readAll(ArrayOutput.expect(key.export(), "exporting a hash"));
  key.close();
  return bytes!;
}

// The KEM (RFC 9180, 4.1).

function kemSuite(kem: Kem): Uint8Array {
  return concat([text("KEM"), numberBytes(kem.id, 2)]);
}

function decodePublic(kem: Kem, encoded: Uint8Array): u64 {
  return Publickey.import(AlgorithmType.KeyExchange, kem.exchange, encoded, kem.encoding);
}

function keep(kem: Kem, secretkey: Secretkey, publickey: Publickey): u32 {
  const encoded = readAll(ArrayOutput.expect(publickey.export(kem.encoding), "exporting a public key"));
  return pairs.push(new Pair(kem, secretkey, publickey, encoded!));
}

/** Makes a key pair. Its secret never leaves the host. */
export function generateKey(kem: u32): u32 {
  const found = kemOf(kem);
  if (found == null) return refuseNumber("there is no such KEM");
  const made = Keypair.expect(Keypair.generate(AlgorithmType.KeyExchange, found.exchange), "making a key pair");
  const secretkey = Secretkey.expect(made.secretkey());
  const publickey = Publickey.expect(made.publickey());
  made.close();
  return keep(found, secretkey, publickey);
}

/** Reads a secret key. */
export function importKey(kem: u32, secret: Uint8Array): u32 {
  const found = kemOf(kem);
  if (found == null) return refuseNumber("there is no such KEM");
  const imported = importSecret(found, secret);
  if (!ok(imported)) return refuseNumber("this is no secret key");
  const secretkey = Secretkey.of(imported);
  return keep(found, secretkey, Publickey.expect(Publickey.fromSecretkey(secretkey)));
}

function importSecret(kem: Kem, secret: Uint8Array): u64 {
  return Secretkey.import(AlgorithmType.KeyExchange, kem.exchange, secret, SecretkeyEncoding.Raw);
}

/** Derives a key pair from secret bytes (RFC 9180, 7.1.3), of which there should be as many as the secret key has. */
export function deriveKey(kem: u32, material: Uint8Array): u32 {
  const found = kemOf(kem);
  if (found == null) return refuseNumber("there is no such KEM");
  if (material.length < found.secretLength) return refuseNumber("the key material is too short");
  const suite = kemSuite(found);
  const root = labeledExtract(found.hash, suite, NONE, "dkp_prk", material);
  let secretkey: u64 = 0;
  for (let counter = 0; counter < 256; counter += 1) {
    const candidate =
      found.mask == 0
        ? labeledExpand(found.hash, suite, root, "sk", NONE, found.secretLength)
        : labeledExpand(found.hash, suite, root, "candidate", numberBytes(counter, 1), found.secretLength);
    if (found.mask != 0) candidate[0] &= found.mask;
    secretkey = importSecret(found, candidate);
    forget([candidate]);
    if (ok(secretkey)) break;
  }
  root.close();
  const kept = Secretkey.expect(secretkey, "deriving a key pair");
  return keep(found, kept, Publickey.expect(Publickey.fromSecretkey(kept)));
}

/** The public key of a pair. */
export function publicKey(key: u32): Uint8Array | null {
  const pair = pairOf(key);
  return pair == null ? refuse("there is no such key") : pair.encoded;
}

export function closeKey(key: u32): void {
  const pair = pairOf(key);
  if (pair == null) return;
  pair.close();
  pairs[key - 1] = null;
}

/** Diffie-Hellman; null where the point gives no secret: one of low order. */
function exchange(pair: Pair, publickey: Publickey): Uint8Array | null {
  const shared = new Uint8Array(pair.kem.secretLength);
  return ok(dh(publickey, pair.secretkey, shared)) ? shared : null;
}

/** Refuses a public key, and forgets what the other one has given. */
function noSecret(first: Uint8Array | null, second: Uint8Array | null): u32 {
  if (first != null) forget([first]);
  if (second != null) forget([second]);
  return refuseNumber("a public key is none, or gives no secret");
}

/** The shared secret of two exchanges, or of one and nothing. */
function sharedSecret(kem: Kem, first: Uint8Array, second: Uint8Array, context: Uint8Array): Uint8Array {
  const suite = kemSuite(kem);
  const both = concat([first, second]);
  const root = labeledExtract(kem.hash, suite, NONE, "eae_prk", both);
  const shared = labeledExpand(kem.hash, suite, root, "shared_secret", context, kem.sharedLength);
  root.close();
  forget([first, second, both]);
  return shared;
}

// Contexts (RFC 9180, 5).

/** Why a context cannot be, or nothing. */
function fault(kem: Kem | null, kdf: u32, aead: u32, psk: Uint8Array, pskId: Uint8Array): string {
  if (kem == null) return "there is no such KEM";
  if (kdf != 1 && kdf != 3) return "there is no such KDF";
  if (aead < 1 || aead > 3) return "there is no such AEAD";
  if ((psk.length == 0) != (pskId.length == 0)) return "a pre-shared key and its identifier come together";
  if (psk.length > 0 && psk.length < 32) return "the pre-shared key is too short";
  return "";
}

/** The key schedule. */
function schedule(
  sends: bool,
  kem: Kem,
  kdf: u32,
  aead: u32,
  authenticated: bool,
  encapsulated: Uint8Array,
  shared: Uint8Array,
  info: Uint8Array,
  psk: Uint8Array,
  pskId: Uint8Array,
): u32 {
  const hash = HASHES[kdf];
  const hashLength = HASH_LENGTHS[kdf];
  const suite = concat([text("HPKE"), numberBytes(kem.id, 2), numberBytes(kdf, 2), numberBytes(aead, 2)]);
  const mode = (psk.length > 0 ? 1 : 0) + (authenticated ? 2 : 0);
  const context = concat([
    numberBytes(mode, 1),
    labeledHash(hash, suite, "psk_id_hash", pskId),
    labeledHash(hash, suite, "info_hash", info),
  ]);
  const secret = labeledExtract(hash, suite, shared, "secret", psk);
  const key = labeledExpand(hash, suite, secret, "key", context, KEY_LENGTHS[aead]);
  const nonce = labeledExpand(hash, suite, secret, "base_nonce", context, NONCE_LENGTH);
  const exporter = labeledExpand(hash, suite, secret, "exp", context, hashLength);
  secret.close();
  const made = new Context(
    sends,
    encapsulated,
    CIPHERS[aead],
    SymmetricKey.expect(SymmetricKey.import(CIPHERS[aead], key), "importing a key"),
    nonce,
    hash,
    hashLength,
    suite,
    SymmetricKey.expect(SymmetricKey.import("HKDF-EXPAND/" + hash, exporter), "importing a secret"),
  );
  forget([shared, key, exporter]);
  return contexts.push(made);
}

/**
 * A context that seals for the owner of a public key.
 *
 * `psk` and `pskId`: empty without a pre-shared key. `sender`: a key pair that authenticates the sender, or 0.
 * `ephemeral`: a key pair for this context alone, as vectors need it, or 0: then it is made. It is closed with its use.
 */
export function setupSender(
  kem: u32,
  kdf: u32,
  aead: u32,
  receiver: Uint8Array,
  info: Uint8Array,
  psk: Uint8Array,
  pskId: Uint8Array,
  sender: u32,
  ephemeral: u32,
): u32 {
  const found = kemOf(kem);
  const wrong = fault(found, kdf, aead, psk, pskId);
  if (wrong != "") return refuseNumber(wrong);
  const own = pairOf(sender);
  if (sender != 0 && (own == null || own.kem.id != kem)) return refuseNumber("the sender has no such key of this KEM");
  const decoded = decodePublic(found!, receiver);
  if (!ok(decoded) || receiver.length != found!.publicLength) {
    if (ok(decoded)) Publickey.of(decoded).close();
    return refuseNumber("this is no public key");
  }
  const publickey = Publickey.of(decoded);
  const once = ephemeral == 0 ? generateKey(kem) : ephemeral;
  const pair = pairOf(once);
  if (pair == null || pair.kem.id != kem) {
    publickey.close();
    return refuseNumber("there is no such ephemeral key of this KEM");
  }
  const encapsulated = pair.encoded;
  const first = exchange(pair, publickey);
  const second = own == null ? NONE : exchange(own, publickey);
  publickey.close();
  closeKey(once);
  if (first == null || second == null) return noSecret(first, second);
  const bound = concat([encapsulated, receiver, own == null ? NONE : own.encoded]);
  const shared = sharedSecret(found!, first, second, bound);
  return schedule(true, found!, kdf, aead, own != null, encapsulated, shared, info, psk, pskId);
}

/** A context that opens what a sender sealed. `sender`: the public key that authenticates it, or empty. */
export function setupReceiver(
  kdf: u32,
  aead: u32,
  encapsulated: Uint8Array,
  receiver: u32,
  info: Uint8Array,
  psk: Uint8Array,
  pskId: Uint8Array,
  sender: Uint8Array,
): u32 {
  const pair = pairOf(receiver);
  if (pair == null) return refuseNumber("there is no such key");
  const kem = pair.kem;
  const wrong = fault(kem, kdf, aead, psk, pskId);
  if (wrong != "") return refuseNumber(wrong);
  const first = exchangeWith(pair, encapsulated);
  const second = sender.length == 0 ? NONE : exchangeWith(pair, sender);
  if (first == null || second == null) return noSecret(first, second);
  const shared = sharedSecret(kem, first, second, concat([encapsulated, pair.encoded, sender]));
  return schedule(false, kem, kdf, aead, sender.length > 0, encapsulated, shared, info, psk, pskId);
}

function exchangeWith(pair: Pair, encoded: Uint8Array): Uint8Array | null {
  if (encoded.length != pair.kem.publicLength) return null;
  const decoded = decodePublic(pair.kem, encoded);
  if (!ok(decoded)) return null;
  const publickey = Publickey.of(decoded);
  const shared = exchange(pair, publickey);
  publickey.close();
  return shared;
}

/** What the receiver needs to set up the other end. */
export function encapsulated(context: u32): Uint8Array | null {
  const it = contextOf(context);
  return it == null ? refuse("there is no such context") : it.encapsulated;
}

/** Seals the next message. */
export function seal(context: u32, associatedData: Uint8Array, message: Uint8Array): Uint8Array | null {
  const it = contextOf(context);
  if (it == null || !it.sends) return refuse("there is no such context that seals");
  if (it.sequence == u64.MAX_VALUE) return refuse("the context has sealed all it may");
  const sealed = new Uint8Array(message.length + TAG_LENGTH);
  expect(sealCipher(it.cipher, it.key, it.next(), associatedData, message, sealed), "sealing");
  it.sequence += 1;
  return sealed;
}

/** Opens the next message. One that is refused is not counted. */
export function open(context: u32, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const it = contextOf(context);
  if (it == null || it.sends) return refuse("there is no such context that opens");
  if (it.sequence == u64.MAX_VALUE) return refuse("the context has opened all it may");
  if (sealed.length < TAG_LENGTH) return refuse("the message is shorter than its tag");
  const message = new Uint8Array(sealed.length - TAG_LENGTH);
  if (!ok(openCipher(it.cipher, it.key, it.next(), associatedData, sealed, message)))
    return refuse("the message is not what was sealed");
  it.sequence += 1;
  return message;
}

/** A secret that both ends have, for a purpose of its own (RFC 9180, 5.3). */
export function exportSecret(context: u32, purpose: Uint8Array, length: u32): Uint8Array | null {
  const it = contextOf(context);
  if (it == null) return refuse("there is no such context");
  if (length > <u32>(255 * it.hashLength)) return refuse("a secret of this length cannot be exported");
  return labeledExpand(it.hash, it.suite, it.exporter, "sec", purpose, length);
}

export function closeContext(context: u32): void {
  const it = contextOf(context);
  if (it == null) return;
  it.close();
  contexts[context - 1] = null;
}
