// Signs with a key that the host keeps under a name, rotates it, and shows that yesterday's signatures still verify.
import {
  AlgorithmType,
  CryptoErrno,
  expect,
  idOfName,
  keyByName,
  Keypair,
  Publickey,
  rotate,
  SecretsManager,
  sign,
  verify,
  Version,
} from "wasi-crypto";

const NAME = "signing";
const ALGORITHM = "Ed25519";
const message = String.UTF8.encode("an order of yesterday");

function accepted(publickey: Publickey, signature: Uint8Array): string {
  return verify(ALGORITHM, publickey, message, signature) == CryptoErrno.Success ? "accepted" : "refused";
}

const manager = SecretsManager.expect(SecretsManager.open());
const old = Keypair.expect(keyByName(manager, AlgorithmType.Signatures, NAME), "looking the key up");
const yesterday = new Uint8Array(64);
expect(sign(old, message, yesterday), "signing");
console.log("signed    by the key named " + NAME);

const id = new Uint8Array(32);
expect(idOfName(NAME, id));
const latest = Keypair.expect(rotate(manager, AlgorithmType.Signatures, ALGORITHM, id), "rotating");
const today = new Uint8Array(64);
expect(sign(latest, message, today), "signing again");

const found = Keypair.expect(keyByName(manager, AlgorithmType.Signatures, NAME));
const newHalf = Publickey.expect(found.publickey());
const oldHalf = Publickey.expect(old.publickey());
console.log("rotated   the latest key accepts today's signature: " + accepted(newHalf, today));
console.log("yesterday the latest key: " + accepted(newHalf, yesterday) + ", the one before: " + accepted(oldHalf, yesterday));

// The first version of all is still there under its number.
const first = Keypair.fromId(manager, id, 1 as Version);
console.log("version 1 " + (Keypair.of(first).handle != 0 ? "is still there" : "is gone"));
