/**
 * A host with a guest, in a process of its own, on a store that others use too. It is bundled (`processes.ts`) and started
 * with a `ProcessSetup`; what its guest was told it writes as a line of JSON each, after the call has returned.
 */
import { readSync, writeSync } from 'node:fs';
import { hexOf } from '../hex.js';
import { Version } from '../../generated/0.10/typescript-host/types.js';
import { keyFromCallback, openKeyStore } from '../../runtime/keys.js';
import { CallFailed, errnoOf, Guest } from '../guest/guest.js';
import { Managed } from '../guest/managed.js';
import { recordsAt } from './places.js';
import type { ProcessLine, ProcessSetup } from './processes.js';

const NEVER = 2n ** 64n - 1n;
const setup = JSON.parse(process.argv[2] ?? '') as ProcessSetup;
const store = openKeyStore({
  records: recordsAt(setup.place),
  kek: keyFromCallback('sevens', () => new Uint8Array(32).fill(7)),
});
const quota = { ids: 2 ** 30, changesPerHour: 2 ** 50 };
const guest = new Guest({ secrets: { store, tenant: 'test', quota } });
const managed = new Managed(guest);
const manager = managed.open();

function say(line: ProcessLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const secretOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

/** Stores, replaces and invalidates until it is killed. */
function random(): never {
  const mine: { readonly id: Uint8Array; versions: bigint[] }[] = [];
  for (let count = setup.seed; ; count += 1) {
    const fill = (count % 255) + 1;
    const at = mine[(count * 7919) % Math.max(1, mine.length)];
    const dice = (count * 31 + setup.seed) % 10;
    if (at === undefined || dice < 4) {
      say({ op: 'trying', next: 'store' });
      const id = managed.secretStore(manager, secretOf(fill), NEVER);
      say({ op: 'stored', id: hexOf(id), version: '1', fill });
      mine.push({ id, versions: [1n] });
    } else if (dice < 8 && at.versions.length > 0) {
      say({ op: 'trying', next: 'replace', id: hexOf(at.id), fill });
      const version = managed.secretReplace(manager, secretOf(fill), NEVER, at.id);
      say({ op: 'stored', id: hexOf(at.id), version: String(version), fill });
      at.versions.push(version);
    } else {
      const gone = at.versions.shift();
      if (gone === undefined) continue;
      say({ op: 'trying', next: 'invalidate', id: hexOf(at.id), version: String(gone) });
      managed.secretInvalidate(manager, at.id, gone);
      say({ op: 'invalidated', id: hexOf(at.id), version: String(gone) });
    }
  }
}

/** Replaces one secret again and again, and takes away its own versions. */
function shared(): void {
  const id = Buffer.from(setup.id ?? '', 'hex');
  for (let count = 0; count < setup.count; count += 1) {
    const version = managed.secretReplace(manager, secretOf((count % 255) + 1), NEVER, id);
    say({ op: 'stored', id: hexOf(id), version: String(version), fill: (count % 255) + 1 });
    // Whatever others do meanwhile, this version is what this process has written.
    const found = managed.secretFromId(manager, id, version);
    if (found[0] !== (count % 255) + 1) throw new Error('another secret came back');
    managed.secretInvalidate(manager, id, version);
    if (errnoOf(() => managed.secretFromId(manager, id, version)) !== 'NotFound') throw new Error('it came back');
  }
}

/** Looks a secret up whenever a byte arrives. */
function ask(): void {
  const id = Buffer.from(setup.id ?? '', 'hex');
  for (;;) {
    let answer: string;
    try {
      answer = String(managed.secretFromId(manager, id, Version.Latest)[0]);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      answer = error.errno;
    }
    say({ op: 'found', answer });
    if (readSync(0, new Uint8Array(1)) === 0) return;
  }
}

say({ op: 'ready' });
if (setup.mode === 'random') random();
else if (setup.mode === 'shared') shared();
else ask();
store.close();
