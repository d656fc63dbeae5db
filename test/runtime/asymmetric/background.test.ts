/** Keys that take long, computed while the guest goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SecretMaterial } from '../../../runtime/contracts/keys.js';
import { KeypairEncoding as Pair } from '../../../generated/0.10/typescript-host/types.js';
import { fail } from '../../../runtime/failures.js';
import { KeyJobs } from '../../../runtime/objects/key-jobs.js';
import { Asymmetric } from '../../guest/asymmetric.js';
import { errnoOf, Guest } from '../../guest/guest.js';
import { hexOf, thrownBy } from './probes.js';

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

  it('blocks unless it is asked for', () => {
    const a = new Asymmetric(new Guest());
    expect(errnoOf(() => a.keypairGenerate(rsa))).toBe('Success');
  });
});

describe('jobs', () => {
  const released: string[] = [];
  const keyNamed = (name: string): SecretMaterial =>
    ({ release: () => void released.push(name) }) as unknown as SecretMaterial;

  it('report a failure once, and start anew', async () => {
    const jobs = new KeyJobs();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- failures are no errors
    const outcomes = [Promise.reject(fail.AlgorithmFailure), Promise.resolve(keyNamed('second'))];
    const source = { generateInBackground: () => outcomes.shift() ?? Promise.resolve(keyNamed('more')) };
    expect(thrownBy(() => jobs.take(source))).toBe(fail.InProgress);
    await pause(0);
    expect(thrownBy(() => jobs.take(source))).toBe(fail.AlgorithmFailure);
    expect(thrownBy(() => jobs.take(source))).toBe(fail.InProgress);
    await pause(0);
    expect(thrownBy(() => jobs.take(source))).toBeUndefined();
  });

  it('let go of keys that nobody fetched', async () => {
    const jobs = new KeyJobs();
    const early = { generateInBackground: () => Promise.resolve(keyNamed('early')) };
    const late = { generateInBackground: () => pause(5).then(() => keyNamed('late')) };
    thrownBy(() => jobs.take(early));
    thrownBy(() => jobs.take(late));
    await pause(0);
    jobs.close();
    expect(released).toEqual(['early']);
    await pause(20);
    expect(released).toEqual(['early', 'late']);
  });
});
