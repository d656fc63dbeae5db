// Noise (revision 34 of its specification): handshakes of the patterns NN, NK, XX and IK over X25519, and the transport behind them.
// Key pairs and cipher keys are objects of the host. The chaining key is a salt of HKDF, which the ABI takes as bytes: it
// is kept here and overwritten when it is replaced.
//
// Key pairs and sessions are numbers for whoever calls; 0, or nothing, is a refusal.
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
  hash,
  hkdfExpand,
  hkdfExtract,
  ok,
  open as openCipher,
  readAll,
  seal as sealCipher,
} from "wasi-crypto";
import { NONE, concat, forget, refuse, refuseNumber, text } from "./bytes";

export { refusal } from "./bytes";

const EXCHANGE = "X25519";
const KEY_LENGTH = 32;
const TAG_LENGTH = 16;
/** Of a message, with everything in it (section 3). */
const LONGEST = 65535;

/** What a message of a handshake does, one after another (section 7.1). */
enum Token {
  E,
  S,
  EE,
  ES,
  SE,
  SS,
}

class Pattern {
  constructor(
    readonly name: string,
    /** Whether the initiator knows the responder's static key before. */
    readonly known: bool,
    /** Whether each side has a static key. */
    readonly initiator: bool,
    readonly responder: bool,
    readonly messages: StaticArray<StaticArray<Token>>,
  ) {}
}

const PATTERNS: StaticArray<Pattern> = [
  new Pattern("NN", false, false, false, [[Token.E], [Token.E, Token.EE]]),
  new Pattern("NK", true, false, true, [
    [Token.E, Token.ES],
    [Token.E, Token.EE],
  ]),
  new Pattern("XX", false, true, true, [
    [Token.E],
    [Token.E, Token.EE, Token.S, Token.ES],
    [Token.S, Token.SE],
  ]),
  new Pattern("IK", true, true, true, [
    [Token.E, Token.ES, Token.S, Token.SS],
    [Token.E, Token.EE, Token.SE],
  ]),
];

class Pair {
  /** Sessions may still have it. */
  closed: bool = false;

  constructor(
    readonly secretkey: Secretkey,
    readonly publickey: Publickey,
    readonly encoded: Uint8Array,
  ) {}

  close(): void {
    this.closed = true;
    this.secretkey.close();
    this.publickey.close();
  }
}

/** A key with its counter (section 5.1). */
class Cipher {
  private counter: u64 = 0;

  constructor(
    readonly algorithm: string,
    readonly key: SymmetricKey,
  ) {}

  /** The counter as a nonce: ChaCha20-Poly1305 has it with the least significant byte first, AES-GCM last (section 12). */
  private nonce(): Uint8Array {
    const bytes = new Uint8Array(12);
    const littleEndian = this.algorithm == "CHACHA20-POLY1305";
    for (let index = 0; index < 8; index += 1)
      bytes[4 + index] = <u8>(this.counter >> (8 * (littleEndian ? index : 7 - index)));
    return bytes;
  }

  /** The greatest counter is no nonce. */
  get spent(): bool {
    return this.counter == u64.MAX_VALUE;
  }

  seal(data: Uint8Array, message: Uint8Array): Uint8Array {
    const sealed = new Uint8Array(message.length + TAG_LENGTH);
    expect(sealCipher(this.algorithm, this.key, this.nonce(), data, message, sealed), "sealing");
    this.counter += 1;
    return sealed;
  }

  open(data: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    if (sealed.length < TAG_LENGTH) return null;
    const message = new Uint8Array(sealed.length - TAG_LENGTH);
    if (!ok(openCipher(this.algorithm, this.key, this.nonce(), data, sealed, message))) return null;
    this.counter += 1;
    return message;
  }

  close(): void {
    this.key.close();
  }
}

/** A handshake, and then a transport (sections 5.2 and 5.3). */
class Session {
  private chaining: Uint8Array;
  /** The hash of all that was sent. */
  transcript: Uint8Array;
  private cipher: Cipher | null = null;
  private sending: Cipher | null = null;
  private receiving: Cipher | null = null;
  private ephemeral: Pair | null = null;
  private remoteEphemeral: Publickey = changetype<Publickey>(<usize>0);
  private remoteStatic: Publickey = changetype<Publickey>(<usize>0);
  /** The other side's static key, as it was sent or known; empty until then. */
  remote: Uint8Array = NONE;
  /** Messages of the handshake so far. */
  private done: i32 = 0;
  /** A handshake that failed cannot go on. */
  failed: bool = false;

  constructor(
    readonly pattern: Pattern,
    readonly algorithm: string,
    readonly hashName: string,
    readonly hashLength: i32,
    name: Uint8Array,
    readonly initiates: bool,
    private own: Pair | null,
    private prepared: Pair | null,
  ) {
    const start = new Uint8Array(hashLength);
    if (name.length <= hashLength) start.set(name);
    else expect(hash(hashName, name, start), "hashing");
    this.transcript = start;
    this.chaining = start.slice();
  }

  get finished(): bool {
    return this.sending != null;
  }

  /** Whether the next message of the handshake is one's own. */
  get writes(): bool {
    return (this.done % 2 == 0) == this.initiates;
  }

  mixHash(data: Uint8Array): void {
    const digest = new Uint8Array(this.hashLength);
    expect(hash(this.hashName, concat([this.transcript, data]), digest), "hashing");
    this.transcript = digest;
  }

  /** The next chaining key, and as many bytes more as a hash has. HKDF of section 4.3 is that of RFC 5869 without info. */
  private derive(secret: Uint8Array): Uint8Array {
    const root = SymmetricKey.expect(hkdfExtract(this.hashName, secret, this.chaining), "extracting");
    const derived = new Uint8Array(2 * this.hashLength);
    expect(hkdfExpand(this.hashName, root, NONE, derived), "expanding");
    root.close();
    return derived;
  }

  private cipherOf(bytes: Uint8Array): Cipher {
    const key = SymmetricKey.import(this.algorithm, bytes.subarray(0, KEY_LENGTH));
    return new Cipher(this.algorithm, SymmetricKey.expect(key, "importing a key"));
  }

  private mixKey(secret: Uint8Array): void {
    const derived = this.derive(secret);
    forget([secret, this.chaining]);
    this.chaining = derived.slice(0, this.hashLength);
    if (this.cipher != null) this.cipher!.close();
    this.cipher = this.cipherOf(derived.subarray(this.hashLength));
    forget([derived]);
  }

  /** Diffie-Hellman, into the chaining key. False where the other's point gives no secret. */
  private mixExchange(own: Pair | null, other: Publickey): bool {
    const shared = new Uint8Array(KEY_LENGTH);
    if (own!.closed) return false;
    if (!ok(dh(other, own!.secretkey, shared))) return false;
    this.mixKey(shared);
    return true;
  }

  private mix(token: Token): bool {
    switch (token) {
      case Token.EE:
        return this.mixExchange(this.ephemeral, this.remoteEphemeral);
      case Token.SS:
        return this.mixExchange(this.own, this.remoteStatic);
      case Token.ES:
        return this.initiates
          ? this.mixExchange(this.ephemeral, this.remoteStatic)
          : this.mixExchange(this.own, this.remoteEphemeral);
      default:
        return this.initiates
          ? this.mixExchange(this.own, this.remoteEphemeral)
          : this.mixExchange(this.ephemeral, this.remoteStatic);
    }
  }

  private encryptAndHash(message: Uint8Array): Uint8Array {
    const cipher = this.cipher;
    const sealed = cipher == null ? message : cipher.seal(this.transcript, message);
    this.mixHash(sealed);
    return sealed;
  }

  private decryptAndHash(sealed: Uint8Array): Uint8Array | null {
    const cipher = this.cipher;
    const message = cipher == null ? sealed : cipher.open(this.transcript, sealed);
    if (message != null) this.mixHash(sealed);
    return message;
  }

  write(payload: Uint8Array): Uint8Array | null {
    const tokens = this.pattern.messages[this.done];
    const parts: Array<Uint8Array> = [];
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index];
      if (token == Token.E) {
        this.ephemeral = this.prepared == null ? generated() : this.prepared;
        this.prepared = null;
        parts.push(this.ephemeral!.encoded);
        this.mixHash(this.ephemeral!.encoded);
      } else if (token == Token.S) parts.push(this.encryptAndHash(this.own!.encoded));
      else if (!this.mix(token)) return null;
    }
    parts.push(this.encryptAndHash(payload));
    this.next();
    return concat(parts);
  }

  read(message: Uint8Array): Uint8Array | null {
    const tokens = this.pattern.messages[this.done];
    let at = 0;
    for (let index = 0; index < tokens.length; index += 1) {
      const token = tokens[index];
      if (token != Token.E && token != Token.S) {
        if (!this.mix(token)) return null;
        continue;
      }
      const length = KEY_LENGTH + (token == Token.S && this.cipher != null ? TAG_LENGTH : 0);
      if (message.length - at < length) return null;
      const part = message.slice(at, at + length);
      at += length;
      if (token == Token.E) {
        this.remoteEphemeral = publicOf(part);
        this.mixHash(part);
      } else {
        const opened = this.decryptAndHash(part);
        if (opened == null) return null;
        this.know(opened);
      }
    }
    const payload = this.decryptAndHash(message.slice(at));
    if (payload != null) this.next();
    return payload;
  }

  /** The static key of the other side. */
  know(encoded: Uint8Array): void {
    this.remote = encoded;
    this.remoteStatic = publicOf(encoded);
  }

  /** After the last message two keys take the place of the handshake. */
  private next(): void {
    this.done += 1;
    if (this.done < this.pattern.messages.length) return;
    const derived = this.derive(NONE);
    const first = this.cipherOf(derived.subarray(0, this.hashLength));
    const second = this.cipherOf(derived.subarray(this.hashLength));
    forget([derived]);
    this.endHandshake();
    this.sending = this.initiates ? first : second;
    this.receiving = this.initiates ? second : first;
  }

  send(payload: Uint8Array): Uint8Array | null {
    const cipher = this.sending!;
    return cipher.spent ? null : cipher.seal(NONE, payload);
  }

  receive(message: Uint8Array): Uint8Array | null {
    const cipher = this.receiving!;
    return cipher.spent ? null : cipher.open(NONE, message);
  }

  /** Closes what only the handshake needs. Static keys belong to whoever gave them. */
  private endHandshake(): void {
    forget([this.chaining]);
    if (this.cipher != null) this.cipher!.close();
    this.cipher = null;
    if (this.ephemeral != null) this.ephemeral!.close();
    this.ephemeral = null;
    if (this.prepared != null) this.prepared!.close();
    this.prepared = null;
    if (this.remoteEphemeral.handle != 0) this.remoteEphemeral.close();
    this.remoteEphemeral = changetype<Publickey>(<usize>0);
    if (this.remoteStatic.handle != 0) this.remoteStatic.close();
    this.remoteStatic = changetype<Publickey>(<usize>0);
  }

  close(): void {
    this.endHandshake();
    if (this.sending != null) this.sending!.close();
    if (this.receiving != null) this.receiving!.close();
  }
}

const pairs = new Array<Pair | null>();
const sessions = new Array<Session | null>();

function pairOf(key: u32): Pair | null {
  return key > 0 && key <= <u32>pairs.length ? pairs[key - 1] : null;
}

function sessionOf(session: u32): Session | null {
  return session > 0 && session <= <u32>sessions.length ? sessions[session - 1] : null;
}

/** Every string of 32 bytes is a public key of X25519; those of low order give no secret. */
function publicOf(encoded: Uint8Array): Publickey {
  const imported = Publickey.import(AlgorithmType.KeyExchange, EXCHANGE, encoded, PublickeyEncoding.Raw);
  return Publickey.expect(imported, "importing a public key");
}

function pairWith(secretkey: Secretkey): Pair {
  const publickey = Publickey.expect(Publickey.fromSecretkey(secretkey));
  const encoded = readAll(ArrayOutput.expect(publickey.export(PublickeyEncoding.Raw), "exporting a public key"));
  return new Pair(secretkey, publickey, encoded!);
}

function generated(): Pair {
  const made = Keypair.expect(Keypair.generate(AlgorithmType.KeyExchange, EXCHANGE), "making a key pair");
  const secretkey = Secretkey.expect(made.secretkey());
  made.close();
  return pairWith(secretkey);
}

/** Makes a key pair, whose secret never leaves the host. */
export function generateKey(): u32 {
  return pairs.push(generated());
}

/** Reads a secret key of 32 bytes. */
export function importKey(secret: Uint8Array): u32 {
  const imported = Secretkey.import(AlgorithmType.KeyExchange, EXCHANGE, secret, SecretkeyEncoding.Raw);
  if (!ok(imported)) return refuseNumber("this is no secret key");
  return pairs.push(pairWith(Secretkey.of(imported)));
}

export function publicKey(key: u32): Uint8Array | null {
  const it = pairOf(key);
  return it == null ? refuse("there is no such key") : it.encoded;
}

/** Closes a key pair. Sessions that still shake hands with it cannot go on. */
export function closeKey(key: u32): void {
  const it = pairOf(key);
  if (it == null) return;
  it.close();
  pairs[key - 1] = null;
}

/**
 * Begins a handshake, such as `Noise_XX_25519_ChaChaPoly_SHA256`.
 *
 * `own`: the static key pair, or 0 where the pattern has none; it must stay open until the handshake ends. `remote`: the responder's static key where the
 * initiator knows it, otherwise empty. `ephemeral`: a key pair as vectors have it, or 0: then it is made. It is the session's from now on.
 */
export function open(
  name: string,
  initiates: bool,
  prologue: Uint8Array,
  own: u32,
  remote: Uint8Array,
  ephemeral: u32,
): u32 {
  const parts = name.split("_");
  let pattern: Pattern | null = null;
  for (let index = 0; index < PATTERNS.length; index += 1)
    if (parts.length == 5 && PATTERNS[index].name == parts[1]) pattern = PATTERNS[index];
  if (pattern == null || parts[0] != "Noise" || parts[2] != "25519") return refuseNumber("there is no such handshake");
  const algorithm = parts[3] == "ChaChaPoly" ? "CHACHA20-POLY1305" : parts[3] == "AESGCM" ? "AES-256-GCM" : "";
  const hashName = parts[4] == "SHA256" ? "SHA-256" : parts[4] == "SHA512" ? "SHA-512" : "";
  if (algorithm == "" || hashName == "") return refuseNumber("there is no such handshake");
  const pair = pairOf(own);
  const has = initiates ? pattern.initiator : pattern.responder;
  if (has != (pair != null)) return refuseNumber("the pattern has a static key where none was given, or none where one was");
  const knows = initiates && pattern.known;
  if (remote.length != (knows ? KEY_LENGTH : 0)) return refuseNumber("the initiator of NK and IK knows a key of the other side, nobody else");
  const prepared = pairOf(ephemeral);
  if (ephemeral != 0) {
    if (prepared == null || ephemeral == own) return refuseNumber("there is no such ephemeral key");
    pairs[ephemeral - 1] = null;
  }
  const hashLength = hashName == "SHA-256" ? 32 : 64;
  const session = new Session(pattern, algorithm, hashName, hashLength, text(name), initiates, pair, prepared);
  session.mixHash(prologue);
  if (knows) session.know(remote);
  if (pattern.known) session.mixHash(initiates ? remote : pair!.encoded);
  return sessions.push(session);
}

/**
 * Writes the next message, of the handshake or of the transport. The payload of the first message of a handshake is not secret
 * in NN and XX, and that of the second not to whoever is not known yet (section 7.7).
 */
export function write(session: u32, payload: Uint8Array): Uint8Array | null {
  const it = sessionOf(session);
  if (it == null || it.failed) return refuse("there is no such session, or its handshake failed");
  // In a handshake two keys and two tags may come along.
  const more = it.finished ? TAG_LENGTH : 2 * (KEY_LENGTH + TAG_LENGTH);
  if (payload.length > LONGEST - more) return refuse("the payload is too long");
  if (it.finished) {
    const sent = it.send(payload);
    return sent == null ? refuse("the session has sealed all it may") : sent;
  }
  if (!it.writes) return refuse("it is the other side's turn");
  const message = it.write(payload);
  if (message != null) return message;
  it.failed = true;
  return refuse("the handshake failed");
}

/** Reads the next message. A handshake that fails is over; in the transport a message that is refused is not counted. */
export function read(session: u32, message: Uint8Array): Uint8Array | null {
  const it = sessionOf(session);
  if (it == null || it.failed) return refuse("there is no such session, or its handshake failed");
  if (message.length > LONGEST) return refuse("the message is too long");
  if (it.finished) {
    const received = it.receive(message);
    return received == null ? refuse("the message is not what was sent") : received;
  }
  if (it.writes) return refuse("it is one's own turn");
  const payload = it.read(message);
  if (payload != null) return payload;
  it.failed = true;
  return refuse("the handshake failed");
}

/** Whether the handshake is over, and messages are those of the transport. */
export function finished(session: u32): bool {
  const it = sessionOf(session);
  return it != null && it.finished;
}

/** The hash of the whole handshake, which both sides share and no other session has (section 11.2). */
export function handshakeHash(session: u32): Uint8Array | null {
  const it = sessionOf(session);
  return it == null || !it.finished ? refuse("there is no such session, or its handshake goes on") : it.transcript;
}

/** The static key of the other side: whose it is must be known from elsewhere. */
export function remoteKey(session: u32): Uint8Array | null {
  const it = sessionOf(session);
  if (it == null || it.remote.length == 0) return refuse("there is no such session, or the other side has no key");
  return it.remote;
}

export function close(session: u32): void {
  const it = sessionOf(session);
  if (it == null) return;
  it.close();
  sessions[session - 1] = null;
}
