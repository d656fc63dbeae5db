// Signs with a key that is made in an HSM and never leaves it; what others keep of it is its public half.
import {
  AlgorithmType,
  CryptoErrno,
  Keypair,
  KeypairEncoding,
  Publickey,
  SecretsManager,
  cryptoErrnoName,
  errno,
  expect,
  sign,
  verify,
} from "wasi-crypto";

const SIGNER = "ECDSA_P256_SHA256";

const text = process.argv.length > 1 ? process.argv[1] : "The quick brown fox jumps over the lazy dog.";
const message = Uint8Array.wrap(String.UTF8.encode(text));

function outcome(answer: CryptoErrno): string {
  return answer == CryptoErrno.Success ? "accepted" : "refused: " + cryptoErrnoName(answer);
}

const manager = SecretsManager.expect(SecretsManager.open(), "opening the secrets manager");
const keypair = Keypair.expect(
  Keypair.generateManaged(manager, AlgorithmType.Signatures, SIGNER),
  "making a key pair in the HSM",
);
const publickey = Publickey.expect(keypair.publickey());

const signature = new Uint8Array(64);
expect(sign(keypair, message, signature), "signing");
console.log("signed    " + signature.length.toString() + " bytes");
console.log("verified  " + outcome(verify(SIGNER, publickey, message, signature)));
message[0] ^= 1;
console.log("altered   " + outcome(verify(SIGNER, publickey, message, signature)));
console.log("exported  " + outcome(errno(keypair.export(KeypairEncoding.Pkcs8))));

expect(publickey.close());
expect(keypair.close());
expect(manager.close());
