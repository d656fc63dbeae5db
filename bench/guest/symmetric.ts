/** Hashing, authentication, encryption, derivation. */
import { AlgorithmType } from "wasi-crypto/types";
import * as common from "calls/common";
import * as raw from "calls/symmetric";
import { Bytes, messageOf, Optional, outputOf, result, size, Text } from "./memory";
import { Operation } from "./operation";

const none = new Optional();

export function importedKey(algorithm: Text, key: Bytes, into: Optional): u32 {
  const errno = raw.symmetric_key_import(algorithm.pointer, algorithm.length, key.pointer, key.length, result);
  if (errno == 0) into.set(load<u32>(result));
  return errno;
}

export class Hash extends Operation {
  private algorithm: Text;
  private message: usize = 0;
  private length: usize = 0;

  constructor(name: string, digestLength: usize) {
    super(name, true);
    this.algorithm = new Text(name);
    this.out = heap.alloc(64);
    this.outLength = digestLength;
  }

  prepare(length: usize): u32 {
    this.message = messageOf(length);
    this.length = length;
    return 0;
  }

  protected once(): u32 {
    let errno = raw.symmetric_state_open(this.algorithm.pointer, this.algorithm.length, none.pointer, none.pointer, result);
    if (errno != 0) return errno;
    const state = load<u32>(result);
    errno = raw.symmetric_state_absorb(state, this.message, this.length);
    if (errno == 0) errno = raw.symmetric_state_squeeze(state, this.out, this.outLength);
    const closed = raw.symmetric_state_close(state);
    return errno != 0 ? errno : closed;
  }
}

export class Hmac extends Operation {
  private algorithm: Text;
  private key: Optional = new Optional();
  private message: usize = 0;
  private length: usize = 0;

  constructor(name: string, tagLength: usize) {
    super(name, true);
    this.algorithm = new Text(name);
    this.out = heap.alloc(64);
    this.outLength = tagLength;
  }

  prepare(length: usize): u32 {
    this.message = messageOf(length);
    this.length = length;
    return importedKey(this.algorithm, Bytes.ofPattern(32, 2), this.key);
  }

  protected once(): u32 {
    let errno = raw.symmetric_state_open(this.algorithm.pointer, this.algorithm.length, this.key.pointer, none.pointer, result);
    if (errno != 0) return errno;
    const state = load<u32>(result);
    errno = raw.symmetric_state_absorb(state, this.message, this.length);
    if (errno == 0) errno = raw.symmetric_state_squeeze_tag(state, result);
    if (errno == 0) errno = raw.symmetric_tag_pull(load<u32>(result), this.out, this.outLength, size);
    const closed = raw.symmetric_state_close(state);
    return errno != 0 ? errno : closed;
  }
}

/** Both steps: 64 bytes of output from a key, a salt and an info of 32 bytes each. */
export class Hkdf extends Operation {
  private extract: Text = new Text("HKDF-EXTRACT/SHA-256");
  private expand: Text = new Text("HKDF-EXPAND/SHA-256");
  private key: Optional = new Optional();
  private derived: Optional = new Optional();
  private salt: Bytes = Bytes.ofPattern(32, 4);
  private info: Bytes = Bytes.ofPattern(32, 5);

  constructor() {
    super("HKDF/SHA-256", false);
    this.out = heap.alloc(64);
    this.outLength = 64;
  }

  prepare(_length: usize): u32 {
    return importedKey(this.extract, Bytes.ofPattern(32, 3), this.key);
  }

  protected once(): u32 {
    let errno = raw.symmetric_state_open(this.extract.pointer, this.extract.length, this.key.pointer, none.pointer, result);
    if (errno != 0) return errno;
    const extracting = load<u32>(result);
    errno = raw.symmetric_state_absorb(extracting, this.salt.pointer, this.salt.length);
    if (errno == 0) errno = raw.symmetric_state_squeeze_key(extracting, this.expand.pointer, this.expand.length, result);
    if (errno == 0) errno = this.expanded(load<u32>(result));
    const closed = raw.symmetric_state_close(extracting);
    return errno != 0 ? errno : closed;
  }

  private expanded(key: u32): u32 {
    this.derived.set(key);
    let errno = raw.symmetric_state_open(this.expand.pointer, this.expand.length, this.derived.pointer, none.pointer, result);
    if (errno == 0) {
      const expanding = load<u32>(result);
      errno = raw.symmetric_state_absorb(expanding, this.info.pointer, this.info.length);
      if (errno == 0) errno = raw.symmetric_state_squeeze(expanding, this.out, this.outLength);
      const closed = raw.symmetric_state_close(expanding);
      if (errno == 0) errno = closed;
    }
    const closed = raw.symmetric_key_close(key);
    return errno != 0 ? errno : closed;
  }
}

const TAG_BYTES: usize = 16;

/** Encryption and decryption, with 13 bytes of associated data (as TLS 1.2 has) or none. */
export class Aead extends Operation {
  private algorithm: Text;
  private keyLength: usize;
  private decrypts: bool;
  private associated: Bytes;
  private key: Optional = new Optional();
  private set: Optional = new Optional();
  private nonceName: Text = new Text("nonce");
  private nonce: Bytes = Bytes.ofPattern(12, 7);
  private input: usize = 0;
  private inputLength: usize = 0;

  constructor(algorithm: string, keyLength: usize, decrypts: bool, associatedLength: usize) {
    super(algorithm + (decrypts ? " decrypt" : " encrypt") + (associatedLength == 0 ? ", no associated data" : ""), true);
    this.algorithm = new Text(algorithm);
    this.keyLength = keyLength;
    this.decrypts = decrypts;
    this.associated = Bytes.ofPattern(associatedLength, 8);
  }

  prepare(length: usize): u32 {
    const errno = importedKey(this.algorithm, Bytes.ofPattern(this.keyLength, 6), this.key);
    if (errno != 0) return errno;
    this.input = messageOf(length);
    this.inputLength = length;
    this.out = outputOf(length + TAG_BYTES);
    this.outLength = length + TAG_BYTES;
    return this.decrypts ? this.turnAround(length) : 0;
  }

  /** From now on what this has encrypted is decrypted. */
  private turnAround(length: usize): u32 {
    const errno = this.sequence(false);
    if (errno != 0) return errno;
    const sealed = new Bytes(length + TAG_BYTES);
    memory.copy(sealed.pointer, this.out, sealed.length);
    this.input = sealed.pointer;
    this.inputLength = sealed.length;
    this.outLength = length;
    return 0;
  }

  protected once(): u32 {
    return this.sequence(this.decrypts);
  }

  private sequence(decrypts: bool): u32 {
    let errno = common.options_open(AlgorithmType.Symmetric, result);
    if (errno != 0) return errno;
    const options = load<u32>(result);
    this.set.set(options);
    errno = common.options_set(options, this.nonceName.pointer, this.nonceName.length, this.nonce.pointer, this.nonce.length);
    if (errno == 0) errno = raw.symmetric_state_open(this.algorithm.pointer, this.algorithm.length, this.key.pointer, this.set.pointer, result);
    const state = load<u32>(result);
    const closed = common.options_close(options);
    if (errno == 0) errno = closed;
    if (errno != 0) return errno;
    if (this.associated.length != 0) errno = raw.symmetric_state_absorb(state, this.associated.pointer, this.associated.length);
    if (errno == 0) {
      errno = decrypts
        ? raw.symmetric_state_decrypt(state, this.out, this.outLength, this.input, this.inputLength, size)
        : raw.symmetric_state_encrypt(state, this.out, this.outLength, this.input, this.inputLength, size);
    }
    const stateClosed = raw.symmetric_state_close(state);
    return errno != 0 ? errno : stateClosed;
  }
}

export class SymmetricKeyImport extends Operation {
  private algorithm: Text = new Text("AES-256-GCM");
  private key: Bytes = Bytes.ofPattern(32, 6);

  constructor() {
    super("AES-256-GCM import", false);
  }

  prepare(_length: usize): u32 {
    return 0;
  }

  protected once(): u32 {
    const errno = raw.symmetric_key_import(this.algorithm.pointer, this.algorithm.length, this.key.pointer, this.key.length, result);
    return errno != 0 ? errno : raw.symmetric_key_close(load<u32>(result));
  }
}

/** 32 random bytes: wasi-crypto gives them as the key of an algorithm. */
export class RandomKey extends Operation {
  private algorithm: Text = new Text("HMAC/SHA-256");

  constructor() {
    super("32 random bytes", false);
  }

  prepare(_length: usize): u32 {
    return 0;
  }

  protected once(): u32 {
    const errno = raw.symmetric_key_generate(this.algorithm.pointer, this.algorithm.length, none.pointer, result);
    return errno != 0 ? errno : raw.symmetric_key_close(load<u32>(result));
  }
}

/** A call that does next to nothing: a handle is looked up and one number returned. */
export class NullCall extends Operation {
  private algorithm: Text = new Text("AES-256-GCM");
  private key: Optional = new Optional();
  private set: Optional = new Optional();
  private nonceName: Text = new Text("nonce");
  private state: u32 = 0;

  constructor() {
    super("null host call", false);
  }

  prepare(_length: usize): u32 {
    let errno = importedKey(this.algorithm, Bytes.ofPattern(32, 6), this.key);
    if (errno == 0) errno = common.options_open(AlgorithmType.Symmetric, result);
    if (errno != 0) return errno;
    this.set.set(load<u32>(result));
    errno = common.options_set(load<u32>(result), this.nonceName.pointer, this.nonceName.length, Bytes.ofPattern(12, 7).pointer, 12);
    if (errno == 0) errno = raw.symmetric_state_open(this.algorithm.pointer, this.algorithm.length, this.key.pointer, this.set.pointer, result);
    this.state = load<u32>(result);
    return errno;
  }

  protected once(): u32 {
    return raw.symmetric_state_max_tag_len(this.state, result);
  }
}
