/** Guests compiled against the bindings, on the real host: recipes agree with Node's own cryptography. One guest, as a core module and for components. */
import { createCipheriv, createHash, createHmac, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlannedUnit } from '../../generator/abi/plan.js';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { createWasiCrypto, type WasiCrypto } from '../../runtime/index.js';
import { keyFromCallback, memoryStore, openKeyStore } from '../../runtime/keys.js';
import { emit, plannedUnit } from '../generated.js';
import { compile, instantiate, runtimes, type Instance, type Runtime } from '../targets/assemblyscript-guest/asc.js';
import { runtimeHost } from '../targets/assemblyscript-guest/runtime-host.js';
import { newestOfEach, type Revision } from '../revisions.js';

/** The guest works on five places of 4 KiB each, which the test fills and reads. */
const guestText = `
  import {
    AlgorithmType, ArrayOutput, Keypair, Publickey, PublickeyEncoding, Secretkey, SecretsManager, Slice, SymmetricKey, SymmetricState,
    decapsulate, dh, encapsulate, expect, hash, hkdf, keyById, keyByName, mac, macVerify, ok, open, passwordHash, passwordVerify, readAll, rotate, seal, sealFresh, sign, value, verify,
  } from "wasi-crypto";
  const area = memory.data(20480, 16);
  const slices: StaticArray<Slice> = [new Slice(), new Slice(), new Slice(), new Slice(), new Slice()];
  export function place(): usize { return area; }
  function at(index: i32, length: u32): Slice { return slices[index].at(area + <usize>index * 4096, length); }
  function key(algorithm: string, length: u32): SymmetricKey { return SymmetricKey.expect(SymmetricKey.import(algorithm, at(4, length))); }

  export function hashing(data: u32, digest: u32): i32 { return hash("SHA-256", at(0, data), at(1, digest)); }
  export function hashingLong(data: u32, digest: u32): i32 { return hash("SHAKE-256", at(0, data), at(1, digest)); }
  export function authenticating(length: u32, data: u32, tag: u32): i32 {
    const it = key("HMAC/SHA-256", length), outcome = mac("HMAC/SHA-256", it, at(0, data), at(1, tag));
    it.close();
    return outcome;
  }
  export function checking(length: u32, data: u32, tag: u32): i32 {
    const it = key("HMAC/SHA-256", length), outcome = macVerify("HMAC/SHA-256", it, at(0, data), at(1, tag));
    it.close();
    return outcome;
  }
  export function deriving(secret: u32, salt: u32, info: u32, derived: u32): i32 { return hkdf("SHA-512", at(4, secret), at(0, salt), at(2, info), at(1, derived)); }
  /** The size of the string, or the errno below zero. */
  export function storing(password: u32, room: u32): i32 {
    const stored = passwordHash("ARGON2-ID-13", at(0, password), 65536, 2, at(1, room));
    return ok(stored) ? value(stored) : -<i32>(stored >> 32);
  }
  export function comparing(password: u32, stored: u32, passes: u32): i32 { return passwordVerify("ARGON2-ID-13", at(0, password), 65536, passes, at(1, stored)); }
  export function storingShort(password: u32): i32 {
    const stored = passwordHash("BCRYPT", at(0, password), 0, 4, at(1, 200));
    return ok(stored) ? passwordVerify("BCRYPT", at(0, password), 0, 4, at(1, value(stored))) : -<i32>(stored >> 32);
  }
  export function sealing(nonce: u32, context: u32, message: u32, sealed: u32): i32 {
    const it = key("AES-256-GCM", 32), outcome = seal("AES-256-GCM", it, at(2, nonce), at(3, context), at(0, message), at(1, sealed));
    it.close();
    return outcome;
  }
  export function opening(nonce: u32, context: u32, sealed: u32, message: u32): i32 {
    const it = key("AES-256-GCM", 32), outcome = open("AES-256-GCM", it, at(2, nonce), at(3, context), at(1, sealed), at(0, message));
    it.close();
    return outcome;
  }
  export function sealingFresh(message: u32, sealed: u32): i32 {
    const it = key("AES-256-GCM", 32), outcome = sealFresh("AES-256-GCM", it, at(2, 12), at(3, 0), at(0, message), at(1, sealed));
    it.close();
    return outcome;
  }
  /** Leaves the public key in place 2. */
  export function signing(message: u32, signature: u32): i32 {
    const pair = Keypair.expect(Keypair.generate(AlgorithmType.Signatures, "Ed25519")), publickey = Publickey.expect(pair.publickey());
    const raw = readAll(ArrayOutput.expect(publickey.export(PublickeyEncoding.Raw)))!;
    memory.copy(area + 8192, raw.dataStart, raw.length);
    publickey.close();
    const outcome = sign(pair, at(0, message), at(1, signature));
    pair.close();
    return outcome;
  }
  export function verifying(message: u32, signature: u32): i32 {
    const publickey = Publickey.expect(Publickey.import(AlgorithmType.Signatures, "Ed25519", at(2, 32), PublickeyEncoding.Raw));
    const outcome = verify("Ed25519", publickey, at(0, message), at(1, signature));
    publickey.close();
    return outcome;
  }
  export function agreeing(length: u32): i32 {
    const ours = Keypair.expect(Keypair.generate(AlgorithmType.KeyExchange, "X25519")), theirs = Keypair.expect(Keypair.generate(AlgorithmType.KeyExchange, "X25519"));
    const a = dh(Publickey.expect(theirs.publickey()), Secretkey.expect(ours.secretkey()), at(0, length));
    const b = dh(Publickey.expect(ours.publickey()), Secretkey.expect(theirs.secretkey()), at(1, length));
    return a | b;
  }
  export function encapsulating(secret: u32, encapsulated: u32): i32 {
    const pair = Keypair.expect(Keypair.generate(AlgorithmType.KeyExchange, "X-WING"));
    const a = encapsulate(Publickey.expect(pair.publickey()), at(0, secret), at(2, encapsulated));
    const b = decapsulate(Secretkey.expect(pair.secretkey()), at(2, encapsulated), at(1, secret));
    return a | b;
  }
  /** Rotates the pair of this name, of whose identifier place 3 has the bytes; the signature stands in place 1, that of the version before in place 2. */
  export function rotating(message: u32): i32 {
    const manager = SecretsManager.expect(SecretsManager.open());
    const before = Keypair.expect(keyByName(manager, AlgorithmType.Signatures, "signing"));
    let outcome = sign(before, at(0, message), at(2, 64));
    before.close();
    const made = Keypair.expect(rotate(manager, AlgorithmType.Signatures, "Ed25519", at(3, 32)));
    outcome |= sign(made, at(0, message), at(1, 64));
    made.close();
    const key = SymmetricKey.expect(keyById(manager, AlgorithmType.Symmetric, at(4, 32)));
    key.close();
    const newer = SymmetricKey.expect(rotate(manager, AlgorithmType.Symmetric, "AES-256-GCM", at(4, 32)));
    newer.close();
    manager.close();
    return outcome;
  }
  /** The errnos of what cannot be rotated. */
  export function refusing(): i32 {
    const manager = SecretsManager.expect(SecretsManager.open());
    const missing = <i32>(keyByName(manager, AlgorithmType.Signatures, "nothing") >> 32);
    const other = <i32>(rotate(manager, AlgorithmType.Signatures, "ECDSA_P256_SHA256", at(3, 32)) >> 32);
    const unknown = <i32>(rotate(manager, AlgorithmType.Signatures, "ROT13", at(3, 32)) >> 32);
    manager.close();
    return missing * 10000 + other * 100 + unknown;
  }
  const digest = new StaticArray<u8>(32);
  export function often(count: i32): i32 {
    const it = key("HMAC/SHA-256", 32);
    let failures = 0;
    for (let i = 0; i < count; i++) {
      const state = SymmetricState.of(SymmetricState.open("SHA-256"));
      if (!ok(state.absorb(digest)) || !ok(state.close())) failures++;
      if (!ok(hash("SHA-256", digest, digest))) failures++;
      if (!ok(mac("HMAC/SHA-256", it, digest, digest))) failures++;
    }
    it.close();
    return failures;
  }`;

const bindings = new Map<Revision, { readonly planned: PlannedUnit; readonly files: ReadonlyMap<string, string> }>();
beforeAll(async () => {
  for (const revision of newestOfEach) {
    const planned = plannedUnit(revision.revision, revision.path);
    bindings.set(revision, { planned, files: await emit(assemblyscriptGuest, planned) });
  }
});

const store = openKeyStore({ records: memoryStore(), kek: keyFromCallback('ones', () => new Uint8Array(32).fill(1)) });
const signingKey = store.provision({ tenant: 'guest', name: 'signing', algorithm: 'Ed25519' });
const sealingKey = store.provision({ tenant: 'guest', algorithm: 'AES-256-GCM' });

interface Guest {
  call(name: string, ...sizes: number[]): number;
  /** The bytes of a place. */
  at(index: number, length: number): Buffer;
  fill(index: number, bytes: Uint8Array): void;
  readonly memory: WebAssembly.Memory;
  /** How much of the host it has open. */
  handles(): number;
}

type Started = Instance & { readonly crypto: WasiCrypto };

async function instance(revision: Revision, runtime: Runtime): Promise<Started> {
  const { planned, files } = bindings.get(revision) ?? { planned: undefined, files: new Map<string, string>() };
  const crypto = createWasiCrypto({ secrets: { store, tenant: 'guest' } });
  if (planned === undefined || revision.dialect === 'witx') {
    const made = await instantiate(await compile(files, guestText, ['--runtime', runtime]), crypto.imports);
    crypto.attach(made.memory);
    return { ...made, crypto };
  }
  const text = `export { cabi_realloc } from "canonical/realloc";\n${guestText}`;
  const host = runtimeHost(planned, crypto);
  const made = await instantiate(
    await compile(files, text, ['--runtime', runtime, '--exportStart', '_initialize']),
    host.imports,
  );
  host.attach(made);
  made.exports['_initialize']?.();
  return { ...made, crypto };
}

async function start(revision: Revision, runtime: Runtime): Promise<Guest> {
  const { exports, memory, crypto } = await instance(revision, runtime);
  const place = Number(exports['place']?.());
  const at = (index: number, length: number): Buffer => Buffer.from(memory.buffer, place + index * 4096, length);
  return {
    memory,
    at,
    call: (name, ...sizes) => Number(exports[name]?.(...sizes)),
    handles: () => crypto.usage().handles,
    fill: (index, bytes) => void at(index, bytes.length).set(bytes),
  };
}

const success = 0;
const errnos = {
  invalidLength: 9,
  verificationFailed: 10,
  invalidSignature: 13,
  overflow: 16,
  invalidTag: 21,
  nonceRequired: 23,
  unsupportedAlgorithm: 6,
  incompatibleKeys: 29,
  notFound: 26,
};

const builds = newestOfEach.flatMap((build) => runtimes.map((runtime) => ({ ...build, build, runtime })));

describe.each(builds)('a guest for $revision with the $runtime runtime', ({ build, runtime }) => {
  let guest: Guest;
  beforeAll(async () => {
    guest = await start(build, runtime);
  });
  const random = (index: number, length: number): Buffer => {
    const bytes = randomBytes(length);
    guest.fill(index, bytes);
    return bytes;
  };

  it('hashes', () => {
    const data = random(0, 1000);
    expect(guest.call('hashing', 1000, 32)).toBe(success);
    expect(guest.at(1, 32)).toEqual(createHash('sha256').update(data).digest());
    expect(guest.call('hashing', 1000, 33)).toBe(errnos.invalidLength);
    for (const outputLength of [20, 40, 64, 112]) {
      expect(guest.call('hashingLong', 1000, outputLength)).toBe(success);
      expect(guest.at(1, outputLength)).toEqual(
        createHash('shake256', { outputLength }).update(guest.at(0, 1000)).digest(),
      );
    }
  });

  it('authenticates, and tells a wrong code from a right one', () => {
    const [secret, data] = [random(4, 40), random(0, 500)];
    expect(guest.call('authenticating', 40, 500, 32)).toBe(success);
    expect(guest.at(1, 32)).toEqual(createHmac('sha256', secret).update(data).digest());
    expect(guest.call('checking', 40, 500, 32)).toBe(success);
    expect(guest.call('checking', 40, 500, 31)).toBe(errnos.invalidTag);
    guest.at(0, 1)[0]! ^= 1;
    expect(guest.call('checking', 40, 500, 32)).toBe(errnos.invalidTag);
    expect(guest.call('authenticating', 40, 500, 31)).toBe(errnos.overflow);
  });

  it('finds keys by identifier and name, and rotates them', () => {
    const before = [signingKey, sealingKey].map(({ id }) => store.show({ tenant: 'guest', id }).latest ?? 0n);
    guest.fill(3, Buffer.from(signingKey.id, 'hex'));
    guest.fill(4, Buffer.from(sealingKey.id, 'hex'));
    random(0, 100);
    expect(guest.call('rotating', 100)).toBe(success);
    expect(guest.at(1, 64)).not.toEqual(guest.at(2, 64));
    const after = [signingKey, sealingKey].map(({ id }) => store.show({ tenant: 'guest', id }).latest);
    expect(after).toEqual(before.map((each) => each + 1n));
    const { notFound, incompatibleKeys, unsupportedAlgorithm } = errnos;
    const handles = guest.call('refusing');
    expect(handles).toBe(notFound * 10000 + incompatibleKeys * 100 + unsupportedAlgorithm);
  });

  it('leaves nothing open when it has found and rotated keys many times, or could not', () => {
    guest.fill(3, Buffer.from(signingKey.id, 'hex'));
    guest.fill(4, Buffer.from(sealingKey.id, 'hex'));
    for (let round = 0; round < 20; round += 1) {
      expect(guest.call('rotating', 100)).toBe(success);
      guest.call('refusing');
      expect(guest.handles()).toBe(0);
    }
  });

  it('derives keys', () => {
    const [secret, salt, info] = [random(4, 22), random(0, 13), random(2, 10)];
    expect(guest.call('deriving', 22, 13, 10, 100)).toBe(success);
    expect(guest.at(1, 100)).toEqual(Buffer.from(hkdfSync('sha512', secret, salt, info, 100)));
  });

  it('seals and opens, and refuses what was changed', () => {
    const [secret, message, nonce, context] = [random(4, 32), random(0, 300), random(2, 12), random(3, 20)];
    expect(guest.call('sealing', 12, 20, 300, 316)).toBe(success);
    const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(context);
    expect(guest.at(1, 316)).toEqual(Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]));
    guest.at(0, 300).fill(0);
    expect(guest.call('opening', 12, 20, 316, 300)).toBe(success);
    expect(guest.at(0, 300)).toEqual(message);
    guest.at(1, 316)[5]! ^= 1;
    expect(guest.call('opening', 12, 20, 316, 300)).toBe(errnos.invalidTag);
    expect(guest.at(0, 300).every((byte) => byte === 0)).toBe(true);
    expect(guest.call('sealing', 12, 20, 300, 315)).toBe(errnos.overflow);
    expect(guest.call('sealingFresh', 300, 316)).toBe(errnos.nonceRequired);
  });

  it('hashes passwords into strings to store, and verifies them', () => {
    random(0, 20);
    const size = guest.call('storing', 20, 200);
    expect(guest.at(1, size).toString('latin1')).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(guest.call('comparing', 20, size, 2)).toBe(success);
    expect(guest.call('comparing', 19, size, 2)).toBe(errnos.invalidTag);
    expect(guest.call('comparing', 20, size - 1, 2)).toBe(errnos.invalidTag);
    expect(guest.call('comparing', 20, size, 1)).toBe(errnos.invalidTag);
    expect(guest.call('storing', 20, size)).toBe(size);
    expect(guest.call('storing', 20, size - 1)).toBe(-errnos.overflow);
    expect(guest.call('storingShort', 20)).toBe(success);
    expect(guest.call('storingShort', 73)).toBe(-errnos.invalidLength);
  });

  it('signs and verifies, and refuses what was changed', () => {
    const message = random(0, 100);
    expect(guest.call('signing', 100, 64)).toBe(success);
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: guest.at(2, 32).toString('base64url') },
      format: 'jwk',
    });
    expect(verify(null, message, key, guest.at(1, 64))).toBe(true);
    expect(guest.call('verifying', 100, 64)).toBe(success);
    expect(guest.call('verifying', 99, 64)).toBe(errnos.verificationFailed);
    expect(guest.call('verifying', 100, 63)).toBe(errnos.invalidSignature);
    expect(guest.call('signing', 100, 63)).toBe(errnos.overflow);
    expect(guest.call('signing', 100, 65)).toBe(errnos.invalidLength);
  });

  it('leaves what is secret nowhere but in the buffer it fills', () => {
    const places = (bytes: Uint8Array): number => {
      const all = Buffer.from(guest.memory.buffer);
      let count = 0;
      for (let at = all.indexOf(bytes); at >= 0; at = all.indexOf(bytes, at + 1)) count += 1;
      return count;
    };
    random(4, 32);
    random(2, 12);
    const message = random(0, 300);
    expect(guest.call('sealing', 12, 0, 300, 316)).toBe(success);
    expect(guest.call('opening', 12, 0, 316, 300)).toBe(success);
    expect(places(message)).toBe(1);
    random(0, 10);
    expect(guest.call('deriving', 32, 10, 12, 64)).toBe(success);
    expect(places(Buffer.from(guest.at(1, 64)))).toBe(1);
    expect(guest.call('agreeing', 32)).toBe(success);
    // Both sides have it.
    expect(places(Buffer.from(guest.at(0, 32)))).toBe(2);
  });

  it('agrees on secrets', () => {
    expect(guest.call('agreeing', 32)).toBe(success);
    expect(guest.at(0, 32)).toEqual(Buffer.from(guest.at(1, 32)));
    expect(guest.at(0, 32).some((byte) => byte !== 0)).toBe(true);
    expect(guest.call('encapsulating', 32, 1120)).toBe(success);
    expect(guest.at(0, 32)).toEqual(Buffer.from(guest.at(1, 32)));
  });

  it('needs no more memory after many rounds', () => {
    random(4, 32);
    expect(guest.call('often', 100)).toBe(0);
    const before = guest.memory.buffer.byteLength;
    // Here the host of components takes every value apart in JavaScript.
    expect(guest.call('often', build.dialect === 'witx' ? 100_000 : 10_000)).toBe(0);
    expect(guest.memory.buffer.byteLength).toBe(before);
  });
});
