/** What objects behind handles are made of. */
import { expect, it } from 'vitest';
import { RuntimeContext } from '../../runtime/context.js';
import type { SignatureAlgorithm } from '../../runtime/contracts/algorithms.js';
import { GuestObject, Shared } from '../../runtime/objects/guest-object.js';
import { SignatureState } from '../../runtime/objects/signatures.js';
import { SymmetricState, type StateSetup } from '../../runtime/objects/symmetric-states.js';
import { readOptions } from '../../runtime/options.js';

class Thing extends GuestObject {
  override live = true;
  protected override dispose(): void {}
}

class Part extends Shared {
  protected override users = 1;
  protected override dispose(): void {}
}

class State extends SymmetricState {
  override live = true;
  protected override readonly setup: StateSetup;

  constructor(setup: StateSetup) {
    super();
    this.setup = setup;
  }
}

// A field in a base of many classes makes every new object slow: see `runtime/objects/guest-object.ts`.
it('bases of many classes give their objects no fields', () => {
  expect(Reflect.ownKeys(new Thing())).toEqual(['live']);
  expect(Reflect.ownKeys(new Part())).toEqual(['users']);
  expect(Reflect.ownKeys(new State({} as StateSetup)).sort()).toEqual(['live', 'setup']);
});

it('an object ends once', () => {
  let ends = 0;
  class Counted extends Thing {
    protected override dispose(): void {
      ends += 1;
    }
  }
  const counted = new Counted();
  counted.release();
  counted.release();
  expect([counted.live, ends]).toEqual([false, 1]);
});

it('what is shared ends with its last user', () => {
  let ends = 0;
  class Counted extends Part {
    protected override dispose(): void {
      ends += 1;
    }
  }
  const counted = new Counted().retain();
  counted.release();
  expect(ends).toBe(0);
  counted.release();
  expect(ends).toBe(1);
});

it('signing is given the randomness of its context', () => {
  const context = new RuntimeContext(readOptions({}));
  const given: unknown[] = [];
  const algorithm: SignatureAlgorithm = {
    ...context.algorithms.signature('Ed25519'),
    sign: (_secret, _message, random) => {
      given.push(random);
      return new Uint8Array(64);
    },
  };
  new SignatureState(algorithm, algorithm.keys.generate(context.random), context).sign();
  expect(given).toEqual([context.random]);
  expect(given[0]).toBe(context.random);
});
