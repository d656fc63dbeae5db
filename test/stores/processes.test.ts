/** Stores under processes that are killed, and that share one; a disk that is full. `npm run stores:kill` does it for longer. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { errnoOf } from '../guest/guest.js';
import { codesOf } from '../runtime/managed/fixture.js';
import { openAfterCollection, sqliteEngines } from '../runtime/managed/stores.js';
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

/** A file system of 1 MiB, for those who may mount one; gone after the test. */
function smallDisk(context: TestContext): string {
  const place = mkdtempSync(join(folder, 'disk-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]);
  if (status !== 0) return context.skip('nobody may mount a file system here');
  context.onTestFinished(() => void spawnSync('umount', ['-l', place]));
  return place;
}

/** One of ext4 in a file, which can be made to fail while it is in use. */
function diskOfBlocks(context: TestContext): { readonly place: string; mount(): void } {
  const place = mkdtempSync(join(folder, 'disk-'));
  const image = `${place}.img`;
  const mounted = (): boolean => spawnSync('mount', ['-o', 'loop', image, place]).status === 0;
  writeFileSync(image, new Uint8Array(16 * 2 ** 20));
  if (spawnSync('mkfs.ext4', ['-q', image]).status !== 0 || !mounted())
    return context.skip('nobody may make a file system of blocks here');
  context.onTestFinished(() => void spawnSync('umount', ['-l', place]));
  return { place, mount: () => expect(mounted()).toBe(true) };
}

function remount(place: string, options: string): void {
  expect(spawnSync('mount', ['-o', `remount,${options}`, place]).status).toBe(0);
}

describe.each(sqliteEngines)('a disk, with SQLite by %s', (engine) => {
  it('that is full is an overflow, nothing is half-written, and it goes on once there is room', (context) => {
    const place = smallDisk(context);
    const file = join(place, 'keys.db');
    const store = openStore({ file, engine });
    const { managed, manager } = guestOf(store);
    const kept: Uint8Array[] = [];
    const store8 = (): string =>
      errnoOf(() => kept.push(managed.secretStore(manager, new Uint8Array(8192).fill(kept.length), NEVER)));
    let errno = 'Success';
    while (errno === 'Success' && kept.length < 200) errno = store8();
    expect(errno).toBe('Overflow');
    expect(kept.length).toBeGreaterThan(5);
    const whole = (): void => {
      kept.forEach((id, fill) => expect(managed.secretFromId(manager, id)[0]).toBe(fill));
      expect(store.verify()).toMatchObject({ ids: kept.length, problems: [] });
    };
    whole();
    const copy = join(place, 'copy.db');
    expect(() => store.backup(copy)).toThrow(expect.objectContaining({ name: 'SecretsError' }));
    expect(existsSync(copy)).toBe(false);
    remount(place, 'size=4m');
    expect([store8(), store8()]).toEqual(['Success', 'Success']);
    whole();
    store.close();
    const again = openStore({ file, engine });
    expect(again.verify()).toMatchObject({ ids: kept.length, problems: [] });
    again.close();
  });

  it('that can only be read is refused in so many words, and what is there is there when it can be written again', async (context) => {
    const place = smallDisk(context);
    const file = join(place, 'keys.db');
    const store = openStore({ file, engine });
    const { managed, manager } = guestOf(store);
    const id = managed.secretStore(manager, new Uint8Array(1).fill(7), NEVER);
    store.close();
    expect(await openAfterCollection(place)).toEqual([]);
    remount(place, 'ro');
    expect(() => openStore({ file, engine })).toThrow(expect.objectContaining({ code: 'read-only' }));
    expect(() => openStore({ file: join(place, 'new.db'), engine })).toThrow(
      expect.objectContaining({ code: 'read-only' }),
    );
    expect(await openAfterCollection(place)).toEqual([]);
    remount(place, 'rw');
    const again = openStore({ file, engine });
    const guest = guestOf(again);
    expect(guest.managed.secretFromId(guest.manager, id)[0]).toBe(7);
    again.close();
  });

  it('that fails while hosts have it open, and can only be read from then on, stores nothing more and loses nothing', async (context) => {
    const { place, mount } = diskOfBlocks(context);
    const file = join(place, 'keys.db');
    const store = openStore({ file, engine }, 0);
    const errors: unknown[] = [];
    const { managed, manager } = guestOf(store, (error) => void errors.push(error));
    const ids = [1, 2].map((fill) => managed.secretStore(manager, new Uint8Array(1).fill(fill), NEVER));
    const [first, second] = ids as [Uint8Array, Uint8Array];
    remount(place, 'abort');
    for (const change of [
      () => managed.secretStore(manager, new Uint8Array(1), NEVER),
      () => managed.secretReplace(manager, new Uint8Array(1), NEVER, first),
      () => managed.secretInvalidate(manager, first, 1n),
    ])
      expect(errnoOf(change)).toBe('ProhibitedOperation');
    expect(codesOf(errors)).toEqual(['read-only', 'read-only', 'read-only']);
    expect(managed.secretFromId(manager, first)[0]).toBe(1);
    store.close();
    expect(await openAfterCollection(place)).toEqual([]);
    expect(spawnSync('umount', [place]).status).toBe(0);
    mount();
    const again = openStore({ file, engine });
    const guest = guestOf(again);
    expect(guest.managed.secretReplace(guest.manager, new Uint8Array(1).fill(3), NEVER, second)).toBe(2n);
    expect(again.verify()).toMatchObject({ ids: 2, versions: 3, problems: [] });
    again.close();
  });
});
