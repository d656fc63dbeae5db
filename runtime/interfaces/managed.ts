/** Managed keys: those that a secrets manager holds. This host has no manager yet. */
import type { RuntimeContext } from '../context.js';
import { fail } from '../failures.js';

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

type ManagedInterface = keyof typeof managedFunctions;
type ManagedFunction = (typeof managedFunctions)[ManagedInterface][number];

/** What a revision's interfaces ask for, but for what needs a secrets manager. A host checks what it has against it. */
export type WithoutManager<Hosts> = { readonly [Name in keyof Hosts]: Omit<Hosts[Name], ManagedFunction> };

/** Throws `prohibited_operation` unless the bytes of a key may leave the host. No key is a managed one yet. */
export function requireExport(context: RuntimeContext, key: { readonly exportable: boolean }): void {
  if (!key.exportable || !context.policy.allowsExport(false)) throw fail.ProhibitedOperation;
}
