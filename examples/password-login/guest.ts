// Stores a password as a string, checks it at login, and raises the cost of what was stored before costs were raised.
import { CryptoErrno, cryptoErrnoName, expect, passwordHash, passwordVerify, value } from "wasi-crypto";

const ALGORITHM = "ARGON2-ID-13";

/** What a hash costs: so many bytes of memory, gone through so many times. */
class Cost {
  constructor(readonly memory: u64, readonly passes: u64) {}

  /** How strings of this cost begin. */
  get head(): string {
    return `$argon2id$v=19$m=${this.memory / 1024},t=${this.passes},p=1$`;
  }
}

const yesterday = new Cost(8 << 20, 1);
const today = new Cost(19 << 20, 2);
const password = process.argv.length > 1 ? process.argv[1] : "correct horse battery staple";

function register(password: string, cost: Cost): string {
  const bytes = String.UTF8.encode(password);
  const room = new Uint8Array(200);
  const stored = passwordHash(ALGORITHM, bytes, cost.memory, cost.passes, room);
  expect(stored, "hashing the password");
  return String.UTF8.decode(room.buffer.slice(0, value(stored)));
}

/** What is to be stored from now on; null: this is not the password. */
function login(password: string, stored: string): string | null {
  const bytes = String.UTF8.encode(password);
  const outcome = passwordVerify(ALGORITHM, bytes, today.memory, today.passes, String.UTF8.encode(stored));
  if (outcome == CryptoErrno.InvalidTag) return null;
  if (outcome != CryptoErrno.Success) throw new Error(cryptoErrnoName(outcome));
  // Only now is the password at hand to be hashed at the higher cost.
  return stored.startsWith(today.head) ? stored : register(password, today);
}

const old = register(password, yesterday);
console.log("stored    " + old);
console.log("wrong     " + (login(password + "!", old) == null ? "refused" : "accepted"));
const kept = login(password, old);
if (kept == null) throw new Error("the right password was refused");
const renewed = <string>kept;
console.log("right     accepted");
console.log("stored    " + renewed);
console.log("again     " + (login(password, renewed) == kept ? "accepted, and stays as it is" : "refused"));
