/**
 * A token, found by its label, and the session in which everything is asked. One session is enough: calls are
 * synchronous, so none begins before another has ended. It is opened when it is first needed, kept, and replaced when it is lost.
 */
import { fail, isFailure } from '../../failures.js';
import { SecretsError } from '../store.js';
import {
  Attribute,
  type Cryptoki,
  type Handle,
  type Mechanism,
  inputOf,
  Pkcs11Module,
  reasonOf,
  Result,
  resultOf,
  roomFor,
  SessionFlags,
  type Template,
} from './cryptoki.js';

export interface TokenOptions {
  /** The path of the module. */
  readonly module: string;
  /** The label of the token. */
  readonly token: string;
  readonly pin: () => string;
  readonly onError: (error: SecretsError) => void;
}

/** Answers after which a new session can help. */
const lost: ReadonlySet<number | undefined> = new Set([
  Result.SlotIdInvalid,
  Result.GeneralError,
  Result.FunctionFailed,
  Result.DeviceError,
  Result.DeviceRemoved,
  Result.KeyHandleInvalid,
  Result.ObjectHandleInvalid,
  Result.OperationActive,
  Result.OperationNotInitialized,
  Result.SessionClosed,
  Result.SessionHandleInvalid,
  Result.TokenNotPresent,
  Result.TokenNotRecognized,
  Result.UserNotLoggedIn,
  Result.NotInitialized,
]);

const pinRefused: ReadonlySet<number | undefined> = new Set([
  Result.PinIncorrect,
  Result.PinInvalid,
  Result.PinLengthRange,
  Result.PinExpired,
  Result.PinLocked,
  Result.UserPinNotInitialized,
]);

/** CKU_USER. */
const USER = 1;
/** How many handles of keys are kept. */
const MOST_HANDLES = 1024;
/** How many objects are listed at once. */
const PAGE = 64;

export class Token {
  readonly #options: TokenOptions;
  readonly #module: Pkcs11Module;
  #session: Session | undefined;
  #refusal: SecretsError | undefined;
  #isClosed = false;

  /** Errors: `SecretsError`. */
  constructor(options: TokenOptions) {
    this.#options = options;
    this.#module = Pkcs11Module.open(options.module);
    try {
      this.#session = this.#opened();
    } catch (error) {
      this.close();
      throw this.#judged(error);
    }
  }

  get label(): string {
    return this.#options.token;
  }

  /** For the owner, and where keys are made, found or removed. Errors: `SecretsError`; failures of the runtime, as they are. */
  use<T>(work: (session: Session) => T): T {
    try {
      return this.#again(work);
    } catch (error) {
      throw isFailure(error) ? error : this.#judged(error);
    }
  }

  /** For guests who use a key. Errors: `algorithm_failure`, of which the owner is told; failures of the runtime, as they are. */
  compute<T>(work: (session: Session) => T): T {
    try {
      return this.use(work);
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      this.#options.onError(error);
      throw fail.AlgorithmFailure;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#drop();
    this.#module.close();
  }

  /** Once more in a new session if the one at hand is lost. */
  #again<T>(work: (session: Session) => T): T {
    if (this.#session !== undefined) {
      try {
        return work(this.#session);
      } catch (error) {
        if (!lost.has(resultOf(error))) throw error;
        this.#drop();
      }
    }
    this.#session = this.#reopened();
    return work(this.#session);
  }

  /** With a new beginning of the module if it does not know the token any more, or not yet again. */
  #reopened(): Session {
    try {
      return this.#opened();
    } catch (error) {
      const isGone = error instanceof SecretsError && error.code === 'not-found';
      if (!isGone && !lost.has(resultOf(error))) throw error;
      this.#module.restart();
      return this.#opened();
    }
  }

  #opened(): Session {
    const { cryptoki } = this.#module;
    if (this.#isClosed) throw new SecretsError('unavailable', `${this.#name} was closed`);
    if (this.#refusal !== undefined) throw this.#refusal;
    const slot = this.#slot();
    const handle = cryptoki.C_OpenSession(slot, SessionFlags);
    try {
      this.#login(handle);
      return new Session(cryptoki, slot, handle);
    } catch (error) {
      cryptoki.C_CloseSession(handle);
      throw error;
    }
  }

  #slot(): Handle {
    const { cryptoki } = this.#module;
    const slots = cryptoki.C_GetSlotList(true).map((slot) => [slot, labelOf(cryptoki, slot)] as const);
    const found = slots.filter(([, label]) => label === this.label);
    if (found.length > 1)
      throw new SecretsError('refused', `${this.#module.file} has ${found.length} tokens called '${this.label}'`);
    if (found[0] !== undefined) return found[0][0];
    const others = slots.flatMap(([, label]) => (label === undefined || label === '' ? [] : [`'${label}'`]));
    const there = others.length === 0 ? 'it has none' : `it has ${others.join(', ')}`;
    throw new SecretsError('not-found', `${this.#module.file} has no token called '${this.label}': ${there}`);
  }

  #login(session: Handle): void {
    const pin = this.#pin();
    try {
      this.#module.cryptoki.C_Login(session, USER, pin);
    } catch (error) {
      const result = resultOf(error);
      // Of another one in this process: PKCS#11 knows applications, not their parts.
      if (result === Result.UserAlreadyLoggedIn) return;
      if (!pinRefused.has(result)) throw error;
      const message = `${this.#name} refuses the PIN (${reasonOf(error)}); it is not tried again, since wrong ones lock tokens`;
      this.#refusal = new SecretsError('refused', message);
      throw this.#refusal;
    }
  }

  #pin(): string {
    let pin: unknown;
    try {
      pin = this.#options.pin();
    } catch (error) {
      throw new SecretsError('unavailable', `the PIN of ${this.#name} was not given`, { cause: error });
    }
    if (typeof pin === 'string' && pin !== '') return pin;
    throw new SecretsError('refused', `what was given as the PIN of ${this.#name} is no text, or empty`);
  }

  /** A session that is lost cannot be closed: that it is gone is all that is wanted. */
  #drop(): void {
    try {
      this.#session?.close();
    } catch (error) {
      if (resultOf(error) === undefined) throw error;
    }
    this.#session = undefined;
  }

  #judged(error: unknown): unknown {
    if (error instanceof SecretsError || resultOf(error) === undefined) return error;
    return new SecretsError('unavailable', `${this.#name} does not do it (${reasonOf(error)})`, { cause: error });
  }

  get #name(): string {
    return `the token '${this.label}' of ${this.#module.file}`;
  }
}

export class Session {
  readonly #cryptoki: Cryptoki;
  readonly #slot: Handle;
  readonly #handle: Handle;
  readonly #mechanisms: ReadonlySet<number>;
  /** Of keys that were found before. */
  readonly #handles = new Map<string, Handle>();

  constructor(cryptoki: Cryptoki, slot: Handle, handle: Handle) {
    this.#cryptoki = cryptoki;
    this.#slot = slot;
    this.#handle = handle;
    this.#mechanisms = new Set(cryptoki.C_GetMechanismList(slot));
  }

  has(mechanism: number): boolean {
    return this.#mechanisms.has(mechanism);
  }

  find(template: Template): readonly Handle[] {
    const found: Handle[] = [];
    this.#cryptoki.C_FindObjectsInit(this.#handle, template);
    for (;;) {
      const page = this.#cryptoki.C_FindObjects(this.#handle, PAGE);
      found.push(...page);
      if (page.length < PAGE) break;
    }
    this.#cryptoki.C_FindObjectsFinal(this.#handle);
    // Nothing is found in a token that is gone, either (SoftHSM): then this throws.
    if (found.length === 0) this.#cryptoki.C_GetTokenInfo(this.#slot);
    return found;
  }

  /** The only object like this; undefined: there is none. Errors: `SecretsError` (`refused`) if there are more. @param name for the message, and by which it is found again */
  one(name: string, template: Template): Handle | undefined {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const [found, another] = this.find(template);
    if (another !== undefined) throw new SecretsError('refused', `the token has two of ${name}`);
    if (found === undefined) return undefined;
    if (this.#handles.size >= MOST_HANDLES) this.#handles.clear();
    this.#handles.set(name, found);
    return found;
  }

  /** Values of attributes, in the order asked. */
  values(object: Handle, ...types: readonly number[]): readonly Uint8Array[] {
    return this.#cryptoki
      .C_GetAttributeValue(
        this.#handle,
        object,
        types.map((type) => ({ type })),
      )
      .map(({ value }) => value);
  }

  create(template: Template): void {
    this.#cryptoki.C_CreateObject(this.#handle, template);
  }

  generateKey(mechanism: number, template: Template): Handle {
    return this.#cryptoki.C_GenerateKey(this.#handle, { mechanism }, template);
  }

  generateKeyPair(mechanism: number, publicHalf: Template, privateHalf: Template): Handle {
    return this.#cryptoki.C_GenerateKeyPair(this.#handle, { mechanism }, publicHalf, privateHalf).privateKey;
  }

  sign(mechanism: Mechanism, key: Handle, data: Uint8Array, size: number): Uint8Array {
    this.#cryptoki.C_SignInit(this.#handle, mechanism, key);
    return this.#cryptoki.C_Sign(this.#handle, inputOf(data), roomFor(size));
  }

  encrypt(mechanism: Mechanism, key: Handle, data: Uint8Array, size: number): Uint8Array {
    this.#cryptoki.C_EncryptInit(this.#handle, mechanism, key);
    return this.#cryptoki.C_Encrypt(this.#handle, inputOf(data), roomFor(size));
  }

  /**
   * Undefined: the data is not authentic. SoftHSM has no answer of its own for that: its is `CKR_GENERAL_ERROR`, after a beginning that
   * went well.
   */
  decrypt(mechanism: Mechanism, key: Handle, data: Uint8Array): Uint8Array | undefined {
    this.#cryptoki.C_DecryptInit(this.#handle, mechanism, key);
    try {
      // Modules want room for what they hold back until the tag is known.
      return this.#cryptoki.C_Decrypt(this.#handle, inputOf(data), roomFor(data.length));
    } catch (error) {
      const result = resultOf(error);
      if (result !== undefined && notAuthentic.has(result)) return undefined;
      throw error;
    }
  }

  /** The bytes that a key agrees on; the caller wipes them. */
  agreed(mechanism: Mechanism, key: Handle, template: Template): Uint8Array {
    const made = this.#cryptoki.C_DeriveKey(this.#handle, mechanism, key, template);
    try {
      return this.values(made, Attribute.Value)[0] as Uint8Array;
    } finally {
      this.destroy(made);
    }
  }

  destroy(object: Handle): void {
    this.#cryptoki.C_DestroyObject(this.#handle, object);
    this.#handles.clear();
  }

  close(): void {
    this.#cryptoki.C_CloseSession(this.#handle);
  }
}

const notAuthentic: ReadonlySet<number> = new Set([
  Result.EncryptedDataInvalid,
  Result.EncryptedDataLengthRange,
  Result.AeadDecryptFailed,
  Result.GeneralError,
]);

/** Padded with blanks to 32 bytes. Undefined: the token does not answer. */
function labelOf(cryptoki: Cryptoki, slot: Handle): string | undefined {
  try {
    return cryptoki.C_GetTokenInfo(slot).label.trimEnd();
  } catch (error) {
    if (resultOf(error) === undefined) throw error;
    return undefined;
  }
}
