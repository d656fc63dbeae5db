/** Stores under processes that are killed, and that share one; a disk that is full. `npm run stores:kill` does it for longer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errnoOf } from '../guest/guest.js';
import { sqliteEngines } from '../runtime/managed/stores.js';
import type { StorePlace } from './places.js';
import { guestOf, killHosts, openStore, seenElsewhere, shareSecret } from './processes.js';

const NEVER = 2n ** 64n - 1n;
let files = 0;
const folder = mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-processes-'));
const newFile = (): string => join(folder, `${(files += 1)}.db`);

describe.each(sqliteEngines)('hosts in processes of their own, SQLite by %s', (engine) => {
  const newPlace = (): StorePlace => ({ file: newFile(), engine });

  it('lose nothing when they are killed, and records open', { timeout: 300_000 }, async () => {
    expect(await killHosts(newPlace, 6)).toMatchObject({ kills: 24 });
  });

  it('give out each version once, whoever replaces', { timeout: 300_000 }, async () => {
    expect(await shareSecret(newPlace(), 2, 300)).toBe(2400);
  });

  it('see at their next lookup what another one has changed', async () => {
    expect(await seenElsewhere(newPlace())).toEqual(['1', '2', '1', 'NotFound']);
  });
});

/** A file system of 1 MiB, for those who may mount one. */
function smallDisk(): string | undefined {
  const place = join(folder, 'disk');
  mkdirSync(place);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]);
  return status === 0 ? place : undefined;
}

it('a disk that is full is an overflow, nothing is half-written, and it goes on once there is room', (context) => {
  const place = smallDisk();
  if (place === undefined) return context.skip('nobody may mount a file system here');
  try {
    const store = openStore({ file: join(place, 'keys.db') });
    const { managed, manager } = guestOf(store);
    const kept: Uint8Array[] = [];
    let errno = 'Success';
    while (errno === 'Success' && kept.length < 200)
      errno = errnoOf(() => kept.push(managed.secretStore(manager, new Uint8Array(8192).fill(kept.length), NEVER)));
    expect(errno).toBe('Overflow');
    expect(kept.length).toBeGreaterThan(5);
    kept.forEach((id, fill) => expect(managed.secretFromId(manager, id)[0]).toBe(fill));
    expect(store.verify()).toMatchObject({ ids: kept.length, problems: [] });
    store.close();
    const again = openStore({ file: join(place, 'keys.db') });
    expect(again.verify()).toMatchObject({ ids: kept.length, problems: [] });
    again.close();
  } finally {
    spawnSync('umount', ['-l', place]);
  }
});
