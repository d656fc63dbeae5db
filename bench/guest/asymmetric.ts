/** Signatures and key exchange. */
import { AlgorithmType, KeypairEncoding, PublickeyEncoding, SecretkeyEncoding, SignatureEncoding } from "wasi-crypto/types";
import * as keys from "calls/asymmetric-common";
import * as common from "calls/common";
import * as kx from "calls/kx";
import * as signatures from "calls/signatures";
import { Bytes, messageOf, Optional, result, size, Text } from "./memory";
import { Operation } from "./operation";

const MESSAGE_BYTES: usize = 64;
const none = new Optional();

/** Signs a message of 64 bytes and gets the signature in its raw form; or verifies one. */
export class Sign extends Operation {
  private algorithm: Text;
  private encoded: Bytes;
  private encoding: u32;
  private signatureLength: usize;
  private verifies: bool;
  private keypair: u32 = 0;
  private publickey: u32 = 0;
  private signature: usize = heap.alloc(512);

  /** @param deterministic whether the signature is always the same one */
  constructor(name: string, algorithm: string, encoded: Bytes, encoding: u32, signatureLength: usize, deterministic: bool, verifies: bool) {
    super(name + (verifies ? " verify" : " sign"), false);
    this.algorithm = new Text(algorithm);
    this.encoded = encoded;
    this.encoding = encoding;
    this.signatureLength = signatureLength;
    this.verifies = verifies;
    this.out = this.signature;
    this.outLength = deterministic && !verifies ? signatureLength : 0;
  }

  prepare(_length: usize): u32 {
    let errno = keys.keypair_import(AlgorithmType.Signatures, this.algorithm.pointer, this.algorithm.length, this.encoded.pointer, this.encoded.length, this.encoding, result);
    if (errno != 0) return errno;
    this.keypair = load<u32>(result);
    errno = keys.keypair_publickey(this.keypair, result);
    this.publickey = load<u32>(result);
    return errno != 0 ? errno : this.signed();
  }

  protected once(): u32 {
    return this.verifies ? this.verified() : this.signed();
  }

  private signed(): u32 {
    let errno = signatures.signature_state_open(this.keypair, result);
    if (errno != 0) return errno;
    const state = load<u32>(result);
    errno = signatures.signature_state_update(state, messageOf(MESSAGE_BYTES), MESSAGE_BYTES);
    if (errno == 0) errno = signatures.signature_state_sign(state, result);
    if (errno == 0) {
      const signature = load<u32>(result);
      errno = signatures.signature_export(signature, SignatureEncoding.Raw, result);
      if (errno == 0) errno = common.array_output_pull(load<u32>(result), this.signature, this.signatureLength, size);
      const closed = signatures.signature_close(signature);
      if (errno == 0) errno = closed;
    }
    const closed = signatures.signature_state_close(state);
    return errno != 0 ? errno : closed;
  }

  private verified(): u32 {
    let errno = signatures.signature_verification_state_open(this.publickey, result);
    if (errno != 0) return errno;
    const state = load<u32>(result);
    errno = signatures.signature_verification_state_update(state, messageOf(MESSAGE_BYTES), MESSAGE_BYTES);
    if (errno == 0) errno = signatures.signature_import(this.algorithm.pointer, this.algorithm.length, this.signature, this.signatureLength, SignatureEncoding.Raw, result);
    if (errno == 0) {
      const signature = load<u32>(result);
      errno = signatures.signature_verification_state_verify(state, signature);
      const closed = signatures.signature_close(signature);
      if (errno == 0) errno = closed;
    }
    const closed = signatures.signature_verification_state_close(state);
    return errno != 0 ? errno : closed;
  }
}

export class X25519 extends Operation {
  private algorithm: Text = new Text("X25519");
  private secretBytes: Bytes;
  private publicBytes: Bytes;
  private secret: u32 = 0;
  private peer: u32 = 0;

  constructor(secret: Bytes, peer: Bytes) {
    super("X25519", false);
    this.secretBytes = secret;
    this.publicBytes = peer;
    this.out = heap.alloc(32);
    this.outLength = 32;
  }

  prepare(_length: usize): u32 {
    const pointer = this.algorithm.pointer;
    const length = this.algorithm.length;
    let errno = keys.secretkey_import(AlgorithmType.KeyExchange, pointer, length, this.secretBytes.pointer, 32, SecretkeyEncoding.Raw, result);
    this.secret = load<u32>(result);
    if (errno == 0) errno = keys.publickey_import(AlgorithmType.KeyExchange, pointer, length, this.publicBytes.pointer, 32, PublickeyEncoding.Raw, result);
    this.peer = load<u32>(result);
    return errno;
  }

  protected once(): u32 {
    const errno = kx.kx_dh(this.peer, this.secret, result);
    return errno != 0 ? errno : common.array_output_pull(load<u32>(result), this.out, 32, size);
  }
}

export class Generate extends Operation {
  private algorithm: Text;
  private type: u32;

  constructor(name: string, algorithm: string, type: u32) {
    super(name + " generate", false);
    this.algorithm = new Text(algorithm);
    this.type = type;
  }

  prepare(_length: usize): u32 {
    return 0;
  }

  protected once(): u32 {
    const errno = keys.keypair_generate(this.type, this.algorithm.pointer, this.algorithm.length, none.pointer, result);
    return errno != 0 ? errno : keys.keypair_close(load<u32>(result));
  }
}

export class PublicImport extends Operation {
  private algorithm: Text;
  private type: u32;
  private encoded: Bytes;

  /** @param encoded in SubjectPublicKeyInfo */
  constructor(name: string, algorithm: string, type: u32, encoded: Bytes) {
    super(name + " import public", false);
    this.algorithm = new Text(algorithm);
    this.type = type;
    this.encoded = encoded;
  }

  prepare(_length: usize): u32 {
    return 0;
  }

  protected once(): u32 {
    const errno = keys.publickey_import(this.type, this.algorithm.pointer, this.algorithm.length, this.encoded.pointer, this.encoded.length, PublickeyEncoding.Pkcs8, result);
    return errno != 0 ? errno : keys.publickey_close(load<u32>(result));
  }
}

export const PAIR_PKCS8: u32 = KeypairEncoding.Pkcs8;
