/** Keys that take long, computed while the guest goes on. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../../hex.js';
import type { SecretMaterial } from '../../../runtime/contracts/keys.js';
import { KeypairEncoding as Pair } from '../../../generated/0.10/typescript-host/types.js';
import { fail } from '../../../runtime/failures.js';
import { KeyJobs } from '../../../runtime/objects/key-jobs.js';
import { objectPrices } from '../../../runtime/prices.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { algorithms } from '../../registry.js';
import { thrownBy } from './probes.js';

const rsa = 'RSA_PKCS1_2048_SHA256';

async function waitFor(a: Asymmetric, id: string): Promise<number> {
  let handle = 0;
  while (errnoOf(() => (handle = a.keypairGenerate(id))) === 'InProgress') await pause(5);
  return handle;
}

describe('keypair_generate in the background', () => {
  it('is in_progress until the key is there, and gives each key once', async () => {
    const a = new Asymmetric(new Guest({ keyGeneration: 'background' }));
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('InProgress');
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('InProgress');
    const first = await waitFor(a, rsa);
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('InProgress');
    const second = await waitFor(a, rsa);
    expect(hexOf(a.keypairExport(first, Pair.Pkcs8))).not.toBe(hexOf(a.keypairExport(second, Pair.Pkcs8)));
    const message = new Uint8Array(3);
    a.verifyMessage(a.keypairPublickey(first), rsa, message, a.signMessage(first, message));
  });

  it('is only for what takes long', () => {
    const a = new Asymmetric(new Guest({ keyGeneration: 'background' }));
    for (const id of ['Ed25519', 'ECDSA_P384_SHA384', 'X25519', 'X-WING'])
      expect(errnoOf(() => a.keypairGenerate(id))).toBe('Success');
  });

  it('has a job for each algorithm, and none for a refused set of options', async () => {
    const a = new Asymmetric(new Guest({ keyGeneration: 'background' }));
    expect(errnoOf(() => a.keypairGenerate(rsa, a.common.optionsOpen(1)))).toBe('UnsupportedOption');
    const ids = [rsa, 'RSA_PSS_2048_SHA256', 'RSA_PSS_2048_SHA512'];
    const keys = await Promise.all(ids.map((id) => waitFor(a, id)));
    for (const [index, id] of ids.entries())
      a.verifyMessage(
        a.keypairPublickey(keys[index] as number),
        id,
        new Uint8Array(1),
        a.signMessage(keys[index] as number, new Uint8Array(1)),
      );
  });

  it('leaves the threads of the pool to others, and drops what a closed host no longer wants', async () => {
    const a = new Asymmetric(new Guest({ keyGeneration: 'background' }));
    const long = 'RSA_PKCS1_4096_SHA512';
    for (const id of [long, 'RSA_PSS_4096_SHA512', 'RSA_PKCS1_3072_SHA512', 'RSA_PSS_3072_SHA512', rsa])
      expect(errnoOf(() => a.keypairGenerate(id))).toBe('InProgress');
    // Waits for nobody: libuv has four threads, and five keys are on their way.
    await promisify(randomBytes)(16);
    expect(errnoOf(() => a.keypairGenerate(long))).toBe('InProgress');
    a.guest.host.close();
    expect(errnoOf(() => a.keypairGenerate(long))).toBe('InvalidHandle');
  });

  it('keeps a key that there is no room for until there is', async () => {
    const room = objectPrices.keypair + algorithms.signature(rsa).keys.prices.bytes;
    const a = new Asymmetric(new Guest({ keyGeneration: 'background', limits: { totalBytes: room + 500 } }));
    const filler = a.common.optionsOpen();
    a.common.optionsSet(filler, 'salt', new Uint8Array(400));
    let errno = 'InProgress';
    while (errno === 'InProgress') {
      await pause(5);
      errno = errnoOf(() => a.keypairGenerate(rsa));
    }
    expect(errno).toBe('Overflow');
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('Overflow');
    a.common.optionsClose(filler);
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('Success');
  });

  it('blocks unless it is asked for', () => {
    const a = new Asymmetric(new Guest());
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('Success');
  });
});

describe('jobs', () => {
  const released: string[] = [];
  const keyNamed = (name: string): SecretMaterial =>
    ({ release: () => void released.push(name) }) as unknown as SecretMaterial;

  const stopped: string[] = [];
  const jobsOf = (result: () => Promise<SecretMaterial>) => ({
    generateInBackground: () => ({ result: result(), stop: () => void stopped.push('stopped') }),
  });

  it('report a failure once, and start anew', async () => {
    const jobs = new KeyJobs();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- failures are no errors
    const outcomes = [Promise.reject(fail.AlgorithmFailure), Promise.resolve(keyNamed('second'))];
    const source = jobsOf(() => outcomes.shift() ?? Promise.resolve(keyNamed('more')));
    expect(thrownBy(() => jobs.take(source))).toBe(fail.InProgress);
    await pause(0);
    expect(thrownBy(() => jobs.take(source))).toBe(fail.AlgorithmFailure);
    expect(thrownBy(() => jobs.take(source))).toBe(fail.InProgress);
    await pause(0);
    expect(thrownBy(() => jobs.take(source))).toBeUndefined();
  });

  it('let go of keys that nobody fetched', async () => {
    const jobs = new KeyJobs();
    const early = jobsOf(() => Promise.resolve(keyNamed('early')));
    const late = jobsOf(() => pause(5).then(() => keyNamed('late')));
    thrownBy(() => jobs.take(early));
    thrownBy(() => jobs.take(late));
    await pause(0);
    jobs.close();
    expect(released).toEqual(['early']);
    expect(stopped).toEqual(['stopped']);
    await pause(20);
    expect(released).toEqual(['early', 'late']);
  });
});
