/** Guests that are components, with the runtime behind them. */
import { fileURLToPath } from 'node:url';
import { createWasiCrypto } from '../../runtime/index.js';
import { relayComponent } from '../components-relay/relay.js';
import { ComponentAsymmetric, ComponentGuest, ComponentSymmetric } from '../guest/component.js';
import type { Guests } from './guests.js';

const definitions = fileURLToPath(new URL('../../witx/0.11', import.meta.url));

/** @param bindings `js`: jco's own trampolines; `hybrid`: the fast path */
export async function componentGuests(bindings: 'js' | 'hybrid'): Promise<Guests> {
  const component = await relayComponent(definitions, { bindings });
  const guest = new ComponentGuest(
    component.instantiate(createWasiCrypto({ policy: { unauthenticatedCiphers: true } }).component),
  );
  return { symmetric: new ComponentSymmetric(guest), asymmetric: new ComponentAsymmetric(guest) };
}
