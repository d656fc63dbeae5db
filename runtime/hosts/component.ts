/** The host for components: wasi-crypto 0.11, as jco's output imports it. */
import { bindComponent } from '../../generated/0.11/component-host/index.js';
import type { RuntimeContext } from '../context.js';
import type { RuntimeKinds } from '../objects/kinds.js';
import { failureOf, managed, wit011Hosts } from './wit-0.11.js';

/** @param fastPath whether functions offer jco core functions for its trampolines */
export function bindComponents(context: RuntimeContext, fastPath: boolean) {
  const { imports, close } = bindComponent<RuntimeKinds>(wit011Hosts(context), {
    maxHandles: context.limits.handles,
    absent: managed,
    fastPath,
    onError: (error) => context.report(error),
    failureOf,
  });
  // The memory of a component is not the host's to keep: work that needs a lot gets some of its own.
  context.useGuestRange((_pointer, length) => new Uint8Array(length));
  return { imports, close };
}

/** The interfaces that a component of wasi-crypto 0.11 imports, by their names without version. */
export type ComponentImports = ReturnType<typeof bindComponents>['imports'];
