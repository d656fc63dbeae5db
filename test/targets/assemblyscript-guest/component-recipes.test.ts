/** What recipes for components leave behind, watched by a host that computes nothing. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { isCanonical, type CanonicalPlan, type CanonicalPass, type PlannedUnit } from '../../../generator/abi/plan.js';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { compile, instantiate, type Compiled } from './asc.js';
import { CanonicalHost, type Action, type Value } from './canonical-host.js';

const errnos = { success: 0, invalidLength: 9, overflow: 16, internalError: 17 };
let planned: PlannedUnit;
let compiled: Compiled;

/** Follows the plans: every list has 32 bytes, every handle is a new one, and a call fails when told to. */
class RecordingHost {
  readonly calls: string[] = [];
  readonly live = new Set<number>();
  failAt: number | undefined;
  #next = 0x1000;
  readonly host: CanonicalHost;

  constructor() {
    const actions: Record<string, Action> = {};
    for (const plan of planned.canonical.values())
      if (isCanonical(plan)) actions[plan.wire] = (...values) => this.#call(plan, values);
    this.host = new CanonicalHost(planned, actions, (handle) => this.#end(handle));
  }

  #end(handle: number): void {
    if (handle >= 0x1000 && !this.live.delete(handle)) throw new Error(`the handle ${handle} was given back before`);
  }

  #call({ params, result, wire }: CanonicalPlan, values: readonly Value[]): Value {
    const index = this.calls.push(wire) - 1;
    params.forEach(({ pass }, at) => {
      const handle = pass.how === 'handle' ? Number(values[at]) : 0;
      if (handle < 0x1000) return;
      if (!this.live.has(handle)) throw new Error(`${wire} got the handle ${handle}, which is no more`);
      // Even when it fails.
      if (pass.how === 'handle' && pass.ownership === 'own') this.#end(handle);
    });
    if (index === this.failAt) return [1, [errnos.internalError]];
    const ok = result?.pass.how === 'result' ? result.pass.ok.pass : undefined;
    return ok === undefined ? [0] : [0, this.#value(ok)];
  }

  #value(pass: CanonicalPass): Value {
    switch (pass.how) {
      case 'handle':
        this.live.add(this.#next);
        this.#next += 1;
        return this.#next - 1;
      case 'list':
        return Array.from({ length: 32 }, () => 7);
      case 'tuple':
        return pass.parts.map((item) => this.#value(item.pass));
      case 'scalar':
        return pass.size === 8 ? 32n : 32;
      case 'bool':
      case 'enum':
      case 'flags':
      case 'string':
      case 'record':
      case 'option':
      case 'variant':
      case 'result':
        throw new Error(`recipes get no ${pass.how}`);
    }
  }
}

const task = (name: string, body: string): string => `export function ${name}(): i32 { return ${body}; }`;
const guestText = [
  'export { cabi_realloc } from "canonical/realloc";',
  'import { ArrayOutput, Keypair, Publickey, Secretkey, SymmetricKey, decapsulate, dh, encapsulate, hash, hkdf, mac, macVerify, open, passwordHash, passwordVerify, readAll, seal, sealFresh, sign, verify } from "wasi-crypto";',
  'const b = new Uint8Array(32), short = new Uint8Array(31), long = new Uint8Array(33);',
  'const key = changetype<SymmetricKey>(1), pair = changetype<Keypair>(1), pk = changetype<Publickey>(1), sk = changetype<Secretkey>(1);',
  task('hashing', 'hash("SHA-256", b, b)'),
  task('authenticating', 'mac("HMAC/SHA-256", key, b, b)'),
  task('checking', 'macVerify("HMAC/SHA-256", key, b, b)'),
  task('sealing', 'seal("AES-256-GCM", key, b, b, b, b)'),
  task('sealingFresh', 'sealFresh("XCHACHA20-POLY1305", key, b, b, b, b)'),
  task('opening', 'open("AES-256-GCM", key, b, b, b, b)'),
  task('signing', 'sign(pair, b, b)'),
  task('verifying', 'verify("Ed25519", pk, b, b)'),
  task('deriving', 'hkdf("SHA-256", b, b, b, b)'),
  task('storing', '<i32>(passwordHash("ARGON2-ID-13", b, 65536, 1, b) >> 32)'),
  task('comparing', 'passwordVerify("ARGON2-ID-13", b, 65536, 1, b)'),
  task('agreeing', 'dh(pk, sk, b)'),
  task('encapsulating', 'encapsulate(pk, b, b)'),
  task('decapsulating', 'decapsulate(sk, b, b)'),
  task('shortHash', 'hash("SHA-256", b, short)'),
  task('longHash', 'hash("SHA-256", b, long)'),
  task('shortTag', 'mac("HMAC/SHA-256", key, b, short)'),
  task('longTag', 'mac("HMAC/SHA-256", key, b, long)'),
  task('shortSealed', 'seal("AES-256-GCM", key, b, b, b, short)'),
  task('longSealed', 'seal("AES-256-GCM", key, b, b, b, long)'),
  task('shortNonce', 'sealFresh("XCHACHA20-POLY1305", key, short, b, b, b)'),
  task('longNonce', 'sealFresh("XCHACHA20-POLY1305", key, long, b, b, b)'),
  task('shortSignature', 'sign(pair, b, short)'),
  task('longSignature', 'sign(pair, b, long)'),
  task('shortSecret', 'encapsulate(pk, short, b)'),
  task('longEncapsulated', 'encapsulate(pk, b, long)'),
  task('emptyDerived', 'hkdf("SHA-256", b, b, b, new Uint8Array(0))'),
  task('reading', '<i32>(readAll(changetype<ArrayOutput>(1)) === null)'),
].join('\n');
const recipes = [...guestText.matchAll(/export function (\w+ing|\w+ingFresh)\(/g)]
  .map(([, name]) => name as string)
  .filter((name) => name !== 'reading');

beforeAll(async () => {
  planned = plannedUnit('0.11', fileURLToPath(new URL('../../../witx/0.11', import.meta.url)));
  compiled = await compile(await emit(assemblyscriptGuest, planned), guestText, [
    '--runtime',
    'stub',
    '--exportStart',
    '_initialize',
    '--use',
    'abort=',
  ]);
});

async function run(
  name: string,
  failAt?: number,
): Promise<{ readonly outcome: unknown; readonly recording: RecordingHost }> {
  const recording = new RecordingHost();
  recording.failAt = failAt;
  const instance = await instantiate(compiled, recording.host.imports);
  recording.host.attach(instance);
  instance.exports['_initialize']?.();
  return { outcome: instance.exports[name]?.(), recording };
}

describe('recipes for components', () => {
  it.each(recipes)('close what they opened when %s, whichever call fails', async (name) => {
    const whole = await run(name);
    expect([whole.outcome, [...whole.recording.live]]).toEqual([errnos.success, []]);
    for (const [index, call] of whole.recording.calls.entries()) {
      const { outcome, recording } = await run(name, index);
      expect([outcome, [...recording.live]], `${call} failed`).toEqual([errnos.internalError, []]);
    }
  });

  it.each([
    ['shortHash', errnos.success],
    ['longHash', errnos.invalidLength],
    ['shortTag', errnos.overflow],
    ['longTag', errnos.invalidLength],
    ['shortSealed', errnos.overflow],
    ['longSealed', errnos.invalidLength],
    ['shortNonce', errnos.overflow],
    ['longNonce', errnos.invalidLength],
    ['shortSignature', errnos.overflow],
    ['longSignature', errnos.invalidLength],
    ['shortSecret', errnos.overflow],
    ['longEncapsulated', errnos.invalidLength],
    ['emptyDerived', errnos.success],
  ])('refuse buffers of a wrong size as those of core modules do: %s', async (name, errno) => {
    const { outcome, recording } = await run(name);
    expect([outcome, [...recording.live]]).toEqual([errno, []]);
  });

  it('tell the host how much to derive, unless that is nothing', async () => {
    expect((await run('deriving')).recording.calls).toContain('options-set-u64');
    expect((await run('emptyDerived')).recording.calls).not.toContain('options-set-u64');
  });

  it('read whole outputs, or null', async () => {
    expect((await run('reading')).outcome).toBe(0);
    expect((await run('reading', 0)).outcome).toBe(1);
  });
});
