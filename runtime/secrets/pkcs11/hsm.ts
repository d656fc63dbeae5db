/**
 * Keys in an HSM, through PKCS#11: made inside, never extractable, used there. It is a keeper of keys for `openKeyStore`, and has
 * key-encryption keys for stores.
 *
 * An object in the token is durable before the record that refers to it is written, and goes after it. What an interruption leaves
 * is a key without a record, which `verify` of the store names. Objects are ours by their labels.
 */
import { randomFillSync } from 'node:crypto';
import { newBytes } from '../../blocks.js';
import { concat, copyOf, part, wipe } from '../../bytes.js';
import { fail, isFailure } from '../../failures.js';
import { fields } from '../fields.js';
import type { HeldKey } from '../../contracts/primitives.js';
import type { Charge, KeptPair, KeyKeeper, KeyKind } from '../keeper.js';
import type { KeyEncryptionKey } from '../key-encryption.js';
import { SecretsError } from '../store.js';
import type { Anchor } from '../vault.js';
import { Attribute, type Handle, ObjectClass, type Template } from './cryptoki.js';
import { TokenSecret, tokenKey, type Use, useOf } from './keys.js';
import { aesTemplate, gcm, GCM_NONCE_BYTES, GCM_TAG_BYTES, Mechanisms, type Recipe, recipeOf } from './recipes.js';
import { type Session, Token } from './token.js';

export interface HsmOptions {
  /** The path of the PKCS#11 module: `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly module: string;
  /** The label of the token. Exactly one must have it. */
  readonly token: string;
  /**
   * Gives the user's PIN; asked at each login, so also after a session was lost. JavaScript cannot wipe strings: it stays in memory
   * until it is collected. A PIN that the token refuses is not tried again, since tokens lock after a few.
   */
  readonly pin: () => string;
  /**
   * Stands in records and in the labels of objects: 1 to 64 letters, digits, `.`, `_` and `-`. Stores that share a token need names of
   * their own, or `verify` of one takes the keys of the other for left over. Default: `hsm`.
   */
  readonly name?: string | undefined;
  /**
   * What a computation in the token costs the guest, in units of `limits.callCost`: nanoseconds that the token takes. Default: 1 000 000,
   * a millisecond.
   */
  readonly cost?: number | undefined;
  /** Told why a guest got `algorithm_failure`. Default: nobody is. */
  readonly onError?: ((error: SecretsError) => void) | undefined;
}

const PREFIX = 'wasi-crypto-gen';
/** What references are: the identifier (CKA_ID) of an object. */
const REFERENCE_BYTES = 16;

/** A token. All methods but those of the keys that guests hold throw `SecretsError`. */
export class Hsm implements KeyKeeper {
  readonly name: string;
  readonly #token: Token;
  readonly #cost: number;

  /** Use `openHsm`. */
  constructor(name: string, token: Token, cost: number) {
    this.name = name;
    this.#token = token;
    this.#cost = cost;
  }

  has(kind: KeyKind, algorithm: string): boolean {
    const recipe = recipeOf(kind, algorithm);
    if (recipe === undefined) return false;
    return this.#token.use((session) => session.has(recipe.generation) && session.has(recipe.use));
  }

  generate(kind: KeyKind, algorithm: string): Uint8Array {
    const recipe = requireRecipe(kind, algorithm);
    return this.#token.use((session) => {
      // Another one each time: what a lost session may have left is then a key without a record.
      const reference = newBytes(REFERENCE_BYTES);
      randomFillSync(reference);
      requireKept(session, made(session, recipe, this.#template(algorithm, reference)));
      return reference;
    });
  }

  pair(algorithm: string, reference: Uint8Array, charge: Charge): KeptPair {
    const recipe = recipeOf('signatures', algorithm) ?? requireRecipe('key-exchange', algorithm);
    if (recipe.kind === 'symmetric') throw fail.UnsupportedAlgorithm;
    const find = (session: Session): Handle => this.#found(session, ObjectClass.PrivateKey, algorithm, reference);
    const info = this.#token.use((session) => {
      find(session);
      const publicKey = this.#found(session, ObjectClass.PublicKey, algorithm, reference);
      return judged(() => recipe.info(session, publicKey), algorithm);
    });
    return { info, held: new TokenSecret(recipe, this.#use(find, charge), info.key) };
  }

  key(algorithm: string, reference: Uint8Array, charge: Charge): HeldKey {
    const recipe = requireRecipe('symmetric', algorithm);
    if (recipe.kind !== 'symmetric') throw fail.UnsupportedAlgorithm;
    const find = (session: Session): Handle => this.#found(session, ObjectClass.SecretKey, algorithm, reference);
    this.#token.use(find);
    return tokenKey(recipe, this.#use(find, charge));
  }

  /** The public half first: what is left after an interruption is then a key that `references` tells of. */
  remove(reference: Uint8Array): void {
    this.#token.use((session) => {
      for (const objectClass of [ObjectClass.PublicKey, ObjectClass.PrivateKey, ObjectClass.SecretKey]) {
        for (const object of session.find(identified(objectClass, reference)))
          if (this.#isOurs(session, object)) session.destroy(object);
      }
    });
  }

  references(): Iterable<Uint8Array> {
    return this.#token.use((session) =>
      [ObjectClass.PrivateKey, ObjectClass.SecretKey].flatMap((objectClass) =>
        session
          .find([{ type: Attribute.Class, value: objectClass }, inToken])
          .filter((object) => this.#isOurs(session, object))
          .map((object) => copyOf(session.values(object, Attribute.Id)[0] as Uint8Array)),
      ),
    );
  }

  /**
   * The key-encryption key with this label: AES-256, which wraps and unwraps data keys inside the token by AES-GCM, with the store
   * authenticated. AES key wrap (RFC 3394) authenticates no store, so it is not used.
   *
   * Errors, when it is asked: `SecretsError` (`not-found`, `refused` for a label that two keys have, `unavailable`).
   */
  keyEncryptionKey(label: string): KeyEncryptionKey {
    const template = [...kekTemplate, { type: Attribute.Label, value: Buffer.from(label) }];
    const description = `the key '${label}' of the token '${this.#token.label}'`;
    const found = (session: Session): Handle => {
      const key = session.one(`key-encryption key ${label}`, template);
      if (key === undefined)
        throw new SecretsError('not-found', `there is no ${description.slice(4)}: createKeyEncryptionKey makes it`);
      return key;
    };
    return {
      description,
      wrap: (dataKey, storeId) => {
        const nonce = newBytes(GCM_NONCE_BYTES);
        randomFillSync(nonce);
        const mechanism = gcm(nonce, associatedWith(storeId));
        const size = dataKey.length + GCM_TAG_BYTES;
        return concat(
          nonce,
          this.#token.use((session) => session.encrypt(mechanism, found(session), dataKey, size)),
        );
      },
      unwrap: (wrapped, storeId) => {
        if (wrapped.length < GCM_NONCE_BYTES + GCM_TAG_BYTES) return undefined;
        const mechanism = gcm(part(wrapped, 0, GCM_NONCE_BYTES), associatedWith(storeId));
        const sealed = part(wrapped, GCM_NONCE_BYTES, wrapped.length);
        const opened = this.#token.use((session) => session.decrypt(mechanism, found(session), sealed));
        if (opened === undefined) return undefined;
        try {
          return copyOf(opened);
        } finally {
          wipe(opened);
        }
      },
    };
  }

  /** Makes a key-encryption key in the token, and gives it. Errors: `exists`, `unavailable`. @param label by which it is found again */
  createKeyEncryptionKey(label: string): KeyEncryptionKey {
    const named = { type: Attribute.Label, value: Buffer.from(label) };
    this.#token.use((session) => {
      if (session.find([...kekTemplate, named]).length > 0)
        throw new SecretsError('exists', `the token '${this.#token.label}' has a key '${label}'`);
      const template = [...aesTemplate(KEK_BYTES), ...kept, inToken, named];
      requireKept(session, session.generateKey(Mechanisms.AesGeneration, template));
    });
    return this.keyEncryptionKey(label);
  }

  /**
   * An anchor for `openKeyStore`: a data object with this label, which who has the PIN can read and write. SoftHSM changes no values, so
   * each write makes an object and then removes the one before; of two that an interruption has left, the later one counts.
   *
   * Errors, when it is asked: `SecretsError` (`unavailable`).
   */
  anchor(label: string): Anchor {
    const template: Template = [
      { type: Attribute.Class, value: ObjectClass.Data },
      inToken,
      { type: Attribute.Private, value: true },
      { type: Attribute.Label, value: Buffer.from(label) },
    ];
    const latest = (session: Session): Uint8Array | undefined =>
      session
        .find(template)
        .map((object) => session.values(object, Attribute.Value)[0] as Uint8Array)
        .toSorted(Buffer.compare)
        .at(-1);
    return {
      read: () => this.#token.use(latest),
      write: (state) =>
        this.#token.use((session) => {
          const before = session.find(template);
          // Another host has changed the store since, and was first here.
          if (Buffer.compare(latest(session) ?? newBytes(0), state) > 0) return;
          session.create([...template, { type: Attribute.Value, value: Buffer.from(state) }]);
          for (const object of before) session.destroy(object);
        }),
    };
  }

  /** Logs out, and lets go of the module when nobody else of this process uses it. Keys that guests hold fail from then on. */
  close(): void {
    this.#token.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #use(find: (session: Session) => Handle, charge: Charge): Use {
    return useOf(this.#token, find, () => charge(this.#cost));
  }

  #template(algorithm: string, reference: Uint8Array): Template {
    return [
      inToken,
      { type: Attribute.Id, value: Buffer.from(reference) },
      { type: Attribute.Label, value: Buffer.from(`${PREFIX}/${this.name}/${algorithm}`) },
    ];
  }

  #found(session: Session, objectClass: number, algorithm: string, reference: Uint8Array): Handle {
    const hex = Buffer.from(reference).toString('hex');
    const template = [{ type: Attribute.Class, value: objectClass }, ...this.#template(algorithm, reference)];
    const found = session.one(`${algorithm} ${hex} ${objectClass}`, template);
    if (found === undefined)
      throw new SecretsError('unavailable', `the token '${this.#token.label}' lacks the key ${hex} of ${algorithm}`);
    return found;
  }

  #isOurs(session: Session, object: Handle): boolean {
    const [label = newBytes(0)] = session.values(object, Attribute.Label);
    return Buffer.from(label).toString().startsWith(`${PREFIX}/${this.name}/`);
  }
}

/**
 * Opens a token and logs in. Needs the package `pkcs11js`. A process has one login at a token, whoever asked for it: another
 * `openHsm` of the same token is then logged in whatever its PIN is.
 *
 * Errors: `SecretsError`: `no-engine` without `pkcs11js`; `unavailable` for a module that does not load or a token that does not
 * answer; `not-found` where no token has the label; `refused` for its PIN, a label that two tokens have, or a bad name or cost.
 */
export function openHsm({
  module,
  token,
  pin,
  name = 'hsm',
  cost = 1_000_000,
  onError = () => undefined,
}: HsmOptions): Hsm {
  if (!/^[\w.-]{1,64}$/.test(name))
    throw new SecretsError('refused', 'the name of an HSM has 1 to 64 letters, digits, dots, underscores and hyphens');
  if (!(Number.isSafeInteger(cost) && cost >= 0))
    throw new SecretsError('refused', 'what a computation in an HSM costs is a whole number, 0 or more');
  return new Hsm(name, new Token({ module, token, pin, onError }), cost);
}

const KEK_BYTES = 32;

const inToken = { type: Attribute.Token, value: true };

const kekTemplate: Template = [
  { type: Attribute.Class, value: ObjectClass.SecretKey },
  inToken,
  { type: Attribute.Encrypt, value: true },
];

/** What keeps a key inside. */
const kept: Template = [
  { type: Attribute.Private, value: true },
  { type: Attribute.Sensitive, value: true },
  { type: Attribute.Extractable, value: false },
];

function made(session: Session, recipe: Recipe, own: Template): Handle {
  return recipe.kind === 'symmetric'
    ? session.generateKey(recipe.generation, [...recipe.template, ...kept, ...own])
    : session.generateKeyPair(
        recipe.generation,
        [...recipe.publicHalf, ...own],
        [...recipe.privateHalf, ...kept, ...own],
      );
}

/** Some modules make what they were not asked for. */
function requireKept(session: Session, key: Handle): void {
  const [sensitive, extractable] = session.values(key, Attribute.Sensitive, Attribute.Extractable);
  if (sensitive?.[0] === 1 && extractable?.[0] === 0) return;
  session.destroy(key);
  throw new SecretsError('unavailable', 'the token makes keys that can leave it, although it was asked not to');
}

function requireRecipe(kind: KeyKind, algorithm: string): Recipe {
  const recipe = recipeOf(kind, algorithm);
  if (recipe === undefined) throw fail.UnsupportedAlgorithm;
  return recipe;
}

/** What the token says of a public half can be anything. */
function judged<T>(read: () => T, algorithm: string): T {
  try {
    return read();
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new SecretsError('unavailable', `the token gives no public half of ${algorithm}: ${error.name}`);
  }
}

function identified(objectClass: number, reference: Uint8Array): Template {
  return [
    { type: Attribute.Class, value: objectClass },
    inToken,
    { type: Attribute.Id, value: Buffer.from(reference) },
  ];
}

function associatedWith(storeId: Uint8Array): Uint8Array {
  return fields('wasi-crypto-gen data key 1', storeId);
}
