// Prints the SHA-256 of a file, or of the standard input, as `sha256sum` does.
import { Slice, SymmetricState, expect } from "wasi-crypto";
import { Input } from "./input";

const path = process.argv.length > 1 ? process.argv[1] : "-";
const input = path == "-" ? Input.standard() : Input.file(path);

const state = SymmetricState.expect(SymmetricState.open("SHA-256"), "opening SHA-256");
const chunk = new StaticArray<u8>(65536);
const piece = new Slice();
for (let count = input.read(chunk); count > 0; count = input.read(chunk)) {
  expect(state.absorb(piece.of(chunk, 0, count)), "hashing");
}

const digest = new Uint8Array(32);
expect(state.squeeze(digest), "finishing the hash");
expect(state.close());

let line = "";
for (let index = 0; index < digest.length; index += 1) line += digest[index].toString(16).padStart(2, "0");
console.log(line + "  " + path);
