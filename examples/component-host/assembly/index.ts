import { AlgorithmType, ArrayOutput, expect, hash, Keypair, Publickey, PublickeyEncoding, readAll, sign } from "wasi-crypto";
import { Request, Response } from "example-requests";

export function handle(request: Request): Response {
  if (request.path == "/digest") return new Response(200, digest(request.body));
  if (request.path == "/sign") return new Response(200, signed(request.body));
  return new Response(404, "there is /digest and /sign\n");
}

function digest(body: Uint8Array): string {
  const bytes = new Uint8Array(32);
  expect(hash("SHA-256", body, bytes), "hashing");
  return hex(bytes) + "\n";
}

/** A key of its own for every request: the public half, then the signature. */
function signed(body: Uint8Array): string {
  const keypair = Keypair.expect(Keypair.generate(AlgorithmType.Signatures, "Ed25519"));
  const publickey = Publickey.expect(keypair.publickey());
  const encoded = readAll(ArrayOutput.expect(publickey.export(PublickeyEncoding.Raw)))!;
  const signature = new Uint8Array(64);
  expect(sign(keypair, body, signature), "signing");
  // Nothing is closed: the instance ends with the request, and its host wipes what it holds.
  return hex(encoded) + "\n" + hex(signature) + "\n";
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 1) text += bytes[index].toString(16).padStart(2, "0");
  return text;
}
