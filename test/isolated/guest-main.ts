/** The process of a guest: it looks up its key and makes a tag with it. It prints the tag and the process of its host, and waits. */
import { createIsolatedWasiCrypto } from '../../runtime/isolated.js';
import { idOfName } from '../../runtime/keys.js';
import { Guest } from '../guest/guest.js';
import { Managed } from '../guest/managed.js';
import { hexOf } from '../hex.js';
import { MESSAGE } from './message.js';

const host = createIsolatedWasiCrypto({ module: new URL('owner.mjs', import.meta.url) });
const managed = new Managed(new Guest(host));
const { symmetric } = managed;
const key = managed.keys.fromId(managed.open(), idOfName('app'));
const state = symmetric.open('HMAC/SHA-256', key);
symmetric.absorb(state, MESSAGE);
console.log(JSON.stringify({ host: host.pid, tag: hexOf(symmetric.tagPull(symmetric.squeezeTag(state))) }));
setInterval(() => undefined, 60_000);
