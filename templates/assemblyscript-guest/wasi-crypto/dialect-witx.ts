/**
 * What the recipes need and each ABI does in its own way: getting bytes out. Here the host fills
 * buffers of the guest. None of these functions leaves the object it reads from open, whatever happens.
 */
import { addressOf, lengthOf } from "./buffers";
import { ArrayOutput } from "./classes/array-output";
import { Publickey } from "./classes/publickey";
import { SymmetricKey } from "./classes/symmetric-key";
import { SymmetricState } from "./classes/symmetric-state";
import { SymmetricTag } from "./classes/symmetric-tag";
import { AREA } from "./memory";
import { array_output_pull } from "./raw/common";
import { kx_encapsulate } from "./raw/kx";
import { symmetric_tag_pull } from "./raw/symmetric";
import { errno, ok, value } from "./result";
import { CryptoErrno } from "./types";

/** Opens a state that is to hash into `length` bytes: `squeezeInto` says how many. */
export function openHash(algorithm: string, length: usize): u64 {
  return SymmetricState.open(algorithm);
}

/** Opens a state that is to derive `length` bytes: `squeezeInto` says how many. */
export function openDerivation(algorithm: string, key: SymmetricKey, length: usize): u64 {
  return SymmetricState.open(algorithm, key);
}

/** Fills a buffer with the output of a state. */
export function squeezeInto<Bytes>(state: SymmetricState, output: Bytes): CryptoErrno {
  return state.squeeze(output);
}

/** Encrypts a message into a buffer that has room for its tag. */
export function encryptInto<Sealed, Message>(state: SymmetricState, sealed: Sealed, message: Message): CryptoErrno {
  return errno(state.encrypt(sealed, message));
}

/** Decrypts what `encryptInto` made. */
export function decryptInto<Message, Sealed>(state: SymmetricState, message: Message, sealed: Sealed): CryptoErrno {
  return errno(state.decrypt(message, sealed));
}

/** Copies the nonce of a state, which has exactly the size of the buffer. */
export function nonceInto<Nonce>(state: SymmetricState, nonce: Nonce): CryptoErrno {
  const read = state.optionsGet("nonce", nonce);
  if (ok(read) && <usize>value(read) != lengthOf(nonce)) return CryptoErrno.InvalidLength;
  return errno(read);
}

/** Copies a tag, which has exactly the size of the buffer, and closes it. */
export function pullTag<Tag>(tag: SymmetricTag, bytes: Tag): CryptoErrno {
  const pulled = tag.pull(bytes);
  if (!ok(pulled)) tag.close();
  return errno(pulled);
}

/** Copies a tag to the start of a buffer, and closes it. Returns a result: its size. */
export function pullText<Text>(tag: SymmetricTag, text: Text): u64 {
  const length = tag.len();
  const fits = ok(length) && <usize>value(length) <= lengthOf(text);
  const failure = fits ? symmetric_tag_pull(tag.handle, addressOf(text), value(length), AREA) : errno(length);
  if (fits && failure == 0) return length;
  tag.close();
  return (<u64>(<u32>(failure == 0 ? CryptoErrno.Overflow : failure))) << 32;
}

/** Copies an `ArrayOutput`, which has exactly the size of the buffer, and closes it. */
export function readInto<Bytes>(output: ArrayOutput, bytes: Bytes): CryptoErrno {
  const length = output.len();
  if (!ok(length)) return errno(length);
  if (<usize>value(length) == lengthOf(bytes)) return errno(output.pull(bytes));
  discard(output);
  return <usize>value(length) > lengthOf(bytes) ? CryptoErrno.Overflow : CryptoErrno.InvalidLength;
}

/** An `ArrayOutput` can only be closed by reading it; what is read may be secret. */
export function discard(output: ArrayOutput): void {
  const length = value(output.len());
  const block = heap.alloc(length);
  array_output_pull(output.handle, block, length, AREA);
  memory.fill(block, 0, length);
  heap.free(block);
}

/** Makes a shared secret and its encapsulation, each of exactly the size of its buffer. */
export function encapsulateInto<Secret, Encapsulated>(
  publickey: Publickey,
  secret: Secret,
  encapsulated: Encapsulated,
): CryptoErrno {
  const failure = kx_encapsulate(publickey.handle, AREA, AREA + 4);
  if (failure != 0) return failure;
  const first = changetype<ArrayOutput>(load<u32>(AREA));
  const second = changetype<ArrayOutput>(load<u32>(AREA, 4));
  const read = readInto(first, secret);
  if (ok(read)) return readInto(second, encapsulated);
  discard(second);
  return read;
}

/** A key that could not be replaced stays open. */
export function closeUnreplaced<Key>(key: Key): void {
  key.close();
}

/**
 * The bytes of an `ArrayOutput`, which this closes; null when it cannot be read.
 *
 * Allocates the array it returns.
 */
export function readAll(output: ArrayOutput): Uint8Array | null {
  const length = output.len();
  if (!ok(length)) return null;
  const bytes = new Uint8Array(<i32>value(length));
  return ok(output.pull(bytes)) ? bytes : null;
}
