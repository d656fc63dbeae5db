/** The host for core modules: WASI preview 1's ABI, for the definitions 0.10 and 0.9, and the extension. */
import { bind, type Hosts } from '../../generated/0.10/typescript-host/index.js';
import * as types from '../../generated/0.10/typescript-host/types.js';
import { late, type Makers } from '../../templates/typescript-host/late.js';
import { GuestMemory } from '../../templates/typescript-host/memory.js';
import type { RuntimeContext } from '../context.js';
import type {
  AlgorithmType,
  KeypairEncoding,
  PublickeyEncoding,
  SecretkeyEncoding,
  SignatureEncoding,
  VersionChoice,
} from '../contracts/vocabulary.js';
import { asymmetricCommonHost } from '../interfaces/asymmetric-common.js';
import { commonHost } from '../interfaces/common.js';
import { kxHost } from '../interfaces/kx.js';
import { managedFunctions, managedHost } from '../interfaces/managed.js';
import { signaturesHost } from '../interfaces/signatures.js';
import { symmetricHost } from '../interfaces/symmetric.js';
import { LONGEST_NAME } from '../names.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import type { SecretsManager } from '../objects/secrets-manager.js';
import { memoryOf, type Attachable } from './attachable.js';
import { counted } from './calls.js';
import { clears, translator } from './errnos.js';
import { bindExtension } from './extension/core.js';
import { joined } from './joined.js';

const algorithmTypes: Readonly<Record<types.AlgorithmType, AlgorithmType>> = {
  [types.AlgorithmType.Signatures]: 'signatures',
  [types.AlgorithmType.Symmetric]: 'symmetric',
  [types.AlgorithmType.KeyExchange]: 'key-exchange',
};

const keypairEncodings: Readonly<Record<types.KeypairEncoding, KeypairEncoding>> = {
  [types.KeypairEncoding.Raw]: 'raw',
  [types.KeypairEncoding.Pkcs8]: 'pkcs8',
  [types.KeypairEncoding.Pem]: 'pem',
  [types.KeypairEncoding.Local]: 'local',
};

const publickeyEncodings: Readonly<Record<types.PublickeyEncoding, PublickeyEncoding>> = {
  [types.PublickeyEncoding.Raw]: 'raw',
  [types.PublickeyEncoding.Pkcs8]: 'pkcs8',
  [types.PublickeyEncoding.Pem]: 'pem',
  [types.PublickeyEncoding.Sec]: 'sec',
  [types.PublickeyEncoding.Local]: 'local',
};

const secretkeyEncodings: Readonly<Record<types.SecretkeyEncoding, SecretkeyEncoding>> = {
  [types.SecretkeyEncoding.Raw]: 'raw',
  [types.SecretkeyEncoding.Pkcs8]: 'pkcs8',
  [types.SecretkeyEncoding.Pem]: 'pem',
  [types.SecretkeyEncoding.Sec]: 'sec',
  [types.SecretkeyEncoding.Local]: 'local',
};

const signatureEncodings: Readonly<Record<types.SignatureEncoding, SignatureEncoding>> = {
  [types.SignatureEncoding.Raw]: 'raw',
  [types.SignatureEncoding.Der]: 'der',
};

/** The values from here on are reserved. */
const FIRST_RESERVED: bigint = types.Version.Unspecified;

function versionChoice(version: types.Version): VersionChoice {
  if (version < FIRST_RESERVED) return version;
  if (version === types.Version.Latest) return 'latest';
  return version === types.Version.All ? 'all' : 'unspecified';
}

/** A function of the definitions that is missing here is a type error. */
function hosts(context: RuntimeContext): Makers<Hosts<RuntimeKinds>> {
  const managed = managedHost(context);
  return {
    common: () => {
      const common = commonHost(context);
      return {
        ...common,
        ...managed.common,
        optionsOpen: (algorithmType) => common.optionsOpen(algorithmTypes[algorithmType]),
        secretsManagerInvalidate: (manager, keyId, version) =>
          managed.common.secretsManagerInvalidate(manager, keyId, versionChoice(version)),
      };
    },
    asymmetricCommon: () => {
      const keys = { ...asymmetricCommonHost(context), ...managed.asymmetricCommon };
      return {
        ...keys,
        keypairGenerate: (algorithmType, algorithm, options) =>
          keys.keypairGenerate(algorithmTypes[algorithmType], algorithm, options),
        keypairImport: (algorithmType, algorithm, encoded, encoding) =>
          keys.keypairImport(algorithmTypes[algorithmType], algorithm, encoded, keypairEncodings[encoding]),
        keypairGenerateManaged: (manager, algorithmType, algorithm, options) =>
          keys.keypairGenerateManaged(manager, algorithmTypes[algorithmType], algorithm, options),
        keypairFromId: (manager, kpId, version) => keys.keypairFromId(manager, kpId, versionChoice(version)),
        keypairExport: (kp, encoding) => keys.keypairExport(kp, keypairEncodings[encoding]),
        publickeyImport: (algorithmType, algorithm, encoded, encoding) =>
          keys.publickeyImport(algorithmTypes[algorithmType], algorithm, encoded, publickeyEncodings[encoding]),
        publickeyExport: (pk, encoding) => keys.publickeyExport(pk, publickeyEncodings[encoding]),
        secretkeyImport: (algorithmType, algorithm, encoded, encoding) =>
          keys.secretkeyImport(algorithmTypes[algorithmType], algorithm, encoded, secretkeyEncodings[encoding]),
        secretkeyExport: (sk, encoding) => keys.secretkeyExport(sk, secretkeyEncodings[encoding]),
      };
    },
    externalSecrets: () => ({
      ...managed.externalSecrets,
      externalSecretFromId: (manager, secretId, version) =>
        managed.externalSecrets.externalSecretFromId(manager, secretId, versionChoice(version)),
      externalSecretInvalidate: (manager, secretId, version) =>
        managed.externalSecrets.externalSecretInvalidate(manager, secretId, versionChoice(version)),
    }),
    kx: () => kxHost(context),
    signatures: () => {
      const signatures = signaturesHost(context);
      return {
        ...signatures,
        signatureExport: (signature, encoding) => signatures.signatureExport(signature, signatureEncodings[encoding]),
        signatureImport: (algorithm, encoded, encoding) =>
          signatures.signatureImport(algorithm, encoded, signatureEncodings[encoding]),
      };
    },
    // One object that grows: spreading takes three times its memory.
    symmetric: () =>
      Object.assign(symmetricHost(context), managed.symmetric, {
        symmetricKeyFromId: (manager: SecretsManager, keyId: Uint8Array, version: types.Version) =>
          managed.symmetric.symmetricKeyFromId(manager, keyId, versionChoice(version)),
      }),
  };
}

/** What a host without a store of keys answers. */
const unmanaged: Readonly<Record<string, types.CryptoErrno>> = Object.fromEntries(
  Object.values(managedFunctions)
    .flat()
    .map((method) => [method, types.CryptoErrno.UnsupportedFeature]),
);

export function bindPreview1(context: RuntimeContext) {
  const memory = new GuestMemory(LONGEST_NAME);
  const extension = bindExtension(context, memory);
  const bound = bind<RuntimeKinds>(counted(context, hosts(context)), {
    budget: context.handles,
    memory,
    absent: context.secrets === undefined ? unmanaged : {},
    onError: (error) => context.report(error),
    failureOf: translator(context, types.fail),
    clears,
    // The functions that count calls pass on what they are given.
    fewerParameters: true,
  });
  context.useGuestRange((pointer, length) => memory.output(pointer, length));
  return {
    imports: joined(
      joined(bound.imports, extension.imports),
      late({
        /** As 0.9 spells it; apart from this name its functions are those of 0.10. */
        wasi_ephemeral_crypto_exernal_secrets: () => bound.imports.wasi_ephemeral_crypto_external_secrets,
      }),
    ),
    attach(target: Attachable): void {
      memory.attach(memoryOf(target));
    },
    close(): void {
      bound.close();
      extension.close();
    },
  };
}

/** The names and functions that a guest of wasi-crypto 0.10 or 0.9 imports, or of the extension. */
export type Preview1Imports = ReturnType<typeof bindPreview1>['imports'];
