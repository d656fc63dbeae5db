// Oblivious pseudorandom functions (RFC 9497): a client learns the output of a function for its input, of which a server has the
// key; the server learns nothing. In mode 1 the server proves that it used its key, in mode 2 also for which public info.
//
// Keys and blinds are scalars of the host. Keys and requests are numbers for whoever calls; 0, or nothing, is a refusal.
import { expect, hash } from "wasi-crypto";
import {
  Element,
  Scalar,
  Secrecy,
  addElements,
  addScalars,
  decodeElement,
  decodeScalar,
  hashToElement,
  hashToScalar,
  invertScalar,
  mulBase,
  mulElement,
  mulScalars,
  ok,
  randomScalar,
  subScalars,
  sumOfProducts,
  value,
} from "wasi-crypto-ext";
import { NONE, concat, numberBytes, refuse, refuseNumber, text } from "./bytes";
import { Desk } from "./desk";

export { refusal } from "./bytes";

const OPRF: u32 = 0;
const VOPRF: u32 = 1;
const POPRF: u32 = 2;

/** A ciphersuite in a mode. Its desk is cleared at the end of each call. */
class Suite {
  readonly context: Uint8Array;
  readonly desk: Desk;

  constructor(
    readonly identifier: string,
    group: string,
    readonly hashName: string,
    readonly hashLength: i32,
    readonly mode: u32,
  ) {
    this.desk = Desk.of(group);
    this.context = concat([text("OPRFV1-"), numberBytes(mode, 1), text("-" + identifier)]);
  }

  hash(parts: Array<Uint8Array>): Uint8Array {
    const digest = new Uint8Array(this.hashLength);
    expect(hash(this.hashName, concat(parts), digest), "hashing");
    return digest;
  }

  tag(purpose: string): Uint8Array {
    return concat([text(purpose), this.context]);
  }

  /** Of something public. */
  scalarOf(parts: Array<Uint8Array>): Scalar {
    return this.desk.scalar(hashToScalar(this.desk.group, Secrecy.Public, concat(parts), this.tag("HashToScalar-")));
  }

  elementOf(input: Uint8Array): Element {
    return this.desk.element(hashToElement(this.desk.group, input, this.tag("HashToGroup-")));
  }

  /** The element that somebody sent; no valid one, handle 0, if it is none or the identity. */
  received(encoded: Uint8Array): Element {
    // The host would read other encodings as well.
    if (encoded.length != this.desk.elementLength) return changetype<Element>(<usize>0);
    const decoded = decodeElement(this.desk.group, encoded);
    if (!ok(decoded)) return Element.of(decoded);
    const element = this.desk.element(decoded);
    return this.desk.isIdentity(element) ? changetype<Element>(<usize>0) : element;
  }

  /** Of the public info of mode 2. */
  tweak(info: Uint8Array): Scalar {
    return this.scalarOf([text("Info"), sized(info)]);
  }
}

/** Its length in two bytes, and the bytes. */
function sized(bytes: Uint8Array): Uint8Array {
  return concat([numberBytes(bytes.length, 2), bytes]);
}

/** The suites of RFC 9497, 4, in their order: 1 is the first. */
function suiteOf(suite: u32, mode: u32): Suite | null {
  if (mode > POPRF) return null;
  const index = suite * 3 + mode;
  if (suite < 1 || suite > 5) return null;
  const known = suites[index];
  if (known != null) return known;
  let made: Suite;
  if (suite == 1) made = new Suite("ristretto255-SHA512", "ristretto255", "SHA-512", 64, mode);
  else if (suite == 2) made = new Suite("decaf448-SHAKE256", "decaf448", "SHAKE-256", 64, mode);
  else if (suite == 3) made = new Suite("P256-SHA256", "P-256", "SHA-256", 32, mode);
  else if (suite == 4) made = new Suite("P384-SHA384", "P-384", "SHA-384", 48, mode);
  else made = new Suite("P521-SHA512", "P-521", "SHA-512", 64, mode);
  suites[index] = made;
  return made;
}

const suites = new StaticArray<Suite | null>(18);

class Key {
  constructor(
    readonly suite: Suite,
    readonly secret: Scalar,
    readonly encoded: Uint8Array,
  ) {}
}

class Request {
  constructor(
    readonly suite: Suite,
    readonly input: Uint8Array,
    readonly blind: Scalar,
    readonly blinded: Uint8Array,
  ) {}
}

const keys = new Array<Key | null>();
const requests = new Array<Request | null>();

function keyOf(key: u32): Key | null {
  return key > 0 && key <= <u32>keys.length ? keys[key - 1] : null;
}

function requestOf(request: u32): Request | null {
  return request > 0 && request <= <u32>requests.length ? requests[request - 1] : null;
}

// The server.

/** Makes a key, which never leaves the host. */
export function generateKey(suite: u32, mode: u32): u32 {
  const it = suiteOf(suite, mode);
  if (it == null) return refuseNumber("there is no such suite or mode");
  return keep(it, it.desk.scalar(randomScalar(it.desk.group, Secrecy.Secret)));
}

/** Derives a key from a seed of 32 secret bytes and public info (RFC 9497, 3.2.1). */
export function deriveKey(suite: u32, mode: u32, seed: Uint8Array, info: Uint8Array): u32 {
  const it = suiteOf(suite, mode);
  if (it == null) return refuseNumber("there is no such suite or mode");
  if (seed.length != 32 || info.length > 0xffff) return refuseNumber("the seed or the info has another length");
  const desk = it.desk;
  for (let counter = 0; counter < 256; counter += 1) {
    const input = concat([seed, sized(info), numberBytes(counter, 1)]);
    const secret = desk.scalar(hashToScalar(desk.group, Secrecy.Secret, input, it.tag("DeriveKeyPair")));
    if (!desk.isZero(secret)) return keep(it, secret);
  }
  desk.clear();
  return refuseNumber("the seed gives no key");
}

function keep(suite: Suite, secret: Scalar): u32 {
  const desk = suite.desk;
  const encoded = desk.encoded(desk.element(mulBase(desk.group, secret)));
  const id = keys.push(new Key(suite, desk.release(secret), encoded));
  desk.clear();
  return id;
}

export function publicKey(key: u32): Uint8Array | null {
  const it = keyOf(key);
  return it == null ? refuse("there is no such key") : it.encoded;
}

export function closeKey(key: u32): void {
  const it = keyOf(key);
  if (it == null) return;
  it.secret.close();
  keys[key - 1] = null;
}

/**
 * Evaluates blinded elements. Returns one element for each; in modes 1 and 2 the last of the list is the proof for all of them.
 *
 * `info`: public, in mode 2. `random`: the scalar of the proof as vectors have it, or empty: then it is chosen.
 */
export function blindEvaluate(
  key: u32,
  blinded: Array<Uint8Array>,
  info: Uint8Array,
  random: Uint8Array,
): Array<Uint8Array> | null {
  const it = keyOf(key);
  if (it == null || blinded.length == 0 || blinded.length > 0xffff || info.length > 0xffff) {
    refuse("there is no such key, or nothing to evaluate, or too much");
    return null;
  }
  const answer = evaluateAll(it, blinded, info, random);
  it.suite.desk.clear();
  return answer;
}

function evaluateAll(
  it: Key,
  blinded: Array<Uint8Array>,
  info: Uint8Array,
  random: Uint8Array,
): Array<Uint8Array> | null {
  const suite = it.suite;
  const desk = suite.desk;
  const received: Array<Element> = [];
  for (let index = 0; index < blinded.length; index += 1) {
    const element = suite.received(blinded[index]);
    if (element.handle == 0) {
      refuse("a blinded element is none, or the identity");
      return null;
    }
    received.push(element);
  }
  const tweaked = suite.mode == POPRF ? tweakedKey(it, info) : it.secret;
  if (tweaked.handle == 0) {
    refuse("the key has no inverse for this info");
    return null;
  }
  const factor =
    suite.mode == POPRF ? desk.scalar(invertScalar(desk.group, Secrecy.Secret, tweaked)) : it.secret;
  const evaluated: Array<Element> = [];
  const answer: Array<Uint8Array> = [];
  for (let index = 0; index < received.length; index += 1) {
    evaluated.push(desk.element(mulElement(desk.group, received[index], factor)));
    answer.push(desk.encoded(evaluated[index]));
  }
  if (suite.mode == OPRF) return answer;
  let chosen = randomScalar(desk.group, Secrecy.Secret);
  if (random.length > 0) {
    Scalar.of(chosen).close();
    chosen = decodeScalar(desk.group, Secrecy.Secret, random);
  }
  if (!ok(chosen)) {
    refuse("the scalar of the proof is none");
    return null;
  }
  const r = desk.scalar(chosen);
  const point = desk.encoded(desk.element(mulBase(desk.group, tweaked)));
  // In mode 2 the elements change places: the blinded ones are the products with the tweaked key.
  const proof =
    suite.mode == POPRF
      ? prove(suite, tweaked, point, evaluated, answer, blinded, r)
      : prove(suite, tweaked, point, received, blinded, answer, r);
  answer.push(proof);
  return answer;
}

/** The key of mode 2 for public info; handle 0 where it is zero. */
function tweakedKey(it: Key, info: Uint8Array): Scalar {
  const desk = it.suite.desk;
  const sum = desk.scalar(addScalars(desk.group, Secrecy.Secret, it.secret, it.suite.tweak(info)));
  return desk.isZero(sum) ? changetype<Scalar>(<usize>0) : sum;
}

/** The output for an input that the server knows itself. */
export function evaluate(key: u32, input: Uint8Array, info: Uint8Array): Uint8Array | null {
  const it = keyOf(key);
  if (it == null || input.length > 0xffff || info.length > 0xffff)
    return refuse("there is no such key, or the input or info is too long");
  const output = evaluateOne(it, input, info);
  it.suite.desk.clear();
  return output;
}

function evaluateOne(it: Key, input: Uint8Array, info: Uint8Array): Uint8Array | null {
  const desk = it.suite.desk;
  const element = it.suite.elementOf(input);
  if (desk.isIdentity(element)) return refuse("the input is invalid");
  let factor = it.secret;
  if (it.suite.mode == POPRF) {
    const tweaked = tweakedKey(it, info);
    if (tweaked.handle == 0) return refuse("the key has no inverse for this info");
    factor = desk.scalar(invertScalar(desk.group, Secrecy.Secret, tweaked));
  }
  return finish(it.suite, input, info, desk.element(mulElement(desk.group, element, factor)));
}

// The client.

/** Blinds an input. `blind`: the scalar as vectors have it, or empty: then it is chosen. */
export function blind(suite: u32, mode: u32, input: Uint8Array, blind: Uint8Array): u32 {
  const it = suiteOf(suite, mode);
  if (it == null) return refuseNumber("there is no such suite or mode");
  if (input.length > 0xffff) return refuseNumber("the input is too long");
  const desk = it.desk;
  const chosen =
    blind.length > 0
      ? decodeScalar(desk.group, Secrecy.Secret, blind)
      : randomScalar(desk.group, Secrecy.Secret);
  if (!ok(chosen)) return refuseNumber("the blind is none");
  const scalar = desk.scalar(chosen);
  const element = it.elementOf(input);
  let id = 0;
  if (desk.isZero(scalar) || desk.isIdentity(element)) refuse("the input or the blind is invalid");
  else {
    const blinded = desk.encoded(desk.element(mulElement(desk.group, element, scalar)));
    id = requests.push(new Request(it, input, desk.release(scalar), blinded));
  }
  desk.clear();
  return id;
}

/** What goes to the server. */
export function blindedElement(request: u32): Uint8Array | null {
  const it = requestOf(request);
  return it == null ? refuse("there is no such request") : it.blinded;
}

export function closeRequest(request: u32): void {
  const it = requestOf(request);
  if (it == null) return;
  it.blind.close();
  requests[request - 1] = null;
}

/**
 * Turns the server's answer to requests of one suite and mode into outputs. `proof` and `publicKey`: in modes 1 and 2. `info`: in
 * mode 2. Requests stay until they are closed.
 */
export function finalize(
  asked: Array<u32>,
  evaluated: Array<Uint8Array>,
  proof: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
): Array<Uint8Array> | null {
  const first = asked.length > 0 ? requestOf(asked[0]) : null;
  if (first == null || asked.length != evaluated.length || info.length > 0xffff) {
    refuse("there are no such requests, or other answers than requests");
    return null;
  }
  const outputs = finalizeAll(first.suite, asked, evaluated, proof, publicKey, info);
  first.suite.desk.clear();
  return outputs;
}

function finalizeAll(
  suite: Suite,
  asked: Array<u32>,
  encoded: Array<Uint8Array>,
  proof: Uint8Array,
  publicKey: Uint8Array,
  info: Uint8Array,
): Array<Uint8Array> | null {
  const desk = suite.desk;
  const evaluated: Array<Element> = [];
  const blinded: Array<Element> = [];
  const sent: Array<Uint8Array> = [];
  for (let index = 0; index < asked.length; index += 1) {
    const request = requestOf(asked[index]);
    const element = suite.received(encoded[index]);
    if (request == null || request.suite != suite || element.handle == 0) {
      refuse("an answer is no element, or the identity, or a request is of another suite");
      return null;
    }
    evaluated.push(element);
    sent.push(request.blinded);
    blinded.push(desk.element(decodeElement(desk.group, request.blinded)));
  }
  if (suite.mode != OPRF) {
    const server = suite.received(publicKey);
    if (server.handle == 0) {
      refuse("the public key is none");
      return null;
    }
    let point = server;
    if (suite.mode == POPRF) {
      point = desk.element(addElements(desk.group, desk.element(mulBase(desk.group, suite.tweak(info))), server));
      if (desk.isIdentity(point)) {
        refuse("the public key is none for this info");
        return null;
      }
    }
    const proved =
      suite.mode == POPRF
        ? verify(suite, point, evaluated, blinded, encoded, sent, proof)
        : verify(suite, point, blinded, evaluated, sent, encoded, proof);
    if (!proved) {
      refuse("the proof is none of this answer under this key");
      return null;
    }
  }
  const outputs: Array<Uint8Array> = [];
  for (let index = 0; index < asked.length; index += 1) {
    const request = requestOf(asked[index])!;
    const inverse = desk.scalar(invertScalar(desk.group, Secrecy.Secret, request.blind));
    const unblinded = desk.element(mulElement(desk.group, evaluated[index], inverse));
    outputs.push(finish(suite, request.input, info, unblinded));
  }
  return outputs;
}

function finish(suite: Suite, input: Uint8Array, info: Uint8Array, element: Element): Uint8Array {
  const bound = suite.mode == POPRF ? sized(info) : NONE;
  return suite.hash([sized(input), bound, sized(suite.desk.encoded(element)), text("Finalize")]);
}

// Proofs (RFC 9497, 2.2): that d is k times c for each pair, and the point k times the generator.

/** The factors by which a batch becomes one pair. */
function weights(suite: Suite, point: Uint8Array, c: Array<Uint8Array>, d: Array<Uint8Array>): Array<Scalar> {
  const seed = suite.hash([sized(point), sized(suite.tag("Seed-"))]);
  const all: Array<Scalar> = [];
  for (let index = 0; index < c.length; index += 1)
    all.push(suite.scalarOf([sized(seed), numberBytes(index, 2), sized(c[index]), sized(d[index]), text("Composite")]));
  return all;
}

function challenge(suite: Suite, point: Uint8Array, m: Element, z: Element, t2: Element, t3: Element): Scalar {
  const desk = suite.desk;
  return suite.scalarOf([
    sized(point),
    sized(desk.encoded(m)),
    sized(desk.encoded(z)),
    sized(desk.encoded(t2)),
    sized(desk.encoded(t3)),
    text("Challenge"),
  ]);
}

function prove(
  suite: Suite,
  k: Scalar,
  point: Uint8Array,
  c: Array<Element>,
  cEncoded: Array<Uint8Array>,
  dEncoded: Array<Uint8Array>,
  r: Scalar,
): Uint8Array {
  const desk = suite.desk;
  const group = desk.group;
  const m = desk.element(sumOfProducts(group, c, weights(suite, point, cEncoded, dEncoded)));
  const z = desk.element(mulElement(group, m, k));
  const t2 = desk.element(mulBase(group, r));
  const t3 = desk.element(mulElement(group, m, r));
  const e = challenge(suite, point, m, z, t2, t3);
  const product = desk.scalar(mulScalars(group, Secrecy.Secret, e, k));
  const s = desk.scalar(subScalars(group, Secrecy.Secret, r, product));
  return concat([desk.encodedScalar(e), desk.encodedScalar(s)]);
}

function verify(
  suite: Suite,
  point: Element,
  c: Array<Element>,
  d: Array<Element>,
  cEncoded: Array<Uint8Array>,
  dEncoded: Array<Uint8Array>,
  proof: Uint8Array,
): bool {
  const desk = suite.desk;
  const group = desk.group;
  const length = desk.scalarLength;
  if (proof.length != 2 * length) return false;
  const first = decodeScalar(group, Secrecy.Public, proof.subarray(0, length));
  if (!ok(first)) return false;
  const e = desk.scalar(first);
  const second = decodeScalar(group, Secrecy.Public, proof.subarray(length));
  if (!ok(second)) return false;
  const s = desk.scalar(second);
  const encoded = desk.encoded(point);
  const factors = weights(suite, encoded, cEncoded, dEncoded);
  const m = desk.element(sumOfProducts(group, c, factors));
  const z = desk.element(sumOfProducts(group, d, factors));
  const base = desk.element(mulBase(group, s));
  const t2 = desk.element(addElements(group, base, desk.element(mulElement(group, point, e))));
  const t3 = desk.element(sumOfProducts(group, [m, z], [s, e]));
  // A hostile server may make one of them the identity, which some groups cannot encode: no honest proof does.
  if (desk.isIdentity(m) || desk.isIdentity(z) || desk.isIdentity(t2) || desk.isIdentity(t3)) return false;
  return value(challenge(suite, encoded, m, z, t2, t3).equal(e)) != 0;
}
