/**
 * Managed keys and external secrets: the functions that need a secrets manager, for all interfaces. What the store knows and
 * refuses is `secrets/tenant.ts`; here its records become keys of the guest, and keys become records.
 */
import { late } from '../../templates/typescript-host/late.js';
import { copyOf, wipe } from '../bytes.js';
import type { RuntimeContext } from '../context.js';
import type { SecretMaterial } from '../contracts/keys.js';
import type { AlgorithmType, VersionChoice } from '../contracts/vocabulary.js';
import { readPrivateContainer } from '../encodings/private-keys.js';
import { fail } from '../failures.js';
import { ArrayOutput } from '../objects/array-outputs.js';
import type { Account } from '../meter.js';
import { type AsymmetricAlgorithm, KeyPair } from '../objects/asymmetric-keys.js';
import { type KeyTerms, type ManagedKey, noTerms, type Stored } from '../objects/key-terms.js';
import type { OptionSet } from '../objects/option-sets.js';
import { SecretsManager } from '../objects/secrets-manager.js';
import { KeyMaterial, SymmetricKey } from '../objects/symmetric-keys.js';
import { LOOKUP_COST, STORE_COST } from '../prices.js';
import {
  type Charge,
  type Elsewhere,
  type KeyKeeper,
  type KeyKind,
  readElsewhere,
  takeBack,
  writeElsewhere,
} from '../secrets/keeper.js';
import { NEVER, RecordFlag, type KeyRecord, type RecordKind } from '../secrets/store.js';
import { ID_BYTES, type Tenant } from '../secrets/tenant.js';
import type { NewVersion } from '../secrets/transactions.js';
import { algorithmOf, asymmetricCommonHost } from './asymmetric-common.js';
import { requireCurrent } from './key-rules.js';
import { symmetricHost } from './symmetric.js';

/**
 * What needs a secrets manager, by interface. A context without one answers `unsupported_feature`.
 * Closing a manager is the bindings' own function.
 */
export const managedFunctions = {
  common: ['secretsManagerOpen', 'secretsManagerClose', 'secretsManagerInvalidate'],
  asymmetricCommon: [
    'keypairGenerateManaged',
    'keypairStoreManaged',
    'keypairReplaceManaged',
    'keypairId',
    'keypairFromId',
  ],
  externalSecrets: [
    'externalSecretStore',
    'externalSecretReplace',
    'externalSecretFromId',
    'externalSecretInvalidate',
    'externalSecretEncapsulate',
    'externalSecretDecapsulate',
  ],
  symmetric: [
    'symmetricKeyGenerateManaged',
    'symmetricKeyStoreManaged',
    'symmetricKeyReplaceManaged',
    'symmetricKeyId',
    'symmetricKeyFromId',
  ],
} as const;

const pairKinds = ['signatures', 'key-exchange'] as const satisfies readonly RecordKind[];
const keyKinds = ['symmetric', ...pairKinds] as const satisfies readonly RecordKind[];
const secretKinds = ['secret'] as const satisfies readonly RecordKind[];

export function managedHost(context: RuntimeContext) {
  return late({
    common: () => managedCommon(context),
    asymmetricCommon: () => managedPairs(context),
    externalSecrets: () => externalSecrets(context),
    symmetric: () => managedSymmetric(context),
  });
}

function managedCommon(context: RuntimeContext) {
  const { secretsManager } = context.meter.accounts;
  return {
    secretsManagerOpen(options: OptionSet | undefined): SecretsManager {
      context.requireOpen();
      options?.requireNone();
      return new SecretsManager(secretsManager);
    },

    secretsManagerInvalidate(_manager: SecretsManager, keyId: Uint8Array, version: VersionChoice): void {
      secretsManager.spend(STORE_COST);
      tenantOf(context).invalidate(keyKinds, keyId, version, context.now());
    },
  };
}

function managedPairs(context: RuntimeContext) {
  const { keypair, secretsManager } = context.meter.accounts;
  const host = asymmetricCommonHost(context);
  const keep = <T>(kp: KeyPair, keepIt: (payload: Uint8Array) => T): T => {
    const payload = kp.material.info();
    try {
      return keepIt(payload);
    } finally {
      wipe(payload);
    }
  };
  const store = (kp: KeyPair): Uint8Array => {
    const { category, id: name } = kp.algorithm;
    secretsManager.spend(STORE_COST);
    kp.manage(() =>
      keep(kp, (payload) => {
        const { record } = tenantOf(context).store(category, name, versionOf(context, kp.terms, payload));
        return storedAs(record);
      }),
    );
    return (kp.managed as ManagedKey).id;
  };
  return {
    keypairGenerateManaged(
      _manager: SecretsManager,
      algorithmType: AlgorithmType,
      name: string,
      options: OptionSet | undefined,
    ): KeyPair {
      const { chosen: keeper } = tenantOf(context).keepers;
      if (keeper === undefined) return orRelease(host.keypairGenerate(algorithmType, name, options), store);
      const algorithm = algorithmOf(context, algorithmType, name);
      options?.requireType(algorithmType);
      secretsManager.spend(STORE_COST + algorithm.keys.prices.generate);
      const { category } = algorithm;
      return madeElsewhere(keeper, category, algorithm.id, (reference) => {
        const material = heldPair(keeper, algorithm, reference, keypair);
        const pair = new KeyPair(keypair, algorithm, material, noTerms);
        return orRelease(pair, () =>
          pair.manage(() => storedElsewhere(context, keeper, category, algorithm.id, reference)),
        );
      });
    },

    keypairStoreManaged(_manager: SecretsManager, kp: KeyPair, kpId: Uint8Array): void {
      if (kp.managed !== undefined) throw fail.InvalidOperation;
      requireIdRoom(kpId);
      kpId.set(store(kp));
    },

    keypairReplaceManaged(_manager: SecretsManager, kpOld: KeyPair, kpNew: KeyPair): bigint {
      const { id } = replaced(kpOld, kpNew);
      const { category, id: name } = kpNew.algorithm;
      secretsManager.spend(STORE_COST);
      kpNew.manage(() =>
        keep(kpNew, (payload) =>
          storedAs(tenantOf(context).replace([category], name, id, versionOf(context, kpNew.terms, payload))),
        ),
      );
      kpOld.release();
      return (kpNew.managed as ManagedKey).version;
    },

    keypairId(kp: KeyPair, kpId: Uint8Array): readonly [number, bigint] {
      return tellId(kp.managed, kpId);
    },

    keypairFromId(_manager: SecretsManager, kpId: Uint8Array, version: VersionChoice): KeyPair {
      secretsManager.spend(LOOKUP_COST);
      return tenantOf(context).use(pairKinds, kpId, version, (key) => {
        const { record } = key;
        const stored = storedAs(record);
        const algorithm = pairAlgorithm(context, record);
        requireCurrent(context, stored);
        // What is elsewhere is paid for by the guest that uses it.
        const material = key.made(isElsewhere(record) ? keypair : algorithm, (payload) => {
          keypair.spend(algorithm.keys.prices.import);
          if (isElsewhere(record)) {
            const { keeper, reference } = readElsewhere(payload);
            return heldPair(tenantOf(context).keepers.named(keeper), algorithm, reference, keypair);
          }
          return algorithm.keys.secretFromContainer(readPrivateContainer(payload));
        });
        return orRelease(new KeyPair(keypair, algorithm, material, stored.terms), (kp) => kp.manage(() => stored));
      });
    },
  };
}

function managedSymmetric(context: RuntimeContext) {
  const { symmetricKey, secretsManager } = context.meter.accounts;
  const host = symmetricHost(context);
  const store = (key: SymmetricKey): Uint8Array => {
    const { material, algorithm } = key;
    secretsManager.spend(STORE_COST + material.length);
    key.manage(() => {
      const version = versionOf(context, key.terms, material.bytes);
      return storedAs(tenantOf(context).store('symmetric', algorithm.id, version).record);
    });
    return (key.managed as ManagedKey).id;
  };
  return {
    symmetricKeyGenerateManaged(_manager: SecretsManager, name: string, options: OptionSet | undefined): SymmetricKey {
      const { chosen: keeper } = tenantOf(context).keepers;
      if (keeper === undefined) return orRelease(host.symmetricKeyGenerate(name, options), store);
      const algorithm = context.algorithms.symmetric(name);
      options?.requireType('symmetric');
      secretsManager.spend(STORE_COST);
      return madeElsewhere(keeper, 'symmetric', algorithm.id, (reference) => {
        const held = keeper.key(algorithm.id, reference, chargeTo(symmetricKey));
        const key = new SymmetricKey(new KeyMaterial(symmetricKey, algorithm, held, noTerms));
        return orRelease(key, () =>
          key.manage(() => storedElsewhere(context, keeper, 'symmetric', algorithm.id, reference)),
        );
      });
    },

    symmetricKeyStoreManaged(_manager: SecretsManager, key: SymmetricKey, keyId: Uint8Array): void {
      if (key.managed !== undefined) throw fail.InvalidOperation;
      requireIdRoom(keyId);
      keyId.set(store(key));
    },

    symmetricKeyReplaceManaged(_manager: SecretsManager, keyOld: SymmetricKey, keyNew: SymmetricKey): bigint {
      const { id } = replaced(keyOld, keyNew);
      const { material, algorithm } = keyNew;
      secretsManager.spend(STORE_COST + material.length);
      keyNew.manage(() => {
        const version = versionOf(context, keyNew.terms, material.bytes);
        return storedAs(tenantOf(context).replace(['symmetric'], algorithm.id, id, version));
      });
      keyOld.release();
      return (keyNew.managed as ManagedKey).version;
    },

    symmetricKeyId(key: SymmetricKey, keyId: Uint8Array): readonly [number, bigint] {
      return tellId(key.managed, keyId);
    },

    symmetricKeyFromId(_manager: SecretsManager, keyId: Uint8Array, version: VersionChoice): SymmetricKey {
      secretsManager.spend(LOOKUP_COST);
      return tenantOf(context).use(['symmetric'], keyId, version, ({ record, payload }) => {
        const stored = storedAs(record);
        const algorithm = context.algorithms.symmetric(record.algorithm);
        requireCurrent(context, stored);
        const { keeper, reference } = isElsewhere(record) ? readElsewhere(payload) : nowhere;
        const bytes =
          keeper === ''
            ? copyOf(payload)
            : tenantOf(context).keepers.named(keeper).key(algorithm.id, reference, chargeTo(symmetricKey));
        const material = new KeyMaterial(symmetricKey, algorithm, bytes, stored.terms);
        return orRelease(new SymmetricKey(material), (key) => key.manage(() => stored));
      });
    },
  };
}

function externalSecrets(context: RuntimeContext) {
  const { arrayOutput, secretsManager } = context.meter.accounts;
  /** Judges a secret to be kept, and pays for keeping it. */
  const spendFor = (secret: Uint8Array, cost: number): void => {
    if (secret.length > tenantOf(context).quota.secretBytes) throw fail.Overflow;
    secretsManager.spend(cost + secret.length);
  };
  const outputOf = (secret: Uint8Array, expires: bigint): ArrayOutput => {
    requireCurrent(context, { terms: termsOf(0, expires) });
    return new ArrayOutput(arrayOutput, copyOf(secret));
  };
  return {
    externalSecretStore(_manager: SecretsManager, secret: Uint8Array, expires: bigint, secretId: Uint8Array): void {
      requireIdRoom(secretId);
      spendFor(secret, STORE_COST);
      const version = { flags: 0, created: context.now(), expires, payload: secret };
      secretId.set(tenantOf(context).store('secret', '', version).id);
    },

    externalSecretReplace(_manager: SecretsManager, secret: Uint8Array, expires: bigint, secretId: Uint8Array): bigint {
      spendFor(secret, STORE_COST);
      const version = { flags: 0, created: context.now(), expires, payload: secret };
      return tenantOf(context).replace(secretKinds, '', secretId, version).version;
    },

    externalSecretFromId(_manager: SecretsManager, secretId: Uint8Array, version: VersionChoice): ArrayOutput {
      secretsManager.spend(LOOKUP_COST);
      return tenantOf(context).use(secretKinds, secretId, version, ({ record, payload }) =>
        outputOf(payload, record.expires),
      );
    },

    externalSecretInvalidate(_manager: SecretsManager, secretId: Uint8Array, version: VersionChoice): void {
      secretsManager.spend(STORE_COST);
      tenantOf(context).invalidate(secretKinds, secretId, version, context.now());
    },

    externalSecretEncapsulate(_manager: SecretsManager, secret: Uint8Array, expires: bigint): ArrayOutput {
      spendFor(secret, LOOKUP_COST);
      return new ArrayOutput(arrayOutput, tenantOf(context).encapsulate(secret, expires));
    },

    externalSecretDecapsulate(_manager: SecretsManager, encrypted: Uint8Array): ArrayOutput {
      secretsManager.spend(LOOKUP_COST + encrypted.length);
      return tenantOf(context).decapsulate(encrypted, outputOf);
    },
  };
}

function tenantOf({ secrets }: RuntimeContext): Tenant {
  if (secrets === undefined) throw fail.UnsupportedFeature;
  return secrets;
}

/** A key that its date bound before keeps that date, if it is the earlier one. */
function versionOf(context: RuntimeContext, { expires }: KeyTerms, payload: Uint8Array): NewVersion {
  const created = context.now();
  const { keyLifetime } = tenantOf(context);
  const own = keyLifetime === undefined ? NEVER : created + keyLifetime;
  return { flags: 0, created, expires: expires === undefined || expires > own ? own : expires, payload };
}

/** Makes a key in a keeper, then what it is for the guest; it is removed again where that fails. */
function madeElsewhere<K>(keeper: KeyKeeper, kind: KeyKind, algorithm: string, make: (reference: Uint8Array) => K): K {
  if (!keeper.has(kind, algorithm)) throw fail.UnsupportedAlgorithm;
  const reference = keeper.generate(kind, algorithm);
  try {
    return make(reference);
  } catch (error) {
    takeBack(keeper, reference, error);
    throw error;
  }
}

function heldPair(
  keeper: KeyKeeper,
  { id, keys }: AsymmetricAlgorithm,
  reference: Uint8Array,
  account: Account,
): SecretMaterial {
  if (keys.secretHeld === undefined) throw fail.UnsupportedAlgorithm;
  const { held, info } = keeper.pair(id, reference, chargeTo(account));
  return keys.secretHeld(held, info);
}

function chargeTo(account: Account): Charge {
  return (cost) => account.spend(cost);
}

function storedElsewhere(
  context: RuntimeContext,
  { name: keeper }: KeyKeeper,
  kind: KeyKind,
  algorithm: string,
  reference: Uint8Array,
): Stored {
  const version = versionOf(context, noTerms, writeElsewhere({ keeper, reference }));
  const { record } = tenantOf(context).store(kind, algorithm, { ...version, flags: RecordFlag.Elsewhere });
  return storedAs(record);
}

function isElsewhere({ flags }: KeyRecord): boolean {
  return (flags & RecordFlag.Elsewhere) !== 0;
}

const nowhere: Elsewhere = { keeper: '', reference: new Uint8Array(0) };

function storedAs({ id, version, flags, expires }: KeyRecord): Stored {
  return { managed: { id, version }, terms: termsOf(flags, expires) };
}

function termsOf(flags: number, expires: bigint): KeyTerms {
  return { exportable: (flags & RecordFlag.Exportable) !== 0, expires: expires === NEVER ? undefined : expires };
}

/** Judges a replacement; what is replaced. */
function replaced<K extends KeyPair | SymmetricKey>(old: K, made: K): ManagedKey {
  if (old.algorithm !== made.algorithm) throw fail.IncompatibleKeys;
  if (old.managed === undefined) throw fail.UnsupportedFeature;
  if (made.managed !== undefined) throw fail.InvalidOperation;
  return old.managed;
}

function tellId(managed: ManagedKey | undefined, into: Uint8Array): readonly [number, bigint] {
  if (managed === undefined) throw fail.UnsupportedFeature;
  requireIdRoom(into);
  into.set(managed.id);
  return [ID_BYTES, managed.version];
}

function requireIdRoom(into: Uint8Array): void {
  if (into.length < ID_BYTES) throw fail.Overflow;
}

function pairAlgorithm(context: RuntimeContext, { kind, algorithm }: KeyRecord): AsymmetricAlgorithm {
  return kind === 'signatures' ? context.algorithms.signature(algorithm) : context.algorithms.keyExchange(algorithm);
}

/** A new key, once what follows has succeeded; released otherwise. */
function orRelease<K extends KeyPair | SymmetricKey>(key: K, finish: (key: K) => unknown): K {
  try {
    finish(key);
    return key;
  } catch (error) {
    key.release();
    throw error;
  }
}
