/**
 * Managed keys and external secrets as revisions in WIT have them: identifiers are lists, versions are a variant, in which every number
 * can stand for a version, though none from 2^64 - 2^56 on is ever given out.
 */
import { late } from '../../../templates/typescript-host/late.js';
import type { Take } from '../../../templates/component-host/guest.js';
import type { RuntimeContext } from '../../context.js';
import type { VersionChoice } from '../../contracts/vocabulary.js';
import { fail } from '../../failures.js';
import { managedHost } from '../../interfaces/managed.js';
import type { KeyPair } from '../../objects/asymmetric-keys.js';
import type { SecretsManager } from '../../objects/secrets-manager.js';
import type { SymmetricKey } from '../../objects/symmetric-keys.js';
import { ID_BYTES } from '../../secrets/tenant.js';

type Version =
  | { readonly tag: 'unspecified' }
  | { readonly tag: 'latest' }
  | { readonly tag: 'all' }
  | { readonly tag: 'specified'; readonly val: bigint };

/** Where core modules have reserved values. */
const FIRST_RESERVED = 2n ** 64n - 2n ** 56n;

function versionChoice(version: Version): VersionChoice {
  if (version.tag !== 'specified') return version.tag;
  return version.val < FIRST_RESERVED ? version.val : 'unspecified';
}

function specified(val: bigint): Version {
  return { tag: 'specified', val };
}

export function witManagedHost(context: RuntimeContext) {
  const managed = managedHost(context);
  return late({
    common() {
      const { common } = managed;
      return {
        ...common,

        secretsManagerInvalidate(manager: SecretsManager, keyId: Uint8Array, version: Version): void {
          common.secretsManagerInvalidate(manager, keyId, versionChoice(version));
        },
      };
    },

    asymmetricCommon() {
      const { asymmetricCommon } = managed;
      return {
        ...asymmetricCommon,

        keypairStoreManaged(manager: SecretsManager, kp: KeyPair, take: Take): Uint8Array {
          const [kpId] = take(ID_BYTES);
          asymmetricCommon.keypairStoreManaged(manager, kp, kpId);
          return kpId;
        },

        keypairReplaceManaged(manager: SecretsManager, kpOld: KeyPair, kpNew: KeyPair): Version {
          return specified(asymmetricCommon.keypairReplaceManaged(manager, kpOld, kpNew));
        },

        keypairId(kp: KeyPair, take: Take): readonly [Uint8Array, Version] {
          const [kpId] = take(ID_BYTES);
          const [, version] = asymmetricCommon.keypairId(kp, kpId);
          return [kpId, specified(version)];
        },

        keypairFromId(manager: SecretsManager, kpId: Uint8Array, version: Version): KeyPair {
          return asymmetricCommon.keypairFromId(manager, kpId, versionChoice(version));
        },
      };
    },

    externalSecrets() {
      const { externalSecrets } = managed;
      return {
        ...externalSecrets,

        externalSecretStore(manager: SecretsManager, secret: Uint8Array, expires: bigint, take: Take): Uint8Array {
          const [secretId, bytes] = take(ID_BYTES, secret);
          externalSecrets.externalSecretStore(manager, bytes, expires, secretId);
          return secretId;
        },

        /** It cannot say which secret: the bindings refuse it (`absent`). */
        externalSecretReplace(): never {
          throw fail.NotImplemented;
        },

        externalSecretFromId(manager: SecretsManager, secretId: Uint8Array, version: Version) {
          return externalSecrets.externalSecretFromId(manager, secretId, versionChoice(version));
        },

        externalSecretInvalidate(manager: SecretsManager, secretId: Uint8Array, version: Version): void {
          externalSecrets.externalSecretInvalidate(manager, secretId, versionChoice(version));
        },
      };
    },

    symmetric() {
      const { symmetric } = managed;
      return {
        ...symmetric,

        symmetricKeyStoreManaged(manager: SecretsManager, key: SymmetricKey, take: Take): Uint8Array {
          const [keyId] = take(ID_BYTES);
          symmetric.symmetricKeyStoreManaged(manager, key, keyId);
          return keyId;
        },

        symmetricKeyReplaceManaged(manager: SecretsManager, keyOld: SymmetricKey, keyNew: SymmetricKey): Version {
          return specified(symmetric.symmetricKeyReplaceManaged(manager, keyOld, keyNew));
        },

        symmetricKeyId(key: SymmetricKey, take: Take): readonly [Uint8Array, Version] {
          const [keyId] = take(ID_BYTES);
          const [, version] = symmetric.symmetricKeyId(key, keyId);
          return [keyId, specified(version)];
        },

        symmetricKeyFromId(manager: SecretsManager, keyId: Uint8Array, version: Version): SymmetricKey {
          return symmetric.symmetricKeyFromId(manager, keyId, versionChoice(version));
        },
      };
    },
  });
}
