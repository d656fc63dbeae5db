/** wasi-crypto 0.11 for components, as jco's output imports it. */
import { bindComponent, CryptoErrno, fail, type Hosts } from '../../../generated/0.11/component-host/index.js';
import type { RuntimeContext } from '../../context.js';
import type { ManagedFunction } from '../../interfaces/managed.js';
import type { RuntimeKinds } from '../../objects/kinds.js';
import { byFailure, translator } from '../errnos.js';
import { witHosts, withoutManager } from './interfaces.js';

/** What the definitions ask for, but for what needs a secrets manager: a function that is missing below is a type error here. */
type Implemented = {
  readonly [Interface in keyof Hosts<RuntimeKinds>]: Omit<Hosts<RuntimeKinds>[Interface], ManagedFunction>;
};

/** @param fastPath whether functions offer jco core functions for its trampolines */
export function bindComponents(context: RuntimeContext, fastPath: boolean) {
  const hosts: Implemented = witHosts(context, {
    success: CryptoErrno.Success,
    failed: byFailure<CryptoErrno>(CryptoErrno),
  });
  const absent = withoutManager(fail.UnsupportedFeature);
  const { imports, close } = bindComponent<RuntimeKinds>(hosts, {
    maxHandles: context.limits.handles,
    // `external-secret-replace` cannot say which secret: nobody has it.
    absent: { ...absent, externalSecrets: { ...absent.externalSecrets, externalSecretReplace: fail.NotImplemented } },
    fastPath,
    onError: (error) => context.report(error),
    failureOf: translator(context, fail),
  });
  // The memory of a component is not the host's to keep: work that needs a lot gets some of its own.
  context.useGuestRange((_pointer, length) => new Uint8Array(length));
  return { imports, close };
}

/** The interfaces that a component of wasi-crypto 0.11 imports, by their names without version. */
export type ComponentImports = ReturnType<typeof bindComponents>['imports'];
