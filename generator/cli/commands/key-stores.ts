/** Stores of keys as options name them: where they lie, and what wraps their data key. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Hsm, KeyEncryptionKey, KeyStore, RecordStore, SecretsError } from '../../../runtime/keys.js';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';

interface KekFlags {
  readonly kekFile?: string | undefined;
  readonly kekEnv?: string | undefined;
  readonly kekHsm?: string | undefined;
}

interface HsmFlags {
  readonly hsmModule?: string;
  readonly hsmToken?: string;
  readonly hsmName: string;
}

export interface StoreFlags extends KekFlags, HsmFlags {
  readonly store?: string;
  readonly schema?: string;
  readonly json?: boolean;
}

/** Errors of stores are the owner's to mend: they are shown as those of arguments. */
export async function withStore(
  terminal: Terminal,
  flags: StoreFlags,
  create: boolean,
  use: (store: KeyStore, hsm: Hsm | undefined) => void | Promise<void>,
): Promise<void> {
  terminal.json = flags.json ?? false;
  terminal.exitCode = exitCodes.ok;
  const { isKeyStore, openKeyStore, postgresStore, SecretsError, sqliteStore } =
    await import('../../../runtime/keys.js');
  // As a default it would be in the help, with its password.
  const place = (flags.store ?? terminal.env['WASI_CRYPTO_STORE'] ?? 'keys.db').trim();
  const isFile = !/^postgres(ql)?:/i.test(place);
  const { schema } = flags;
  const open = (make: boolean): RecordStore =>
    isFile ? sqliteStore(place, { create: make }) : postgresStore(place, { create: make, schema });
  let hsm: Hsm | undefined;
  let records: RecordStore | undefined;
  let store: KeyStore | undefined;
  try {
    const named = namedKek(terminal, flags);
    hsm = await hsmOf(terminal, flags);
    records = unlessNotFound(SecretsError, () => open(false));
    // The key-encryption key of a store that is there is never a new one.
    const isNew = records === undefined || !isKeyStore(records);
    if (isNew && !create)
      throw new ConfigurationError(
        `there is no key store in ${records?.description ?? (isFile ? place : 'the database')}`,
        '`keys init` makes one',
      );
    if (isNew && named.kekFile !== undefined && !existsSync(named.kekFile))
      accessSync(dirname(named.kekFile), constants.W_OK);
    else if (isNew) (await kekOf(named, hsm, true)).wrap(new Uint8Array(32), new Uint8Array(16));
    records ??= open(true);
    const kek = await kekOf(named, hsm, isNew);
    store = openKeyStore({ records, kek, create: isNew, cache: 0, keepers: hsm === undefined ? [] : [hsm] });
    await use(store, hsm);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    throw new ConfigurationError(error.message, undefined);
  } finally {
    (store ?? records)?.close();
    hsm?.close();
  }
}

function unlessNotFound<T>(errors: typeof SecretsError, open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof errors && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Undefined: none was named. */
async function hsmOf({ env }: Terminal, { hsmModule, hsmToken, hsmName: name }: HsmFlags): Promise<Hsm | undefined> {
  const module = hsmModule ?? env['WASI_CRYPTO_HSM_MODULE'];
  const token = hsmToken ?? env['WASI_CRYPTO_HSM_TOKEN'];
  if (module === undefined && token === undefined) return undefined;
  const pin = env['WASI_CRYPTO_HSM_PIN'];
  if (module === undefined || token === undefined || pin === undefined)
    throw new ConfigurationError(
      'an HSM needs its module, its token and the PIN',
      'give `--hsm-module` and `--hsm-token`, and put the PIN into WASI_CRYPTO_HSM_PIN',
    );
  const { openHsm } = await import('../../../runtime/keys.js');
  return openHsm({ module, token, name, pin: () => pin });
}

/** What is named on the command line goes before the environment. */
export function namedKek({ env }: Terminal, flags: KekFlags): KekFlags {
  const isNamed = [flags.kekFile, flags.kekEnv, flags.kekHsm].some((each) => each !== undefined);
  return oneKek(isNamed ? flags : { kekFile: env['WASI_CRYPTO_KEK_FILE'] });
}

export function oneKek({ kekFile, kekEnv, kekHsm }: KekFlags): KekFlags {
  if ([kekFile, kekEnv, kekHsm].filter((each) => each !== undefined).length !== 1)
    throw new ConfigurationError(
      'there must be one key-encryption key',
      'give `--kek-file`, `--kek-env` or `--kek-hsm`',
    );
  return { kekFile, kekEnv, kekHsm };
}

/** @param make whether one in a file or an HSM is made if it is not there */
export async function kekOf(
  { kekFile, kekEnv, kekHsm }: KekFlags,
  hsm: Hsm | undefined,
  make: boolean,
): Promise<KeyEncryptionKey> {
  const { createKeyFile, keyFromEnvironment, keyFromFile, SecretsError } = await import('../../../runtime/keys.js');
  if (kekFile !== undefined) {
    if (make && !existsSync(kekFile)) createKeyFile(kekFile);
    return keyFromFile(kekFile);
  }
  if (kekEnv !== undefined) return keyFromEnvironment(kekEnv);
  if (hsm === undefined || kekHsm === undefined)
    throw new ConfigurationError('`--kek-hsm` names a key of an HSM', 'give `--hsm-module` and `--hsm-token`');
  try {
    if (make) return hsm.createKeyEncryptionKey(kekHsm);
  } catch (error) {
    if (!(error instanceof SecretsError) || error.code !== 'exists') throw error;
  }
  return hsm.keyEncryptionKey(kekHsm);
}
