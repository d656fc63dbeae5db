/** The functions of `wasi_ephemeral_crypto_external_secrets`. */
import type { ExternalSecretsHost } from '../../generated/0.10/typescript-host/external-secrets.js';
import type { RuntimeKinds } from '../objects/kinds.js';

/** Functions that need a secrets manager; without one they answer `unsupported_feature`. */
export const externalSecretsManaged = [
  'externalSecretStore',
  'externalSecretReplace',
  'externalSecretFromId',
  'externalSecretInvalidate',
  'externalSecretEncapsulate',
  'externalSecretDecapsulate',
] as const;

type Implemented = Omit<ExternalSecretsHost<RuntimeKinds>, (typeof externalSecretsManaged)[number]>;

export function externalSecretsHost(): Implemented {
  return {};
}
