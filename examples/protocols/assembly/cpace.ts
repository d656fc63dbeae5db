// CPace (draft-irtf-cfrg-cpace): two parties that share a password, and nothing else, agree on a key. Whoever listens or takes part
// learns whether one guess was right, and no more.
//
// The generator that the password gives, and the scalar of a session, are objects of the host; of X25519 the generator is bytes, and
// is overwritten. Sessions are numbers for
// whoever calls; 0, or nothing, is a refusal.
import {
  AlgorithmType,
  Publickey,
  PublickeyEncoding,
  Secretkey,
  SecretkeyEncoding,
  dh,
  expect,
  hash,
} from "wasi-crypto";
import {
  Element,
  ElementFormat,
  Scalar,
  Secrecy,
  decodeElement,
  decodeScalar,
  encodeElement,
  encodeToElement,
  mapToElement,
  mulElement,
  ok,
  randomBytes,
  randomScalar,
} from "wasi-crypto-ext";
import { NONE, concat, forget, refuse, refuseNumber, text } from "./bytes";
import { Desk } from "./desk";
import { mapToCurve25519 } from "./elligator";

export { refusal } from "./bytes";

class Suite {
  /** None for X25519, which is a key exchange of the host and no group. */
  readonly desk: Desk | null;

  constructor(
    group: string,
    /** The domain separation identifier. */
    readonly identifier: string,
    readonly hashName: string,
    /** Bytes of a block of the hash, and of what it gives. */
    readonly blockLength: i32,
    readonly hashLength: i32,
    /** Bytes that become a generator by the map of the group; 0 where a message does (RFC 9380). */
    readonly mapped: i32,
    /** How points are sent, and how the shared one is hashed, with their lengths. */
    readonly format: ElementFormat,
    readonly length: i32,
    readonly sharedFormat: ElementFormat,
    readonly sharedLength: i32,
  ) {
    this.desk = group == "" ? null : Desk.of(group);
  }

  hash(input: Uint8Array, length: i32): Uint8Array {
    const digest = new Uint8Array(length);
    expect(hash(this.hashName, input, digest), "hashing");
    return digest;
  }
}

const X25519: u32 = 6;

const suites = new StaticArray<Suite | null>(7);

/** By number: ristretto255, decaf448, P-256, P-384, P-521, X25519. */
function suiteOf(suite: u32): Suite | null {
  if (suite < 1 || suite > 6) return null;
  const known = suites[suite];
  if (known != null) return known;
  const made = suite < 3 || suite > 5 ? encodedOnce(suite) : weierstrass(suite);
  suites[suite] = made;
  return made;
}

function encodedOnce(suite: u32): Suite {
  const format = ElementFormat.Compressed;
  if (suite == X25519) return new Suite("", "CPace255", "SHA-512", 128, 64, 32, format, 32, format, 32);
  return suite == 1
    ? new Suite("ristretto255", "CPaceRistretto255", "SHA-512", 128, 64, 64, format, 32, format, 32)
    : new Suite("decaf448", "CPaceDecaf448", "SHAKE-256", 136, 64, 112, format, 56, format, 56);
}

function weierstrass(suite: u32): Suite {
  const sent = ElementFormat.Uncompressed;
  const shared = ElementFormat.XOnly;
  if (suite == 3)
    return new Suite("P-256", "CPaceP256_XMD:SHA-256_SSWU_NU_", "SHA-256", 64, 32, 0, sent, 65, shared, 32);
  if (suite == 4)
    return new Suite("P-384", "CPaceP384_XMD:SHA-384_SSWU_NU_", "SHA-384", 128, 48, 0, sent, 97, shared, 48);
  return new Suite("P-521", "CPaceP521_XMD:SHA-512_SSWU_NU_", "SHA-512", 128, 64, 0, sent, 133, shared, 66);
}

/** Parts with their lengths before them: `lv_cat`, lengths in LEB128. */
function measured(parts: Array<Uint8Array>): Uint8Array {
  const all: Array<Uint8Array> = [];
  for (let index = 0; index < parts.length; index += 1) {
    all.push(lengthBytes(parts[index].length));
    all.push(parts[index]);
  }
  return concat(all);
}

function lengthBytes(length: i32): Uint8Array {
  const bytes: Array<u8> = [];
  let rest = length;
  do {
    bytes.push(<u8>(rest < 128 ? rest : (rest & 127) | 128));
    rest >>= 7;
  } while (rest > 0);
  const result = new Uint8Array(bytes.length);
  result.set(bytes);
  return result;
}

/** What the generator is made of: hashed with as many zeros as fill the first block of the hash. */
function generatorInput(it: Suite, password: Uint8Array, channel: Uint8Array, sessionId: Uint8Array): Uint8Array {
  const identifier = text(it.identifier);
  const before = measured([identifier, password]).length;
  const zeros = new Uint8Array(max(0, it.blockLength - 1 - before));
  return measured([identifier, password, zeros, channel, sessionId]);
}

function generatorOf(it: Suite, desk: Desk, input: Uint8Array): Element {
  if (it.mapped == 0) {
    const tag = concat([text(it.identifier), text("_DST")]);
    return desk.element(encodeToElement(desk.group, input, tag));
  }
  const uniform = it.hash(input, it.mapped);
  const made = desk.element(mapToElement(desk.group, uniform));
  forget([uniform]);
  return made;
}

/** What a session multiplies by. */
abstract class Secret {
  /** The other party's share, multiplied, as it is hashed; or nothing, and why. */
  abstract multiply(suite: Suite, share: Uint8Array): Uint8Array | null;
  abstract close(): void;
}

class ScalarSecret extends Secret {
  constructor(private scalar: Scalar) {
    super();
  }

  multiply(suite: Suite, share: Uint8Array): Uint8Array | null {
    const desk = suite.desk!;
    const shared = this.multiplied(suite, desk, share);
    desk.clear();
    return shared;
  }

  private multiplied(suite: Suite, desk: Desk, share: Uint8Array): Uint8Array | null {
    const decoded = decodeElement(desk.group, share);
    if (!ok(decoded)) return refuse("the share of the other party is none");
    const point = desk.element(mulElement(desk.group, desk.element(decoded), this.scalar));
    // The identity would make the key independent of the password.
    if (desk.isIdentity(point)) return refuse("the share of the other party is the identity");
    const shared = new Uint8Array(suite.sharedLength);
    expect(encodeElement(point, suite.sharedFormat, shared), "encoding what is shared");
    return shared;
  }

  close(): void {
    this.scalar.close();
  }
}

/** Diffie-Hellman of the host, which refuses points of low order. */
class ExchangeSecret extends Secret {
  constructor(private secretkey: Secretkey) {
    super();
  }

  multiply(suite: Suite, share: Uint8Array): Uint8Array | null {
    const imported = Publickey.import(AlgorithmType.KeyExchange, "X25519", share, PublickeyEncoding.Raw);
    const publickey = Publickey.expect(imported, "importing a share");
    const shared = new Uint8Array(suite.sharedLength);
    const outcome = dh(publickey, this.secretkey, shared);
    publickey.close();
    return ok(outcome) ? shared : refuse("the share of the other party is the identity");
  }

  close(): void {
    this.secretkey.close();
  }
}

class Session {
  /** What both sides can say of the session in public; empty until it has a key. */
  id: Uint8Array = NONE;
  done: bool = false;

  constructor(
    readonly suite: Suite,
    readonly secret: Secret,
    readonly share: Uint8Array,
    readonly sessionId: Uint8Array,
  ) {}
}

const sessions = new Array<Session | null>();

function sessionOf(session: u32): Session | null {
  return session > 0 && session <= <u32>sessions.length ? sessions[session - 1] : null;
}

/**
 * Begins a session. `channel`: what identifies the two parties, the same for both. `sessionId`: fresh for each session, the same for
 * both; may be empty. `scalar`: that of the session as vectors have it, or empty: then it is chosen.
 */
export function start(
  suite: u32,
  password: Uint8Array,
  channel: Uint8Array,
  sessionId: Uint8Array,
  scalar: Uint8Array,
): u32 {
  const it = suiteOf(suite);
  if (it == null) return refuseNumber("there is no such suite");
  const input = generatorInput(it, password, channel, sessionId);
  const id = suite == X25519 ? startExchange(it, input, sessionId, scalar) : startGroup(it, input, sessionId, scalar);
  forget([input]);
  return id;
}

function startGroup(it: Suite, input: Uint8Array, sessionId: Uint8Array, scalar: Uint8Array): u32 {
  const desk = it.desk!;
  const chosen =
    scalar.length == 0
      ? randomScalar(desk.group, Secrecy.Secret)
      : decodeScalar(desk.group, Secrecy.Secret, scalar);
  if (!ok(chosen)) return refuseNumber("the scalar is none");
  const y = desk.scalar(chosen);
  const point = desk.element(mulElement(desk.group, generatorOf(it, desk, input), y));
  const share = new Uint8Array(it.length);
  const sent = !desk.isIdentity(point) && ok(encodeElement(point, it.format, share));
  const id = sent ? sessions.push(new Session(it, new ScalarSecret(desk.release(y)), share, sessionId)) : 0;
  desk.clear();
  return sent ? id : refuseNumber("the scalar is none");
}

function startExchange(it: Suite, input: Uint8Array, sessionId: Uint8Array, scalar: Uint8Array): u32 {
  const chosen = new Uint8Array(it.length);
  if (scalar.length == 0) expect(randomBytes(chosen), "choosing a scalar");
  else if (scalar.length == it.length) chosen.set(scalar);
  else return refuseNumber("the scalar is none");
  const imported = Secretkey.import(AlgorithmType.KeyExchange, "X25519", chosen, SecretkeyEncoding.Raw);
  const secret = new ExchangeSecret(Secretkey.expect(imported, "importing a scalar"));
  const uniform = it.hash(input, it.mapped);
  const generator = mapToCurve25519(uniform);
  const share = secret.multiply(it, generator);
  forget([chosen, uniform, generator]);
  if (share != null) return sessions.push(new Session(it, secret, share, sessionId));
  secret.close();
  return refuseNumber("the password gives no generator");
}

/** What goes to the other party. */
export function share(session: u32): Uint8Array | null {
  const it = sessionOf(session);
  return it == null ? refuse("there is no such session") : it.share;
}

/** Roles; 1 is the responder. */
const INITIATOR: u32 = 0;
const SYMMETRIC: u32 = 2;

/**
 * The key of the session, once: that of the other party is the same if its password was. `role`: 0 for the initiator, 1 for the
 * responder, 2 where there is no order. `ownData` and `otherData`: what each sent beside its share, such as a name.
 */
export function finish(
  session: u32,
  role: u32,
  ownData: Uint8Array,
  otherShare: Uint8Array,
  otherData: Uint8Array,
): Uint8Array | null {
  const it = sessionOf(session);
  if (it == null || it.done) return refuse("there is no such session, or it has its key");
  if (role > SYMMETRIC) return refuse("there is no such role");
  const suite = it.suite;
  // The host would read other encodings as well.
  if (otherShare.length != suite.length) return refuse("the share of the other party is none");
  const shared = it.secret.multiply(suite, otherShare);
  if (shared == null) return null;
  const own = measured([it.share, ownData]);
  const other = measured([otherShare, otherData]);
  const transcript =
    role == SYMMETRIC ? ordered(own, other) : role == INITIATOR ? concat([own, other]) : concat([other, own]);
  const input = concat([measured([text(suite.identifier + "_ISK"), it.sessionId, shared]), transcript]);
  const key = suite.hash(input, suite.hashLength);
  forget([shared, input]);
  it.id = suite.hash(concat([text("CPaceSidOutput"), transcript]), suite.hashLength);
  it.done = true;
  return key;
}

/** Both messages, the greater first: `o_cat`. They are public. */
function ordered(a: Uint8Array, b: Uint8Array): Uint8Array {
  const length = min(a.length, b.length);
  const order = memory.compare(a.dataStart, b.dataStart, length);
  const greater = order == 0 ? a.length > b.length : order > 0;
  return greater ? concat([text("oc"), a, b]) : concat([text("oc"), b, a]);
}

/** A public name of a session that has its key: the same on both sides. */
export function outputId(session: u32): Uint8Array | null {
  const it = sessionOf(session);
  return it == null || !it.done ? refuse("there is no such session, or it has no key yet") : it.id;
}

export function close(session: u32): void {
  const it = sessionOf(session);
  if (it == null) return;
  it.secret.close();
  sessions[session - 1] = null;
}
