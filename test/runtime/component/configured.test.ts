/** The host that components share which import it, with options of its owner. */
import { expect, it } from 'vitest';
import { configureComponents } from '../../../runtime/index.js';
import { relayComponent } from '../../components-relay/relay.js';
import { newStore } from '../managed/fixture.js';
import { definitions, errno, ok } from './guest.js';

it('has the store of keys that was chosen before it is loaded, and nothing is chosen afterwards', async () => {
  const secrets = { store: newStore(), tenant: 'shop' };
  expect(() => configureComponents({ secrets: { ...secrets, tenant: '' } })).toThrow(
    expect.objectContaining({ code: 'invalid-option' }),
  );
  configureComponents({ secrets });
  const shared = await import('../../../runtime/component.js');
  const component = await relayComponent(definitions, { bindings: 'hybrid' });
  const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const host = Object.fromEntries(
    Object.entries(shared).map(([name, bindings]) => [`wasi:crypto/${kebab(name)}`, bindings]),
  );
  const guest = component.instantiate(host);
  const manager = ok(guest.call('secrets-manager-open', undefined));
  const pair = ok(guest.call('keypair-generate-managed', manager, 'signatures', 'Ed25519', undefined));
  const [id] = ok<[Uint8Array, object]>(guest.call('keypair-id', pair));
  expect(secrets.store.list().map((each) => each.id)).toEqual([Buffer.from(id).toString('hex')]);
  expect(errno(guest.call('secrets-manager-close', manager))).toBe('success');
  expect(() => configureComponents({})).toThrow(expect.objectContaining({ code: 'too-late' }));
  shared.closeHost();
});
