/** The host for core modules: WASI preview 1's ABI, for the definitions 0.10 and 0.9. */
import { HostUsageError } from '../../generated/0.10/typescript-host/failure.js';
import { bind } from '../../generated/0.10/typescript-host/index.js';
import type { Method } from '../../generated/0.10/typescript-host/kinds.js';
import type { MemoryLike } from '../../generated/0.10/typescript-host/memory.js';
import { CryptoErrno } from '../../generated/0.10/typescript-host/types.js';
import type { RuntimeContext } from '../context.js';
import { asymmetricCommonHost, asymmetricCommonManaged } from '../interfaces/asymmetric-common.js';
import { commonHost, commonManaged } from '../interfaces/common.js';
import { externalSecretsHost, externalSecretsManaged } from '../interfaces/external-secrets.js';
import { kxHost } from '../interfaces/kx.js';
import { signaturesHost } from '../interfaces/signatures.js';
import { symmetricHost, symmetricManaged } from '../interfaces/symmetric.js';
import type { RuntimeKinds } from '../objects/kinds.js';

/** A `WebAssembly.Instance`, by the properties that count (its type needs the DOM's library). */
export interface InstanceLike {
  readonly exports: object;
}

/** What needs a secrets manager, of which this context has none. Closing one is the bindings' own function. */
const managed: readonly Method[] = [
  ...commonManaged,
  'secretsManagerClose',
  ...asymmetricCommonManaged,
  ...symmetricManaged,
  ...externalSecretsManaged,
];

export function bindPreview1(context: RuntimeContext) {
  const bound = bind<RuntimeKinds>(
    {
      common: commonHost(context),
      asymmetricCommon: asymmetricCommonHost(context),
      externalSecrets: externalSecretsHost(),
      kx: kxHost(context),
      signatures: signaturesHost(context),
      symmetric: symmetricHost(context),
    },
    {
      maxHandles: context.limits.handles,
      absent: Object.fromEntries(managed.map((method) => [method, CryptoErrno.UnsupportedFeature])),
      onError: (error) => context.report(error),
    },
  );
  context.useGuestRange((pointer, length) => bound.memory.output(pointer, length));
  return {
    imports: {
      ...bound.imports,
      /** As 0.9 spells it; apart from this name its functions are those of 0.10. */
      wasi_ephemeral_crypto_exernal_secrets: bound.imports.wasi_ephemeral_crypto_external_secrets,
    },
    attach(target: InstanceLike | MemoryLike): void {
      bound.memory.attach(memoryOf(target));
    },
    close(): void {
      bound.close();
    },
  };
}

/** The names and functions that a guest of wasi-crypto 0.10 or 0.9 imports. */
export type Preview1Imports = ReturnType<typeof bindPreview1>['imports'];

function memoryOf(target: InstanceLike | MemoryLike): MemoryLike {
  const memory: unknown = 'exports' in target ? Reflect.get(target.exports, 'memory') : target;
  if (isMemory(memory)) return memory;
  throw new HostUsageError(
    'no-memory',
    'attach needs a WebAssembly.Memory, or an instance that exports one under the name `memory`',
  );
}

function isMemory(value: unknown): value is MemoryLike {
  return typeof value === 'object' && value !== null && 'buffer' in value && typeof value.buffer === 'object';
}
