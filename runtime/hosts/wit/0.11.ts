/** wasi-crypto 0.11 for components, as jco's output imports it. */
import { bindComponent, CryptoErrno, fail, type Hosts } from '../../../generated/0.11/component-host/index.js';
import type { RuntimeContext } from '../../context.js';
import type { RuntimeKinds } from '../../objects/kinds.js';
import { witHosts, witOptions } from './interfaces.js';

/** @param fastPath whether functions offer jco core functions for its trampolines */
export function bindComponents(context: RuntimeContext, fastPath: boolean) {
  // A function of the definitions that is missing is a type error here.
  const hosts: Hosts<RuntimeKinds> = witHosts<CryptoErrno>(context, CryptoErrno);
  return bindComponent<RuntimeKinds>(hosts, witOptions(context, fail, fastPath));
}

/** The interfaces that a component imports, by their names without version. */
export type ComponentImports = ReturnType<typeof bindComponents>['imports'];
