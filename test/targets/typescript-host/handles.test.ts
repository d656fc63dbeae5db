import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultSignal, type Fault } from '../../../templates/typescript-host/failure.js';
import { HandleBudget, HandleTable, type HostObject } from '../../../templates/typescript-host/handles.js';

class Thing implements HostObject {
  live = true;
  released = 0;
  release(): void {
    this.live = false;
    this.released += 1;
  }
}

function table(kind = 3, limit = 1_048_576): HandleTable<Thing> {
  return new HandleTable<Thing>(kind, new HandleBudget(limit));
}

function faultOf(act: () => unknown): Fault | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FaultSignal) return thrown.fault;
    throw thrown;
  }
}

describe('a handle table', () => {
  it('finds the object of a handle, which carries the kind in its upper four bits and is never 0', () => {
    const things = table(3);
    const thing = new Thing();
    const handle = things.insert(thing);
    expect(handle >>> 28).toBe(3);
    expect(things.get(handle)).toBe(thing);
    expect(table(15).insert(new Thing())).toBe(0xf000_0000);
  });

  it('tells a closed handle from one that was never given out', () => {
    const things = table();
    const thing = new Thing();
    const handle = things.insert(thing);
    things.close(handle);
    expect(thing.released).toBe(1);
    expect(faultOf(() => things.close(handle))).toBe('closedHandle');
    expect(faultOf(() => things.get(handle))).toBe('badHandle');
    expect(faultOf(() => things.close(handle + 1))).toBe('badHandle');
    expect(faultOf(() => things.close(handle | (1 << 20)))).toBe('badHandle');
    expect(faultOf(() => things.close((4 << 28) >>> 0))).toBe('badHandle');
    expect(faultOf(() => things.close(0))).toBe('badHandle');
  });

  it('drops a used-up object without releasing it, and a second time does nothing', () => {
    const things = table();
    const thing = new Thing();
    const handle = things.insert(thing);
    things.drop(handle);
    things.drop(handle);
    expect(thing.released).toBe(0);
    expect(faultOf(() => things.close(handle))).toBe('closedHandle');
  });

  it('lets a freed slot rest until 65 536 others were freed, then gives it a new generation', () => {
    const things = table();
    const first = things.insert(new Thing());
    things.close(first);
    const between = new Set<number>();
    for (let count = 0; count < 65_536; count += 1) {
      const handle = things.insert(new Thing());
      between.add(handle & 0xfffff);
      things.close(handle);
    }
    expect(between.has(first & 0xfffff)).toBe(false);
    const again = things.insert(new Thing());
    expect(again & 0xfffff).toBe(first & 0xfffff);
    expect(again).not.toBe(first);
    expect(faultOf(() => things.get(first))).toBe('badHandle');
    expect(faultOf(() => things.close(first))).toBe('closedHandle');
  });

  it('knows every handle as closed after all generations of a slot were used', () => {
    const things = table();
    const seen: number[] = [];
    for (let count = 0; count < 65_537 * 257; count += 1) {
      const handle = things.insert(new Thing());
      if ((handle & 0xfffff) === 0) seen.push(handle);
      things.close(handle);
    }
    expect(seen.length).toBe(257);
    expect(new Set(seen).size).toBe(256);
    expect(faultOf(() => things.close(seen[200] as number))).toBe('closedHandle');
  });

  it('holds as many as the budget of all tables allows, and says so before the call', () => {
    const budget = new HandleBudget(2);
    const left = new HandleTable<Thing>(1, budget);
    const right = new HandleTable<Thing>(2, budget);
    const handle = left.insert(new Thing());
    right.insert(new Thing());
    expect(faultOf(() => right.room(1))).toBe('tooManyHandles');
    left.close(handle);
    expect(faultOf(() => right.room(1))).toBeUndefined();
    expect(faultOf(() => right.room(2))).toBe('tooManyHandles');
  });

  it('releases everything at the end, also when one object fails to', () => {
    const things = table();
    const good = new Thing();
    const bad = new Thing();
    bad.release = () => {
      throw new Error('stuck');
    };
    things.insert(bad);
    const handle = things.insert(good);
    const errors: unknown[] = [];
    things.closeAll((error) => errors.push(error));
    expect(errors).toHaveLength(1);
    expect(good.released).toBe(1);
    expect(faultOf(() => things.close(handle))).toBe('closedHandle');
  });

  it('agrees with a map of handles over any sequence of calls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('insert', 'close', 'drop', 'get'), fc.nat(40)), { maxLength: 200 }),
        (calls) => {
          const things = table(5, 30);
          const live = new Map<number, Thing>();
          const given: number[] = [];
          for (const [call, pick] of calls) {
            const handle = given[pick % Math.max(1, given.length)] ?? 0x5000_1234;
            if (call === 'insert') {
              const full = live.size === 30;
              expect(faultOf(() => things.room(1))).toBe(full ? 'tooManyHandles' : undefined);
              if (full) continue;
              const thing = new Thing();
              const made = things.insert(thing);
              expect(live.has(made)).toBe(false);
              live.set(made, thing);
              given.push(made);
            } else if (call === 'get') {
              if (live.has(handle)) expect(things.get(handle)).toBe(live.get(handle));
              else expect(faultOf(() => things.get(handle))).toBe('badHandle');
            } else if (call === 'drop') {
              things.drop(handle);
              live.delete(handle);
            } else {
              const expected = live.has(handle) ? undefined : given.includes(handle) ? 'closedHandle' : 'badHandle';
              expect(faultOf(() => things.close(handle))).toBe(expected);
              live.delete(handle);
            }
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });
});
