/**
 * Recipes: whole tasks in one call.
 *
 * Each works on buffers of the caller and returns an errno, to be looked at with `ok`. Success is 0, so
 * never use an errno itself as a condition. Buffers to be filled have exactly the size of what is put
 * there; otherwise the errno is `Overflow` (too small) or `InvalidLength` (too large). Every object that
 * a recipe opens is closed again, whatever happens, and only those of HKDF, `readAll` and those about managed keys allocate managed memory.
 */
import { lengthOf } from "./buffers";
import { ArrayOutput } from "./classes/array-output";
import { Keypair } from "./classes/keypair";
import { Options } from "./classes/options";
import { Publickey } from "./classes/publickey";
import { Secretkey } from "./classes/secretkey";
import { SecretsManager } from "./classes/secrets-manager";
import { Signature } from "./classes/signature";
import { SignatureState } from "./classes/signature-state";
import { SignatureVerificationState } from "./classes/signature-verification-state";
import { SymmetricKey } from "./classes/symmetric-key";
import { SymmetricState } from "./classes/symmetric-state";
import { SymmetricTag } from "./classes/symmetric-tag";
import {
  closeUnreplaced,
  decryptInto,
  encapsulateInto,
  encryptInto,
  nonceInto,
  openDerivation,
  openHash,
  pullTag,
  pullText,
  readInto,
  squeezeInto,
} from "./dialect";
import { errno, ok, Out } from "./result";
import { AlgorithmType, CryptoErrno, SignatureEncoding, Version } from "./types";

export { readAll } from "./dialect";

/**
 * Hashes data, with `SHA-256` for instance.
 *
 * @param digest receives the hash; shorter than the hash, it receives its start. Functions such as `SHAKE-256` give as much as it has room for
 */
export function hash<Data, Digest>(algorithm: string, data: Data, digest: Digest): CryptoErrno {
  const opened = openHash(algorithm, lengthOf(digest));
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  let outcome = state.absorb(data);
  if (ok(outcome)) outcome = squeezeInto(state, digest);
  state.close();
  return outcome;
}

/**
 * Computes a message authentication code, with `HMAC/SHA-256` for instance.
 *
 * @param key a key of the same algorithm
 * @param tag receives the code
 */
export function mac<Data, Tag>(algorithm: string, key: SymmetricKey, data: Data, tag: Tag): CryptoErrno {
  const computed = computeTag(algorithm, key, data);
  return ok(computed) ? pullTag(SymmetricTag.of(computed), tag) : errno(computed);
}

/**
 * Checks a message authentication code, in constant time. The errno is `InvalidTag` if it is not the one
 * of the data under the key.
 */
export function macVerify<Data, Tag>(algorithm: string, key: SymmetricKey, data: Data, tag: Tag): CryptoErrno {
  const computed = computeTag(algorithm, key, data);
  if (!ok(computed)) return errno(computed);
  const expected = SymmetricTag.of(computed);
  const outcome = expected.verify(tag);
  expected.close();
  return outcome;
}

function computeTag<Data>(algorithm: string, key: SymmetricKey, data: Data): u64 {
  const opened = SymmetricState.open(algorithm, key);
  if (!ok(opened)) return opened;
  const state = SymmetricState.of(opened);
  const outcome = state.absorb(data);
  const tag = ok(outcome) ? state.squeezeTag() : failed(outcome);
  state.close();
  return tag;
}

/**
 * Encrypts and authenticates a message, with `AES-256-GCM` for instance.
 *
 * @param key a key of the same algorithm
 * @param nonce must never be used for two messages under one key; not secret
 * @param associatedData what is authenticated beside the message; may be empty
 * @param sealed receives ciphertext and tag: longer than the message by the size of the tag, which is
 * 16 bytes for most algorithms
 */
export function seal<Nonce, Data, Message, Sealed>(
  algorithm: string,
  key: SymmetricKey,
  nonce: Nonce,
  associatedData: Data,
  message: Message,
  sealed: Sealed,
): CryptoErrno {
  const opened = openCipher(algorithm, key, nonce, associatedData);
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  const outcome = encryptInto(state, sealed, message);
  state.close();
  return outcome;
}

/**
 * Encrypts and authenticates a message under a nonce that the host chooses. It does so for algorithms
 * whose nonces are long enough to be random, such as `XCHACHA20-POLY1305`; for others the errno is
 * `NonceRequired`.
 *
 * @param nonce receives the nonce, which `open` needs
 * @param sealed receives ciphertext and tag, as with `seal`
 */
export function sealFresh<Nonce, Data, Message, Sealed>(
  algorithm: string,
  key: SymmetricKey,
  nonce: Nonce,
  associatedData: Data,
  message: Message,
  sealed: Sealed,
): CryptoErrno {
  const opened = absorbed(SymmetricState.open(algorithm, key), associatedData);
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  let outcome = nonceInto(state, nonce);
  if (ok(outcome)) outcome = encryptInto(state, sealed, message);
  state.close();
  return outcome;
}

/**
 * Decrypts what `seal` or `sealFresh` made, with the same key, nonce and associated data. If anything was
 * changed, the errno is `InvalidTag` and `message` is all zero.
 *
 * @param message receives the message: shorter than `sealed` by the size of the tag
 */
export function open<Nonce, Data, Sealed, Message>(
  algorithm: string,
  key: SymmetricKey,
  nonce: Nonce,
  associatedData: Data,
  sealed: Sealed,
  message: Message,
): CryptoErrno {
  const opened = openCipher(algorithm, key, nonce, associatedData);
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  const outcome = decryptInto(state, message, sealed);
  state.close();
  return outcome;
}

function openCipher<Nonce, Data>(algorithm: string, key: SymmetricKey, nonce: Nonce, associatedData: Data): u64 {
  const made = Options.open(AlgorithmType.Symmetric);
  if (!ok(made)) return made;
  const options = Options.of(made);
  const outcome = options.set("nonce", nonce);
  const opened = ok(outcome) ? SymmetricState.open(algorithm, key, options) : failed(outcome);
  options.close();
  return absorbed(opened, associatedData);
}

/** A state that was opened and has taken its associated data; none at all counts as nothing absorbed. */
function absorbed<Data>(opened: u64, associatedData: Data): u64 {
  if (!ok(opened) || lengthOf(associatedData) == 0) return opened;
  const state = SymmetricState.of(opened);
  const outcome = state.absorb(associatedData);
  if (ok(outcome)) return opened;
  state.close();
  return failed(outcome);
}

/**
 * Signs a message.
 *
 * @param signature receives the signature in its raw form: 64 bytes for `Ed25519`
 */
export function sign<Message, Bytes>(keypair: Keypair, message: Message, signature: Bytes): CryptoErrno {
  const opened = SignatureState.open(keypair);
  if (!ok(opened)) return errno(opened);
  const state = SignatureState.of(opened);
  const outcome = state.update(message);
  const signed = ok(outcome) ? state.sign() : failed(outcome);
  state.close();
  if (!ok(signed)) return errno(signed);
  const made = Signature.of(signed);
  const exported = made.export(SignatureEncoding.Raw);
  made.close();
  return ok(exported) ? readInto(ArrayOutput.of(exported), signature) : errno(exported);
}

/**
 * Checks a signature in its raw form. The errno is `VerificationFailed` if it is not one of the message
 * under the key, and `InvalidSignature` if it is malformed.
 *
 * @param algorithm that of the key
 */
export function verify<Message, Bytes>(
  algorithm: string,
  publickey: Publickey,
  message: Message,
  signature: Bytes,
): CryptoErrno {
  const imported = Signature.import(algorithm, signature, SignatureEncoding.Raw);
  if (!ok(imported)) return errno(imported);
  const claimed = Signature.of(imported);
  const outcome = verifyImported(publickey, message, claimed);
  claimed.close();
  return outcome;
}

function verifyImported<Message>(publickey: Publickey, message: Message, signature: Signature): CryptoErrno {
  const opened = SignatureVerificationState.open(publickey);
  if (!ok(opened)) return errno(opened);
  const state = SignatureVerificationState.of(opened);
  let outcome = state.update(message);
  if (ok(outcome)) outcome = state.verify(signature);
  state.close();
  return outcome;
}

/**
 * Derives keys from a secret with HKDF (RFC 5869). Allocates the names of the two algorithms.
 *
 * @param hashName `SHA-256` or `SHA-512`
 * @param secret the input key material
 * @param salt may be empty
 * @param info what the keys are for; may be empty
 * @param derived receives the keys, up to 255 times the size of the hash
 */
export function hkdf<Secret, Salt, Info, Derived>(
  hashName: string,
  secret: Secret,
  salt: Salt,
  info: Info,
  derived: Derived,
): CryptoErrno {
  const extracted = hkdfExtract(hashName, secret, salt);
  if (!ok(extracted)) return errno(extracted);
  const key = SymmetricKey.of(extracted);
  const outcome = hkdfExpand(hashName, key, info, derived);
  key.close();
  return outcome;
}

/**
 * The first step of HKDF: makes a key of a secret, from which `hkdfExpand` derives others. It stays with the host.
 * Allocates the names of the two algorithms.
 *
 * @param secret the input key material
 * @param salt may be empty
 * @returns a result: `SymmetricKey.of` reads it
 */
export function hkdfExtract<Secret, Salt>(hashName: string, secret: Secret, salt: Salt): u64 {
  const extractName = "HKDF-EXTRACT/" + hashName;
  const imported = SymmetricKey.import(extractName, secret);
  if (!ok(imported)) return imported;
  const key = SymmetricKey.of(imported);
  const opened = SymmetricState.open(extractName, key);
  key.close();
  if (!ok(opened)) return opened;
  const state = SymmetricState.of(opened);
  const outcome = state.absorb(salt);
  const extracted = ok(outcome) ? state.squeezeKey("HKDF-EXPAND/" + hashName) : failed(outcome);
  state.close();
  return extracted;
}

/**
 * The second step of HKDF. Allocates the name of the algorithm.
 *
 * @param key what `hkdfExtract` made with the same hash, or a key for `HKDF-EXPAND` and it
 * @param info what is derived is for; may be empty
 * @param derived receives up to 255 times the size of the hash
 */
export function hkdfExpand<Info, Derived>(
  hashName: string,
  key: SymmetricKey,
  info: Info,
  derived: Derived,
): CryptoErrno {
  const opened = openDerivation("HKDF-EXPAND/" + hashName, key, lengthOf(derived));
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  let outcome = state.absorb(info);
  if (ok(outcome)) outcome = squeezeInto(state, derived);
  state.close();
  return outcome;
}

/**
 * Hashes a password for a database: slowly, with `ARGON2-ID-13` for instance, 2^26 bytes of memory and 3 passes. Salt and
 * costs stand in the string; nothing else has to be kept.
 *
 * @param memory in bytes; 0 where the algorithm has none: `PBKDF2-HMAC/SHA-256`, `BCRYPT`
 * @param passes how often the memory is gone through, iterations, or bcrypt's cost
 * @param stored receives the string at its start; 200 bytes are enough for all
 * @returns a result: `value` reads how many bytes the string has
 */
export function passwordHash<Password, Stored>(
  algorithm: string,
  password: Password,
  memory: u64,
  passes: u64,
  stored: Stored,
): u64 {
  const taken = takePassword(algorithm, password, memory, passes);
  return ok(taken) ? pullText(SymmetricTag.of(taken), stored) : taken;
}

/**
 * Checks a password against a string that `passwordHash` or another program made. The errno is `InvalidTag` if
 * the password is another one, or if the string takes more memory or work than these costs allow.
 *
 * @param memory as for `passwordHash`: what new strings take. Stored ones may take less
 * @param stored exactly the string
 */
export function passwordVerify<Password, Stored>(
  algorithm: string,
  password: Password,
  memory: u64,
  passes: u64,
  stored: Stored,
): CryptoErrno {
  const taken = takePassword(algorithm, password, memory, passes);
  if (!ok(taken)) return errno(taken);
  const tag = SymmetricTag.of(taken);
  const outcome = tag.verify(stored);
  tag.close();
  return outcome;
}

/** A tag that stands for the password: the host hashes it when it is pulled or compared. */
function takePassword<Password>(algorithm: string, password: Password, memory: u64, passes: u64): u64 {
  const made = Options.open(AlgorithmType.Symmetric);
  if (!ok(made)) return made;
  const options = Options.of(made);
  let outcome = options.setU64("ops_limit", passes);
  if (ok(outcome) && memory > 0) outcome = options.setU64("memory_limit", memory);
  const opened = ok(outcome) ? SymmetricState.open(algorithm, null, options) : failed(outcome);
  options.close();
  if (!ok(opened)) return opened;
  const state = SymmetricState.of(opened);
  outcome = state.absorb(password);
  const tag = ok(outcome) ? state.squeezeTag() : failed(outcome);
  state.close();
  return tag;
}

/**
 * Computes a shared secret by Diffie-Hellman, with `X25519` for instance. Derive keys from it with `hkdf`;
 * do not use it as one.
 *
 * @param publickey of the other side
 * @param secretkey one's own
 * @param secret receives the shared secret: 32 bytes for `X25519`
 */
export function dh<Secret>(publickey: Publickey, secretkey: Secretkey, secret: Secret): CryptoErrno {
  const shared = publickey.kxDh(secretkey);
  return ok(shared) ? readInto(ArrayOutput.of(shared), secret) : errno(shared);
}

/**
 * Makes a shared secret for the owner of a public key, with `X-WING` for instance.
 *
 * @param secret receives the shared secret, to be kept: 32 bytes for `X-WING`
 * @param encapsulated receives what the other side needs to get the same secret: 1120 bytes for `X-WING`
 */
export function encapsulate<Secret, Encapsulated>(
  publickey: Publickey,
  secret: Secret,
  encapsulated: Encapsulated,
): CryptoErrno {
  return encapsulateInto(publickey, secret, encapsulated);
}

/**
 * Recovers the shared secret that `encapsulate` made.
 *
 * @param encapsulated what the other side sent
 * @param secret receives the shared secret
 */
export function decapsulate<Encapsulated, Secret>(
  secretkey: Secretkey,
  encapsulated: Encapsulated,
  secret: Secret,
): CryptoErrno {
  const shared = secretkey.kxDecapsulate(encapsulated);
  return ok(shared) ? readInto(ArrayOutput.of(shared), secret) : errno(shared);
}

/**
 * Gets the latest version of a managed key.
 *
 * @param type `AlgorithmType.Symmetric` for a key, any other for a key pair
 * @param id its identifier, of 32 bytes
 * @returns a result: `SymmetricKey.of` reads it, or `Keypair.of`
 */
export function keyById<Id>(manager: SecretsManager, type: AlgorithmType, id: Id): u64 {
  if (type == AlgorithmType.Symmetric) return SymmetricKey.fromId(manager, id, Version.Latest);
  return Keypair.fromId(manager, id, Version.Latest);
}

/**
 * Gets the latest version of a key that the owner of the host keeps under a name.
 *
 * @param type `AlgorithmType.Symmetric` for a key, any other for a key pair
 * @returns a result: `SymmetricKey.of` reads it, or `Keypair.of`
 */
export function keyByName(manager: SecretsManager, type: AlgorithmType, name: string): u64 {
  const id = new StaticArray<u8>(32);
  const outcome = idOfName(name, id);
  return ok(outcome) ? keyById(manager, type, id) : failed(outcome);
}

/** The identifier of a named key: the hash of a prefix, which ends with a zero byte, and the name. @param id receives 32 bytes */
export function idOfName<Id>(name: string, id: Id): CryptoErrno {
  const opened = SymmetricState.open("SHA-256");
  if (!ok(opened)) return errno(opened);
  const state = SymmetricState.of(opened);
  let outcome = state.absorb(String.UTF8.encode("wasi-crypto-key-name", true));
  if (ok(outcome)) outcome = state.absorb(String.UTF8.encode(name));
  if (ok(outcome)) outcome = squeezeInto(state, id);
  state.close();
  return outcome;
}

/**
 * Makes a new key, which becomes the latest version of a managed one. Earlier versions stay: what they have signed or sealed can
 * still be verified or opened.
 *
 * @param type of the algorithm
 * @param algorithm that of the key
 * @param id its identifier, of 32 bytes
 * @returns a result: the new key, which `SymmetricKey.of` reads, or `Keypair.of`
 */
export function rotate<Id>(manager: SecretsManager, type: AlgorithmType, algorithm: string, id: Id): u64 {
  const found = keyById(manager, type, id);
  if (!ok(found)) return found;
  const made = type == AlgorithmType.Symmetric ? SymmetricKey.generate(algorithm) : Keypair.generate(type, algorithm);
  if (type == AlgorithmType.Symmetric) {
    const old = SymmetricKey.of(found);
    if (!ok(made)) {
      old.close();
      return made;
    }
    const outcome = old.replaceManaged(manager, SymmetricKey.of(made), new Out<Version>());
    if (ok(outcome)) return made;
    closeUnreplaced(old);
    SymmetricKey.of(made).close();
    return failed(outcome);
  }
  const old = Keypair.of(found);
  if (!ok(made)) {
    old.close();
    return made;
  }
  const outcome = old.replaceManaged(manager, Keypair.of(made), new Out<Version>());
  if (ok(outcome)) return made;
  closeUnreplaced(old);
  Keypair.of(made).close();
  return failed(outcome);
}

/** The result of a call that failed. */
function failed(errno: CryptoErrno): u64 {
  return (<u64>(<u32>errno)) << 32;
}
