/** What a secrets manager should do, in a few lines, and random calls to compare hosts with it. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { Version } from '../../../generated/0.10/typescript-host/types.js';
import { errnoOf, type ErrnoName } from '../../guest/guest.js';
import type { Made } from './fixture.js';

const NEVER = 2n ** 64n - 1n;

/** One thing that a guest can keep: bytes that tell it from others, and the last second of its use. */
interface Kept {
  readonly bytes: number;
  readonly expires: bigint;
}

class ModelEntry {
  readonly tenant: number;
  readonly isKey: boolean;
  next = 1n;
  readonly versions = new Map<bigint, Kept>();

  constructor(tenant: number, isKey: boolean) {
    this.tenant = tenant;
    this.isKey = isKey;
  }

  add(kept: Kept): bigint {
    const version = this.next;
    this.next += 1n;
    this.versions.set(version, kept);
    return version;
  }

  choose(version: bigint): bigint | undefined {
    if (version === Version.Latest) return [...this.versions.keys()].at(-1);
    return this.versions.has(version) ? version : undefined;
  }
}

const version = fc.oneof(
  { weight: 3, arbitrary: fc.constant<bigint>(Version.Latest) },
  { weight: 3, arbitrary: fc.bigInt(1n, 4n) },
  { weight: 1, arbitrary: fc.constantFrom<bigint>(0n, Version.All, Version.Unspecified, NEVER) },
);
const host = fc.nat(3);
const target = fc.nat(9);
const byte = fc.integer({ min: 1, max: 255 });
const isKey = fc.boolean();
const expires = fc.oneof(fc.constant(NEVER), fc.bigInt(990n, 1020n));

/** @param hosts two of one tenant, then two of another, all on one store */
export const randomCalls = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ op: fc.constant('store' as const), host, isKey, byte, expires }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('replace' as const), host, target, isKey, byte, expires }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('invalidate' as const), host, target, isKey, version }) },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('find' as const), host, target, isKey, version }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('wait' as const), seconds: fc.nat(8) }) },
  ),
  { maxLength: 25 },
);

type Calls = typeof randomCalls extends fc.Arbitrary<infer T> ? T : never;

/** Makes the calls, and compares every answer. */
export function compareWithModel(hosts: readonly Made[], clock: { now: number }, calls: Calls): void {
  const model: ModelEntry[] = [];
  const ids: Uint8Array[] = [];
  const entryAt = (at: number): ModelEntry | undefined => model[at % Math.max(1, model.length)];
  const idAt = (at: number): Uint8Array => ids[at % Math.max(1, ids.length)] ?? new Uint8Array(32);
  for (const call of calls) {
    if (call.op === 'wait') {
      clock.now += call.seconds;
      continue;
    }
    const { managed, manager } = hosts[call.host] as Made;
    const tenant = call.host >> 1;
    const secret = 'byte' in call ? new Uint8Array(32).fill(call.byte) : new Uint8Array(0);
    const bytes = 'byte' in call ? call.byte : 0;
    const visible = (at: number): ModelEntry | undefined => {
      const entry = entryAt(at);
      return entry?.tenant === tenant && entry.isKey === call.isKey ? entry : undefined;
    };
    switch (call.op) {
      case 'store': {
        // Keys have no date of their own here.
        const entry = new ModelEntry(tenant, call.isKey);
        entry.add({ bytes, expires: call.isKey ? NEVER : call.expires });
        model.push(entry);
        const key = call.isKey ? managed.symmetric.keyImport('AES-256-GCM', secret) : 0;
        ids.push(call.isKey ? managed.keys.store(manager, key) : managed.secretStore(manager, secret, call.expires));
        break;
      }
      case 'replace': {
        const entry = visible(call.target);
        const isThere = entry !== undefined && entry.versions.size > 0;
        const run = (): bigint => {
          if (!call.isKey) return managed.secretReplace(manager, secret, call.expires, idAt(call.target));
          const old = managed.keys.fromId(manager, idAt(call.target));
          return managed.keys.replace(manager, old, managed.symmetric.keyImport('AES-256-GCM', secret));
        };
        if (isThere) expect(run()).toBe(entry.add({ bytes, expires: call.isKey ? NEVER : call.expires }));
        else expect(errnoOf(run)).toBe('NotFound');
        break;
      }
      case 'invalidate': {
        const entry = visible(call.target);
        const gone = call.version === Version.All ? [...(entry?.versions.keys() ?? [])] : [entry?.choose(call.version)];
        const meant = gone.filter((each) => each !== undefined);
        for (const each of meant) entry?.versions.delete(each);
        const invalidate = call.isKey ? managed.invalidate : managed.secretInvalidate;
        const errno = errnoOf(() => invalidate.call(managed, manager, idAt(call.target), call.version));
        expect(errno).toBe(meant.length > 0 ? 'Success' : 'NotFound');
        break;
      }
      case 'find': {
        const entry = visible(call.target);
        const found = entry?.choose(call.version);
        const kept = found === undefined ? undefined : entry?.versions.get(found);
        const run = (): unknown => {
          if (!call.isKey) return managed.secretFromId(manager, idAt(call.target), call.version);
          const key = managed.keys.fromId(manager, idAt(call.target), call.version);
          expect(managed.keys.id(key)).toEqual([idAt(call.target), found]);
          return sealed(managed.symmetric.open('AES-256-GCM', key, nonceOf(managed)), managed);
        };
        const expected: ErrnoName =
          kept === undefined ? 'NotFound' : BigInt(clock.now) > kept.expires ? 'Expired' : 'Success';
        if (kept === undefined || expected !== 'Success') expect(errnoOf(run)).toBe(expected);
        else if (call.isKey) {
          const same = managed.symmetric.keyImport('AES-256-GCM', new Uint8Array(32).fill(kept.bytes));
          expect(run()).toEqual(sealed(managed.symmetric.open('AES-256-GCM', same, nonceOf(managed)), managed));
        } else expect(run()).toEqual(new Uint8Array(32).fill(kept.bytes));
        break;
      }
    }
  }
}

function nonceOf({ common }: Made['managed']): number {
  const options = common.optionsOpen();
  common.optionsSet(options, 'nonce', new Uint8Array(12));
  return options;
}

/** What tells one key from another. */
function sealed(state: number, { symmetric }: Made['managed']): Uint8Array {
  return symmetric.encrypt(state, new Uint8Array(16));
}
