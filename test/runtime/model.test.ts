/**
 * Handles and states against a reference model: any sequence of calls gets the answers that a few
 * lines of plain bookkeeping predict.
 */
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, it, expect } from 'vitest';
import { errnoOf, Guest, type ErrnoName } from '../guest/guest.js';
import { Symmetric } from '../guest/symmetric.js';

/** What the model knows of a state. Bytes absorbed so far; for ciphers, whether they have begun. */
interface ModelState {
  readonly handle: number;
  readonly kind: 'hash' | 'mac' | 'cipher';
  absorbed: Buffer;
  begun: boolean;
  /** Shared by clones: a nonce allows one encryption. */
  readonly permit: { spent: boolean };
  open: boolean;
}

interface ModelTag {
  readonly handle: number;
  readonly bytes: Buffer;
  open: boolean;
}

interface Model {
  readonly states: ModelState[];
  readonly tags: ModelTag[];
}

const key = Buffer.alloc(32, 7);
const nonce = Buffer.alloc(12, 9);
const ids = { hash: 'SHA-256', mac: 'HMAC/SHA-256', cipher: 'AES-256-GCM' } as const;

function seal(associated: Buffer, message: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  const text = Buffer.concat([cipher.update(message), cipher.final()]);
  return Buffer.concat([text, cipher.getAuthTag()]);
}

/** A command on one state, or on one tag, of those ever opened. */
abstract class OnState implements fc.Command<Model, Symmetric> {
  readonly pick: number;
  constructor(pick: number) {
    this.pick = pick;
  }

  check(model: Readonly<Model>): boolean {
    return model.states.length > 0;
  }

  run(model: Model, real: Symmetric): void {
    const state = model.states[this.pick % model.states.length] as ModelState;
    if (state.open) this.onOpen(state, model, real);
    else expect(errnoOf(() => this.call(state, real))).toBe(this.constructor === Close ? 'Closed' : 'InvalidHandle');
  }

  abstract onOpen(state: ModelState, model: Model, real: Symmetric): void;
  abstract call(state: ModelState, real: Symmetric): unknown;
  abstract toString(): string;
}

class Open implements fc.Command<Model, Symmetric> {
  readonly kind: ModelState['kind'];
  constructor(kind: ModelState['kind']) {
    this.kind = kind;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, real: Symmetric): void {
    const handle = real.common.withOptions(this.kind === 'cipher' ? { nonce } : {}, (options) => {
      if (this.kind === 'hash') return real.open(ids.hash);
      const keyHandle = real.keyImport(ids[this.kind], key);
      const state = real.open(ids[this.kind], keyHandle, this.kind === 'cipher' ? options : undefined);
      // The state keeps what it needs of the key.
      real.keyClose(keyHandle);
      return state;
    });
    model.states.push({
      handle,
      kind: this.kind,
      absorbed: Buffer.alloc(0),
      begun: false,
      permit: { spent: false },
      open: true,
    });
  }
  toString(): string {
    return `open ${this.kind}`;
  }
}

class Absorb extends OnState {
  readonly data: Uint8Array;
  constructor(pick: number, data: Uint8Array) {
    super(pick);
    this.data = data;
  }
  call(state: ModelState, real: Symmetric): void {
    real.absorb(state.handle, this.data);
  }
  onOpen(state: ModelState, _model: Model, real: Symmetric): void {
    expect(errnoOf(() => this.call(state, real))).toBe(state.begun ? 'InvalidOperation' : 'Success');
    if (!state.begun) state.absorbed = Buffer.concat([state.absorbed, this.data]);
  }
  toString(): string {
    return `absorb ${this.data.length} into ${this.pick}`;
  }
}

class Squeeze extends OnState {
  readonly length: number;
  constructor(pick: number, length: number) {
    super(pick);
    this.length = length;
  }
  call(state: ModelState, real: Symmetric): Uint8Array {
    return real.squeeze(state.handle, this.length);
  }
  onOpen(state: ModelState, _model: Model, real: Symmetric): void {
    const expected: ErrnoName =
      state.kind !== 'hash' ? 'InvalidOperation' : this.length > 32 ? 'InvalidLength' : 'Success';
    expect(errnoOf(() => this.call(state, real))).toBe(expected);
    if (expected !== 'Success') return;
    expect(Buffer.from(this.call(state, real))).toEqual(
      createHash('sha256').update(state.absorbed).digest().subarray(0, this.length),
    );
  }
  toString(): string {
    return `squeeze ${this.length} from ${this.pick}`;
  }
}

class SqueezeTag extends OnState {
  call(state: ModelState, real: Symmetric): number {
    return real.squeezeTag(state.handle);
  }
  onOpen(state: ModelState, model: Model, real: Symmetric): void {
    if (state.kind !== 'mac') {
      expect(errnoOf(() => this.call(state, real))).toBe('InvalidOperation');
      return;
    }
    const bytes = createHmac('sha256', key).update(state.absorbed).digest();
    model.tags.push({ handle: this.call(state, real), bytes, open: true });
  }
  toString(): string {
    return `squeeze a tag from ${this.pick}`;
  }
}

class Encrypt extends OnState {
  readonly message: Buffer;
  constructor(pick: number, message: Uint8Array) {
    super(pick);
    this.message = Buffer.from(message);
  }
  call(state: ModelState, real: Symmetric): Uint8Array {
    return real.encrypt(state.handle, this.message, this.message.length + 16);
  }
  onOpen(state: ModelState, _model: Model, real: Symmetric): void {
    if (state.kind !== 'cipher' || state.begun || state.permit.spent) {
      expect(errnoOf(() => this.call(state, real))).toBe(
        state.kind === 'cipher' ? 'NonceRequired' : 'InvalidOperation',
      );
      return;
    }
    expect(errnoOf(() => real.encrypt(state.handle, this.message, this.message.length + 15))).toBe('Overflow');
    expect(Buffer.from(this.call(state, real))).toEqual(seal(state.absorbed, this.message));
    state.begun = true;
    state.permit.spent = true;
  }
  toString(): string {
    return `encrypt ${this.message.length} with ${this.pick}`;
  }
}

class Decrypt extends OnState {
  readonly message: Buffer;
  readonly damaged: boolean;
  constructor(pick: number, message: Uint8Array, damaged: boolean) {
    super(pick);
    this.message = Buffer.from(message);
    this.damaged = damaged;
  }
  call(state: ModelState, real: Symmetric): Uint8Array {
    const sealed = seal(state.absorbed, this.message);
    if (this.damaged) sealed[0] = (sealed[0] as number) ^ 1;
    return real.decrypt(state.handle, sealed, this.message.length);
  }
  onOpen(state: ModelState, _model: Model, real: Symmetric): void {
    const expected: ErrnoName = state.kind !== 'cipher' ? 'InvalidOperation' : this.damaged ? 'InvalidTag' : 'Success';
    let opened: Uint8Array | undefined;
    expect(
      errnoOf(() => {
        opened = this.call(state, real);
      }),
    ).toBe(expected);
    if (expected !== 'Success') return;
    expect(Buffer.from(opened as Uint8Array)).toEqual(this.message);
    state.begun = true;
    state.permit.spent = true;
  }
  toString(): string {
    return `decrypt ${this.message.length}${this.damaged ? ' damaged' : ''} with ${this.pick}`;
  }
}

class Clone extends OnState {
  call(state: ModelState, real: Symmetric): number {
    return real.clone(state.handle);
  }
  onOpen(state: ModelState, model: Model, real: Symmetric): void {
    model.states.push({ ...state, handle: this.call(state, real) });
  }
  toString(): string {
    return `clone ${this.pick}`;
  }
}

class Close extends OnState {
  call(state: ModelState, real: Symmetric): void {
    real.close(state.handle);
  }
  onOpen(state: ModelState, _model: Model, real: Symmetric): void {
    this.call(state, real);
    state.open = false;
  }
  toString(): string {
    return `close ${this.pick}`;
  }
}

class UseTag implements fc.Command<Model, Symmetric> {
  readonly pick: number;
  readonly use: 'verify' | 'verify other' | 'pull' | 'pull short' | 'close';
  constructor(pick: number, use: UseTag['use']) {
    this.pick = pick;
    this.use = use;
  }
  check(model: Readonly<Model>): boolean {
    return model.tags.length > 0;
  }
  run(model: Model, real: Symmetric): void {
    const tag = model.tags[this.pick % model.tags.length] as ModelTag;
    const other = Buffer.from(tag.bytes).fill(0, 31);
    const calls: Readonly<Record<UseTag['use'], readonly [() => unknown, ErrnoName]>> = {
      verify: [() => real.tagVerify(tag.handle, tag.bytes), 'Success'],
      'verify other': [
        () => real.tagVerify(tag.handle, tag.bytes.equals(other) ? tag.bytes.subarray(1) : other),
        'InvalidTag',
      ],
      pull: [() => expect(Buffer.from(real.tagPull(tag.handle, 32))).toEqual(tag.bytes), 'Success'],
      'pull short': [() => real.tagPull(tag.handle, 31), 'Overflow'],
      close: [() => real.tagClose(tag.handle), 'Success'],
    };
    const [call, expected] = calls[this.use];
    expect(errnoOf(call)).toBe(tag.open ? expected : this.use === 'close' ? 'Closed' : 'InvalidHandle');
    if (this.use === 'pull' || this.use === 'close') tag.open = false;
  }
  toString(): string {
    return `${this.use} tag ${this.pick}`;
  }
}

describe('handles and states', () => {
  it('answer any sequence of calls as the model does', () => {
    const pick = fc.nat(20);
    const bytes = fc.uint8Array({ maxLength: 100 });
    const commands = fc.commands(
      [
        fc.constantFrom<ModelState['kind']>('hash', 'mac', 'cipher').map((kind) => new Open(kind)),
        fc.tuple(pick, bytes).map(([state, data]) => new Absorb(state, data)),
        fc.tuple(pick, fc.constantFrom(0, 1, 31, 32, 33, 64)).map(([state, length]) => new Squeeze(state, length)),
        pick.map((state) => new SqueezeTag(state)),
        fc.tuple(pick, bytes).map(([state, message]) => new Encrypt(state, message)),
        fc.tuple(pick, bytes, fc.boolean()).map(([state, message, damaged]) => new Decrypt(state, message, damaged)),
        pick.map((state) => new Clone(state)),
        pick.map((state) => new Close(state)),
        fc
          .tuple(pick, fc.constantFrom<UseTag['use']>('verify', 'verify other', 'pull', 'pull short', 'close'))
          .map(([tag, use]) => new UseTag(tag, use)),
      ],
      { maxCommands: 60, size: 'max' },
    );
    fc.assert(
      fc.property(commands, (sequence) => {
        fc.modelRun(() => ({ model: { states: [], tags: [] }, real: new Symmetric(new Guest()) }), sequence);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });
});
