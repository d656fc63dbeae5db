/** What the recipes need and each ABI does in its own way: getting bytes out. Here the host fills buffers of the guest. */
import { Slice } from "./buffers";
import { encodingDecode, encodingEncode, paddingPad } from "./functions";
import { ExtErrno, PaddingScheme, TextEncoding } from "./types";

/** No characters to be passed over. */
const none = new Slice();

export function encodeInto<Data, Text>(encoding: TextEncoding, data: Data, text: Text): ExtErrno {
  return encodingEncode(encoding, data, text);
}

/** Returns a result: the number of bytes. */
export function decodeInto<Text, Data>(encoding: TextEncoding, text: Text, data: Data): u64 {
  return encodingDecode(encoding, text, none, data);
}

export function padInto<Message, Padded>(scheme: PaddingScheme, block: u32, message: Message, padded: Padded): ExtErrno {
  return paddingPad(scheme, block, message, padded);
}
