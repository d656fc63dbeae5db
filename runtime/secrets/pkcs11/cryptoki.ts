/**
 * PKCS#11 modules (version 2.40; Edwards curves are of 3.0), by the package `pkcs11js`. A module is one for a whole process, so
 * those who use it share it: the first one initializes it, the last one finalizes it.
 *
 * What had to be found out (measured, SoftHSM 2.6.1):
 * - an operation that fails for its arguments stays active in its session, which is of no use then;
 * - an empty buffer is a null pointer, which modules refuse: what is empty is a view of memory that is not;
 * - a token whose folder went and came back is seen again only by a module that is initialized anew.
 */
import { createRequire } from 'node:module';
import { newBytes } from '../../blocks.js';
import { SecretsError } from '../store.js';

export type Handle = Buffer;

export interface Mechanism {
  readonly mechanism: number;
  /** A structure, which says by `type` which one it is. */
  readonly parameter?: { readonly type: number };
}

export type Template = readonly { readonly type: number; readonly value?: number | boolean | Buffer }[];

/** As much of `pkcs11js` as is used: who does not use it need not have its types. */
export interface Cryptoki {
  load(file: string): void;
  close(): void;
  C_Initialize(options: { readonly flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): readonly Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_GetMechanismList(slot: Handle): readonly number[];
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_CloseAllSessions(slot: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Template): void;
  C_FindObjects(session: Handle, most: number): readonly Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Template): readonly { readonly value: Buffer }[];
  C_CreateObject(session: Handle, template: Template): Handle;
  C_DestroyObject(session: Handle, object: Handle): void;
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Template): Handle;
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicHalf: Template,
    privateHalf: Template,
  ): { readonly privateKey: Handle };
  C_DeriveKey(session: Handle, mechanism: Mechanism, key: Handle, template: Template): Handle;
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Sign(session: Handle, data: Buffer, room: Buffer): Buffer;
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Encrypt(session: Handle, data: Buffer, room: Buffer): Buffer;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Decrypt(session: Handle, data: Buffer, room: Buffer): Buffer;
}

interface Library {
  readonly PKCS11: new () => Cryptoki;
}

/** PKCS #11 2.40, 3.1: return values. */
export const Result = {
  SlotIdInvalid: 0x3,
  GeneralError: 0x5,
  FunctionFailed: 0x6,
  DeviceError: 0x30,
  DeviceRemoved: 0x32,
  EncryptedDataInvalid: 0x40,
  EncryptedDataLengthRange: 0x41,
  /** Of 3.0. */
  AeadDecryptFailed: 0x42,
  KeyHandleInvalid: 0x60,
  ObjectHandleInvalid: 0x82,
  OperationActive: 0x90,
  OperationNotInitialized: 0x91,
  PinIncorrect: 0xa0,
  PinInvalid: 0xa1,
  PinLengthRange: 0xa2,
  PinExpired: 0xa3,
  PinLocked: 0xa4,
  SessionClosed: 0xb0,
  SessionHandleInvalid: 0xb3,
  TokenNotPresent: 0xe0,
  TokenNotRecognized: 0xe1,
  UserAlreadyLoggedIn: 0x100,
  UserNotLoggedIn: 0x101,
  UserPinNotInitialized: 0x102,
  NotInitialized: 0x190,
  AlreadyInitialized: 0x191,
} as const;

/** CKA_ constants. */
export const Attribute = {
  Class: 0x0,
  Token: 0x1,
  Private: 0x2,
  Label: 0x3,
  Value: 0x11,
  KeyType: 0x100,
  Id: 0x102,
  Sensitive: 0x103,
  Encrypt: 0x104,
  Decrypt: 0x105,
  Sign: 0x108,
  Verify: 0x10a,
  Derive: 0x10c,
  Modulus: 0x120,
  ModulusBits: 0x121,
  PublicExponent: 0x122,
  ValueLength: 0x161,
  Extractable: 0x162,
  EcParameters: 0x180,
  EcPoint: 0x181,
} as const;

/** CKO_ constants. */
export const ObjectClass = { Data: 0, PublicKey: 2, PrivateKey: 3, SecretKey: 4 } as const;

/** CKF_ constants. */
const OS_LOCKING_OK = 2;
export const SessionFlags = 4 | 2;

/** What the module has answered; undefined: the error is no answer of a module. */
export function resultOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** Of what an error of a module says: `CKR_PIN_INCORRECT`. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A view that modules take: of the same memory, unless it is empty. */
export function inputOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return length === 0 ? Buffer.from(new ArrayBuffer(1), 0, 0) : Buffer.from(buffer, byteOffset, length);
}

/** For what a module gives, which may be secret. */
export function roomFor(size: number): Buffer {
  return inputOf(newBytes(size));
}

export class Pkcs11Module {
  readonly file: string;
  readonly cryptoki: Cryptoki;
  /** Whether others of this process have initialized it: then they finalize it, too. */
  #isOthers = false;
  #users = 0;

  private constructor(file: string) {
    this.file = file;
    this.cryptoki = loaded(file);
  }

  /** Errors: `SecretsError` (`no-engine`, `unavailable`). @param file a path, or a name that the system's loader finds */
  static open(file: string): Pkcs11Module {
    const module = modules.get(file) ?? new Pkcs11Module(file);
    if (module.#users === 0) module.#initialize();
    modules.set(file, module);
    module.#users += 1;
    return module;
  }

  /** Begins anew, where that is ours to do: all sessions and handles are invalid then. */
  restart(): void {
    if (this.#isOthers) return;
    this.#finalize();
    this.#initialize();
  }

  close(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    modules.delete(this.file);
    if (!this.#isOthers) this.#finalize();
    this.cryptoki.close();
  }

  #initialize(): void {
    try {
      this.cryptoki.C_Initialize({ flags: OS_LOCKING_OK });
      this.#isOthers = false;
    } catch (error) {
      this.#isOthers = resultOf(error) === Result.AlreadyInitialized;
      if (this.#isOthers) return;
      const message = `the PKCS#11 module ${this.file} does not begin (${reasonOf(error)})`;
      throw new SecretsError('unavailable', message, { cause: error });
    }
  }

  #finalize(): void {
    try {
      this.cryptoki.C_Finalize();
    } catch (error) {
      // What had ended before is what is wanted.
      if (resultOf(error) === undefined) throw error;
    }
  }
}

/** By their files: initializing one twice is an error of PKCS#11. */
const modules = new Map<string, Pkcs11Module>();

function loaded(file: string): Cryptoki {
  let library: Library;
  try {
    library = createRequire(import.meta.url)('pkcs11js') as Library;
  } catch (error) {
    const message = `PKCS#11 needs the package pkcs11js (${reasonOf(error).split('\n')[0]}): \`npm install pkcs11js\``;
    throw new SecretsError('no-engine', message, { cause: error });
  }
  const cryptoki = new library.PKCS11();
  try {
    cryptoki.load(file);
  } catch (error) {
    const message = `the PKCS#11 module ${file} does not load (${reasonOf(error)})`;
    throw new SecretsError('unavailable', message, { cause: error });
  }
  return cryptoki;
}
