/**
 * Password hashing: slow on purpose. What is absorbed is the password; squeezing gives a key, a tag is the string to store,
 * with salt and costs in it, and verifying a stored string computes it anew.
 */
import { hashWasm, hashWasmArgon2, hashWasmBcrypt } from '../../backends/hash-wasm.js';
import { nobleArgon2 } from '../../backends/noble-argon2.js';
import { nobleHashes } from '../../backends/noble.js';
import { openssl } from '../../backends/openssl/backend.js';
import { opensslArgon2, opensslPbkdf2, opensslScrypt } from '../../backends/openssl/passwords.js';
import { newBytes, takeCopy } from '../../blocks.js';
import { ByteCollector, part, sameBytes } from '../../bytes.js';
import type { PasswordFunction } from '../../contracts/primitives.js';
import { fail } from '../../failures.js';
import type { Account } from '../../meter.js';
import { SymmetricState, type StateSetup } from '../../objects/symmetric-states.js';
import { requireSize, SymmetricTag } from '../../objects/symmetric-tags.js';
import { RESULT_COST } from '../../prices.js';
import type { AlgorithmFacts, Implementation, SymmetricAlgorithm } from '../descriptor.js';
import type { SymmetricEntry } from './entry.js';
import { argon2id, bcrypt, pbkdf2, scrypt, type Price, type Scheme } from './password-schemes.js';

const NATURAL_BYTES = 32;
const SALT_BYTES = 16;

/** A scheme, who computes it, and what the guest's host lets it cost. */
interface Hasher<Cost> {
  readonly scheme: Scheme<Cost>;
  readonly derive: PasswordFunction<Cost>['derive'];
  readonly cost: Cost;
}

function passwordAlgorithm<Cost>(
  id: string,
  scheme: Scheme<Cost>,
  { derive }: PasswordFunction<Cost>,
): SymmetricAlgorithm {
  return {
    id,
    category: 'symmetric',
    key: undefined,
    nonce: undefined,
    options: scheme.options,
    requiredOptions: scheme.requiredOptions,
    naturalOutput: scheme.output === undefined ? undefined : NATURAL_BYTES,
    authenticated: undefined,
    open(setup) {
      const { options, context } = setup;
      const cost = scheme.costOf(options);
      const { memory, work } = scheme.price(cost, scheme.hash);
      // Known to be too much already.
      if (work > context.limits.callCost || memory > context.limits.totalBytes) throw fail.Overflow;
      const buffer = options.get('buffer');
      if (buffer !== undefined && buffer.length < memory) throw fail.Overflow;
      const salt = options.get('salt');
      if (salt !== undefined && (salt.length < scheme.salt.minimum || salt.length > scheme.salt.maximum))
        throw fail.InvalidLength;
      const limit = Math.min(context.limits.messageBytes, scheme.password);
      const password = new ByteCollector(limit, context.meter.accounts.symmetricState);
      return new PasswordState(setup, { scheme, derive, cost }, password);
    },
  };
}

class PasswordState<Cost> extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;
  readonly #hasher: Hasher<Cost>;
  readonly #password: ByteCollector;

  constructor(setup: StateSetup, hasher: Hasher<Cost>, password: ByteCollector) {
    super();
    this.setup = setup;
    this.#hasher = hasher;
    this.#password = password;
  }

  override absorb(data: Uint8Array): void {
    if (this.#password.length + data.length > this.#hasher.scheme.password) throw fail.InvalidLength;
    this.#password.append(data);
  }

  override squeeze(out: Uint8Array): void {
    const { scheme, derive, cost } = this.#hasher;
    if (scheme.output === undefined) throw fail.InvalidOperation;
    const salt = this.options.get('salt');
    if (salt === undefined) throw fail.ParametersMissing;
    if (out.length < scheme.output) throw fail.InvalidLength;
    paid(this.account, scheme.price(cost, out.length), () => derive(cost, this.#password.view(), salt, out));
  }

  override squeezeTag(): SymmetricTag {
    const salt = this.options.get('salt');
    return new PasswordTag(
      this.context.meter.accounts.symmetricTag,
      takeCopy(this.#password.view()),
      this.#hasher,
      salt === undefined ? this.context.random.bytes(SALT_BYTES) : new Uint8Array(salt),
    );
  }

  override clone(): PasswordState<Cost> {
    const password = this.#password.clone();
    return new PasswordState(this.clonedSetup(), this.#hasher, password);
  }

  protected override dispose(): void {
    this.#password.wipe();
    super.dispose();
  }
}

/** A password that is not hashed yet: that is done when the string is asked for, or compared. */
class PasswordTag<Cost> extends SymmetricTag {
  readonly #account: Account;
  readonly #hasher: Hasher<Cost>;
  readonly #salt: Uint8Array;
  /** The string's beginning. */
  readonly #head: string;

  constructor(account: Account, password: Uint8Array<ArrayBuffer>, hasher: Hasher<Cost>, salt: Uint8Array) {
    super(account, password);
    this.#account = account;
    this.#hasher = hasher;
    this.#salt = salt;
    this.#head = hasher.scheme.head(hasher.cost);
  }

  override get length(): number {
    const { scheme } = this.#hasher;
    return this.#head.length + scheme.text.size(this.#salt.length, scheme.hash);
  }

  override pull(into: Uint8Array): number {
    const { length } = this;
    requireSize(into, length);
    const { scheme, cost } = this.#hasher;
    const hash = newBytes(scheme.hash);
    try {
      this.#derive(cost, this.#salt, hash);
      new TextEncoder().encodeInto(this.#head, into);
      scheme.text.write(this.#salt, hash, part(into, this.#head.length, length));
    } finally {
      hash.fill(0);
    }
    this.consume();
    return length;
  }

  /** Against a stored string. One that costs more than new ones may is refused before any work, like one that is malformed. */
  override verify(expected: Uint8Array): void {
    const { scheme, cost } = this.#hasher;
    const stored = scheme.read(new Uint8Array(expected));
    if (stored === undefined) throw fail.InvalidTag;
    const [most, price] = [scheme.price(cost, scheme.hash), scheme.price(stored.cost, stored.hash.length)];
    if (price.memory > most.memory || price.work > most.work) throw fail.InvalidTag;
    const hash = newBytes(stored.hash.length);
    try {
      this.#derive(stored.cost, stored.salt, hash);
      if (!sameBytes(hash, stored.hash)) throw fail.InvalidTag;
    } finally {
      hash.fill(0);
      stored.hash.fill(0);
    }
  }

  #derive(cost: Cost, salt: Uint8Array, out: Uint8Array): void {
    const { scheme, derive } = this.#hasher;
    paid(this.#account, scheme.price(cost, out.length), () => derive(cost, this.bytes, salt, out));
  }
}

/** Its memory is the guest's while it runs. Errors: `overflow`. */
function paid(account: Account, { memory, work }: Price, run: () => void): void {
  account.charge(memory);
  try {
    account.spend(RESULT_COST + work);
    run();
  } finally {
    account.giveBack(memory);
  }
}

function entry(
  id: string,
  facts: Omit<AlgorithmFacts, 'passwords'>,
  implementations: readonly Implementation<SymmetricAlgorithm>[],
): SymmetricEntry {
  return { ...facts, passwords: true, id, category: 'symmetric', implementations };
}

function pbkdf2Entry(hash: string, digest: string, length: number, iteration: number): SymmetricEntry {
  const id = `PBKDF2-HMAC/${hash}`;
  const scheme = pbkdf2(`pbkdf2-${digest}`, length, iteration);
  return entry(id, { tier: 'extra', approved: 'SP 800-132', vectors: ['wycheproof'] }, [
    { backend: openssl, constantTime: 'library', make: () => passwordAlgorithm(id, scheme, opensslPbkdf2(digest)) },
  ]);
}

/** Argon2id reads memory where earlier halves of passes send it, by the salt alone; later by the password. */
export const passwords: readonly SymmetricEntry[] = [
  entry('ARGON2-ID-13', { tier: 'optional', vectors: ['extras'] }, [
    {
      backend: openssl,
      constantTime: 'library',
      make: () => passwordAlgorithm('ARGON2-ID-13', argon2id, opensslArgon2()),
    },
    {
      backend: hashWasm,
      constantTime: 'best-effort',
      make: () => passwordAlgorithm('ARGON2-ID-13', argon2id, hashWasmArgon2()),
    },
    {
      backend: nobleHashes,
      constantTime: 'best-effort',
      make: () => passwordAlgorithm('ARGON2-ID-13', argon2id, nobleArgon2()),
    },
  ]),
  entry('SCRYPT', { tier: 'extra', vectors: ['extras'] }, [
    { backend: openssl, constantTime: 'library', make: () => passwordAlgorithm('SCRYPT', scrypt, opensslScrypt()) },
  ]),
  pbkdf2Entry('SHA-256', 'sha256', 32, 300),
  pbkdf2Entry('SHA-512', 'sha512', 64, 500),
  entry('BCRYPT', { tier: 'extra', vectors: ['extras'] }, [
    {
      backend: hashWasm,
      constantTime: 'best-effort',
      make: () => passwordAlgorithm('BCRYPT', bcrypt, hashWasmBcrypt()),
    },
  ]),
];
