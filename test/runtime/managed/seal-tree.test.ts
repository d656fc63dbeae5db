/** The tree of seals, by itself: what a store of many identifiers makes of it. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { memoryStore } from '../../../runtime/keys.js';
import { fields } from '../../../runtime/secrets/fields.js';
import { emptyTop, SealTree } from '../../../runtime/secrets/seal-tree.js';

const nameOf = (number: number, tenant: string): Uint8Array => {
  const id = Buffer.alloc(32);
  id.writeUInt32BE(number);
  return fields(tenant, id);
};
const sealOf = (fill: number): Uint8Array => new Uint8Array(16).fill(fill);

/** A tree, with the operations of a map. */
function newTree() {
  const records = memoryStore();
  const seals = new SealTree('heads ');
  let top = emptyTop();
  return {
    records,
    get: (number: number, tenant = 't') =>
      records.read((reading) => seals.sealAt(reading, top, nameOf(number, tenant)))?.[0],
    set: (number: number, fill: number | undefined, tenant = 't') => {
      const seal = fill === undefined ? undefined : sealOf(fill);
      top = records.write((writing) => seals.withSeal(writing, top, nameOf(number, tenant), seal));
    },
    count: () => records.read((reading) => seals.count(reading, top)),
  };
}

describe('the tree of seals', () => {
  it('has what a map would have, whatever was put and taken away', () => {
    const change = fc.tuple(fc.nat(200), fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 300 }), (changes) => {
        const tree = newTree();
        const model = new Map<number, number>();
        for (const [number, fill] of changes) {
          tree.set(number, fill);
          if (fill === undefined) model.delete(number);
          else model.set(number, fill);
        }
        expect(tree.count()).toBe(model.size);
        for (const [number] of changes) expect(tree.get(number)).toBe(model.get(number));
        expect(tree.get(1000)).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('tells apart places that begin alike for longer than is read at once, and tenants', () => {
    const tree = newTree();
    // Found by trying: the digests of both begin with b79cb5245.
    const [one, two] = [335_816, 431_003];
    tree.set(one, 1);
    tree.set(two, 2);
    tree.set(one, 3, 'other');
    expect(tree.records.read((reading) => reading.setting('heads b79cb5245'))?.length).toBeGreaterThan(0);
    expect([tree.get(one), tree.get(two), tree.get(one, 'other'), tree.get(two, 'other')]).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
    tree.set(one, undefined);
    expect([tree.get(one), tree.get(two), tree.count()]).toEqual([undefined, 2, 2]);
  });

  it('is tampered with wherever a node was changed, emptied or put back', () => {
    const tree = newTree();
    for (let number = 0; number < 40; number += 1) tree.set(number, 1);
    const names = ['heads ', ...Array.from('0123456789abcdef', (half) => `heads ${half}`)];
    const before = tree.records.read((reading) => reading.settings(names));
    tree.set(0, 2);
    const after = tree.records.read((reading) => reading.settings(names));
    const changed = [...after].filter(([name, value]) => Buffer.compare(value, before.get(name) as Uint8Array) !== 0);
    expect(changed.length).toBeGreaterThan(1);
    for (const [name, value] of changed) {
      const flipped = Uint8Array.from(value, (byte, at) => (at === value.length - 1 ? byte ^ 1 : byte));
      for (const wrong of [flipped, new Uint8Array(0), before.get(name) as Uint8Array]) {
        tree.records.write((writing) => writing.putSetting(name, wrong));
        const tampered = expect.objectContaining({ name: 'SecretsError', code: 'tampered' });
        expect(() => tree.get(0)).toThrow(tampered);
        expect(() => tree.set(0, 3)).toThrow(tampered);
        expect(() => tree.count()).toThrow(tampered);
      }
      tree.records.write((writing) => writing.putSetting(name, value));
    }
    expect(tree.get(0)).toBe(2);
  });
});
