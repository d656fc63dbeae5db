/**
 * What the recipes need and each ABI does in its own way: getting bytes out. Here the host returns bytes of
 * the size it finds right, which are then copied to the buffer and overwritten. None of these functions
 * leaves the object it reads from open, whatever happens.
 */
import { Bytes } from "../canonical/bytes";
import { AREA, takeErrno } from "../canonical/memory";
import { addressOf, lengthOf } from "./buffers";
import { ArrayOutput } from "./classes/array-output";
import { Options } from "./classes/options";
import { Publickey } from "./classes/publickey";
import { SymmetricKey } from "./classes/symmetric-key";
import { SymmetricState } from "./classes/symmetric-state";
import { SymmetricTag } from "./classes/symmetric-tag";
import { kx_encapsulate } from "./raw/kx";
import { errno, ok } from "./result";
import { AlgorithmType, CryptoErrno } from "./types";

/** Empty between the calls of these functions. */
const received = new Bytes();

/** Fills a buffer with what was received, which has exactly its size. */
function fill<Buffer>(outcome: CryptoErrno, buffer: Buffer): CryptoErrno {
  if (ok(outcome) && received.length > lengthOf(buffer)) return refuse(CryptoErrno.Overflow);
  return fillStart(outcome, buffer);
}

/** Fills a buffer with the start of what was received. */
function fillStart<Buffer>(outcome: CryptoErrno, buffer: Buffer): CryptoErrno {
  if (ok(outcome) && received.length < lengthOf(buffer)) return refuse(CryptoErrno.InvalidLength);
  if (ok(outcome)) received.copyTo(buffer);
  received.free();
  return outcome;
}

function refuse(failure: CryptoErrno): CryptoErrno {
  received.free();
  return failure;
}

/** Opens a state that is to hash into `length` bytes. */
export function openHash(algorithm: string, length: usize): u64 {
  // Functions that can have more have 32 bytes at least: a shorter hash is their start.
  if (length <= 32) return SymmetricState.open(algorithm);
  const opened = openFor(algorithm, null, length);
  // Those of one length do not have the option.
  return errno(opened) == CryptoErrno.UnsupportedOption ? SymmetricState.open(algorithm) : opened;
}

/** Opens a state that is to derive `length` bytes. */
export function openDerivation(algorithm: string, key: SymmetricKey, length: usize): u64 {
  // The output has a length of its own unless told otherwise; none at all is the start of that one.
  return length == 0 ? SymmetricState.open(algorithm, key) : openFor(algorithm, key, length);
}

/** Opens a state whose output has `length` bytes. */
function openFor(algorithm: string, key: SymmetricKey | null, length: usize): u64 {
  const made = Options.open(AlgorithmType.Symmetric);
  if (!ok(made)) return made;
  const options = Options.of(made);
  const outcome = options.setU64("output_len", length);
  const opened = ok(outcome) ? SymmetricState.open(algorithm, key, options) : (<u64>(<u32>outcome)) << 32;
  options.close();
  return opened;
}

/** Fills a buffer with the output of a state, or with its start. */
export function squeezeInto<Buffer>(state: SymmetricState, output: Buffer): CryptoErrno {
  return fillStart(state.squeeze(received), output);
}

/** Encrypts a message into a buffer that has room for its tag. */
export function encryptInto<Sealed, Message>(state: SymmetricState, sealed: Sealed, message: Message): CryptoErrno {
  return fill(state.encrypt(message, received), sealed);
}

/** Decrypts what `encryptInto` made. */
export function decryptInto<Message, Sealed>(state: SymmetricState, message: Message, sealed: Sealed): CryptoErrno {
  const outcome = state.decrypt(sealed, <u32>lengthOf(message), received);
  if (outcome == CryptoErrno.InvalidTag) memory.fill(addressOf(message), 0, lengthOf(message));
  return fill(outcome, message);
}

/** Copies the nonce of a state, which has exactly the size of the buffer. */
export function nonceInto<Nonce>(state: SymmetricState, nonce: Nonce): CryptoErrno {
  return fill(state.optionsGet("nonce", received), nonce);
}

/** Copies a tag, which has exactly the size of the buffer, and closes it. */
export function pullTag<Tag>(tag: SymmetricTag, bytes: Tag): CryptoErrno {
  return fill(tag.pull(received), bytes);
}

/** Copies a tag to the start of a buffer, and closes it. Returns a result: its size. */
export function pullText<Text>(tag: SymmetricTag, text: Text): u64 {
  let outcome = tag.pull(received);
  const length = received.length;
  if (ok(outcome) && length > lengthOf(text)) outcome = CryptoErrno.Overflow;
  if (ok(outcome)) received.copyTo(text);
  received.free();
  return ok(outcome) ? length : (<u64>(<u32>outcome)) << 32;
}

/** Copies an `ArrayOutput`, which has exactly the size of the buffer, and closes it. */
export function readInto<Buffer>(output: ArrayOutput, bytes: Buffer): CryptoErrno {
  return fill(output.pull(received), bytes);
}

/** Makes a shared secret and its encapsulation, each of exactly the size of its buffer. */
export function encapsulateInto<Secret, Encapsulated>(
  publickey: Publickey,
  secret: Secret,
  encapsulated: Encapsulated,
): CryptoErrno {
  kx_encapsulate(publickey.handle, AREA);
  // A tag of one byte; then, at 4, both handles or the errno.
  const failure = takeErrno<u8>(AREA, 4);
  if (failure != 0) return failure;
  const first = changetype<ArrayOutput>(load<u32>(AREA, 4));
  const second = changetype<ArrayOutput>(load<u32>(AREA, 8));
  const read = readInto(first, secret);
  if (ok(read)) return readInto(second, encapsulated);
  second.close();
  return read;
}

/** A key that could not be replaced has gone over to the host all the same. */
export function closeUnreplaced<Key>(key: Key): void {}

/**
 * The bytes of an `ArrayOutput`, which this closes; null when it cannot be read.
 *
 * Allocates the array it returns.
 */
export function readAll(output: ArrayOutput): Uint8Array | null {
  const bytes = ok(output.pull(received)) ? received.toArray() : null;
  received.free();
  return bytes;
}
