/**
 * What the recipes need and each ABI does in its own way: getting bytes out. Here the host returns bytes of the size it
 * finds right, which are then copied to the buffer and overwritten.
 */
import { Bytes } from "../canonical/bytes";
import { lengthOf, Slice } from "./buffers";
import { encodingDecode, encodingEncode, paddingPad } from "./functions";
import { ok } from "./result";
import { ExtErrno, PaddingScheme, TextEncoding } from "./types";

/** No characters to be passed over. */
const none = new Slice();
/** Empty between the calls of these functions. */
const received = new Bytes();

/** Fills a buffer with what was received, which has exactly its size. */
function fill<Buffer>(outcome: ExtErrno, buffer: Buffer): ExtErrno {
  let judged = outcome;
  if (ok(judged) && received.length > lengthOf(buffer)) judged = ExtErrno.Overflow;
  if (ok(judged) && received.length < lengthOf(buffer)) judged = ExtErrno.InvalidLength;
  if (ok(judged)) received.copyTo(buffer);
  received.free();
  return judged;
}

export function encodeInto<Data, Text>(encoding: TextEncoding, data: Data, text: Text): ExtErrno {
  return fill(encodingEncode(encoding, data, received), text);
}

/** Returns a result: the number of bytes. */
export function decodeInto<Text, Data>(encoding: TextEncoding, text: Text, data: Data): u64 {
  let outcome = encodingDecode(encoding, text, none, received);
  if (ok(outcome) && received.length > lengthOf(data)) outcome = ExtErrno.Overflow;
  const length = ok(outcome) ? <u32>received.copyTo(data) : 0;
  received.free();
  return (<u64>(<u32>outcome) << 32) | length;
}

export function padInto<Message, Padded>(scheme: PaddingScheme, block: u32, message: Message, padded: Padded): ExtErrno {
  return fill(paddingPad(scheme, block, message, received), padded);
}
