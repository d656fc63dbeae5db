/** The strict readers and writers, on their own. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../hex.js';
import { fail } from '../../../runtime/failures.js';
import { base64Size, decodeBase64, encodeBase64 } from '../../../runtime/encodings/base64.js';
import {
  bits,
  type Der,
  DerReader,
  encodeDer,
  explicit,
  nothing,
  objectIdentifier,
  octets,
  octetsOf,
  sequence,
  small,
  Tag,
  unsigned,
} from '../../../runtime/encodings/der.js';
import { derFromRaw, rawFromDer } from '../../../runtime/encodings/ecdsa-signatures.js';
import { LocalKind, readLocalForm, writeLocalForm } from '../../../runtime/encodings/local-form.js';
import { ObjectIdentifiers } from '../../../runtime/encodings/object-identifiers.js';
import { readPem, writePem } from '../../../runtime/encodings/pem.js';
import { readPrivateContainer, writePrivateKeyInfo } from '../../../runtime/encodings/private-keys.js';
import { algorithmIdentifier, readPublicKeyInfo } from '../../../runtime/encodings/public-keys.js';
import { nodeKeys, pem, thrownBy } from './probes.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Reads one element of this tag that fills the input. */
function whole(digits: string, tag: number): string {
  const reader = new DerReader(bytesOf(digits), fail.InvalidKey);
  const contents = reader.read(tag);
  reader.end();
  return hexOf(contents);
}

describe('DER', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['a tag alone', '04'],
    ['another tag', '020100'],
    ['contents cut short', '0403aabb'],
    ['something after it', '0401aa00'],
    ['an indefinite length', '0480aa0000'],
    ['a long length for a short one', '048101aa'],
    ['a length with a leading zero', `04820080${'aa'.repeat(128)}`],
    ['a length of five bytes', '04850000000001aa'],
    ['a length cut short', '0482'],
    ['a length of 2^32 - 1', '0484ffffffff'],
  ];
  for (const [title, digits] of refused)
    it(`refuses ${title}`, () => expect(thrownBy(() => whole(digits, Tag.OctetString))).toBe(fail.InvalidKey));

  const integers: readonly (readonly [string, string, boolean])[] = [
    ['zero', '020100', true],
    ['127', '02017f', true],
    ['128 with its sign byte', '02020080', true],
    ['nothing', '0200', false],
    ['a negative one', '0201ff', false],
    ['a sign byte too many', '0202007f', false],
    ['zero in two bytes', '02020000', false],
  ];
  for (const [title, digits, good] of integers) {
    it(`${good ? 'takes' : 'refuses'} the INTEGER ${title}`, () => {
      const read = (): Uint8Array => new DerReader(bytesOf(digits), fail.InvalidSignature).unsigned();
      if (good) expect(hexOf(encodeDer(unsigned(read())))).toBe(digits);
      else expect(thrownBy(read)).toBe(fail.InvalidSignature);
    });
  }

  it('refuses bit strings with unused bits, and NULL with contents', () => {
    expect(() => new DerReader(bytesOf('030201aa'), fail.InvalidKey).bits()).toThrow();
    expect(() => new DerReader(bytesOf('0300'), fail.InvalidKey).bits()).toThrow();
    expect(() => new DerReader(bytesOf('050100'), fail.InvalidKey).null()).toThrow();
  });

  it('writes lengths of every size, and reads them back', () => {
    for (const size of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 24]) {
      const written = encodeDer(octets(new Uint8Array(size).fill(7)));
      const reader = new DerReader(written, fail.InvalidKey);
      expect(reader.read(Tag.OctetString).length).toBe(size);
      reader.end();
    }
  });

  it('writes numbers of any width in one way', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 300n }), fc.nat(8), (value, zeros) => {
        const digits = value.toString(16);
        const bytes = bytesOf('00'.repeat(zeros) + (digits.length % 2 === 0 ? digits : `0${digits}`));
        const read = new DerReader(encodeDer(unsigned(bytes)), fail.InvalidKey).unsigned();
        expect(BigInt(`0x${hexOf(read)}`)).toBe(value);
      }),
    );
  });

  it('refuses every change of the length bytes of a real key', () => {
    const der = nodeKeys('ed25519').pkcs8;
    for (const at of [1, 4, 6, 8, 13, 15]) {
      for (let value = 0; value < 256; value += 1) {
        if (value === der[at]) continue;
        const changed = Uint8Array.from(der);
        changed[at] = value;
        expect(() => {
          const container = readPrivateContainer(changed);
          if (container.form !== 'pkcs8') throw fail.InvalidKey;
          const inner = new DerReader(container.key, fail.InvalidKey);
          if (inner.read(Tag.OctetString).length !== 32) throw fail.InvalidKey;
          inner.end();
          new DerReader(encodeDer(objectIdentifier(container.algorithm.id)), fail.InvalidKey).read(
            Tag.ObjectIdentifier,
          );
          if (hexOf(container.algorithm.id) !== hexOf(ObjectIdentifiers.ed25519)) throw fail.InvalidKey;
        }).toThrow();
      }
    }
  });
});

describe('base64', () => {
  it('agrees with Node on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const encoded = new Uint8Array(base64Size(bytes.length));
        expect(encodeBase64(bytes, encoded, 0)).toBe(encoded.length);
        expect(new TextDecoder().decode(encoded)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encoded)).toEqual(bytes);
      }),
    );
  });

  it('knows every character, and no other', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    for (let character = 0; character < 256; character += 1) {
      for (const place of [0, 1, 2]) {
        const encoded = text('AAAA');
        encoded[place] = character;
        const known = alphabet.includes(String.fromCharCode(character)) && character < 128;
        expect(decodeBase64(encoded) !== undefined).toBe(known);
      }
    }
  });

  it('takes one text only for the same bytes', () => {
    for (const bad of ['A', 'AA', 'AAA', 'A===', '====', 'AB==', 'AAB=', 'AA=A', '=AAA', 'AA==AAAA', 'AAAA===='])
      expect(decodeBase64(text(bad))).toBeUndefined();
    expect(decodeBase64(text('AA=='))).toEqual(Uint8Array.of(0));
    expect(decodeBase64(text('AAE='))).toEqual(Uint8Array.of(0, 1));
  });
});

describe('PEM', () => {
  const der = Uint8Array.from({ length: 100 }, (_, index) => index);
  const good = pem('PUBLIC KEY', der);
  const read = (value: string): Uint8Array => readPem(text(value), ['PUBLIC KEY']).der;

  const taken: readonly (readonly [string, string])[] = [
    ['as written', good],
    ['without the last line feed', good.trimEnd()],
    ['with CR LF', good.replaceAll('\n', '\r\n')],
    ['white space around', ` \r\n\t${good}\n \n`],
    [
      'lines of another width',
      `-----BEGIN PUBLIC KEY-----\n${Buffer.from(der)
        .toString('base64')
        .match(/.{1,76}/g)
        ?.join('\n')}\n-----END PUBLIC KEY-----`,
    ],
    ['blanks at the end of lines', good.replaceAll('\n', ' \n')],
    ['after a byte order mark', `\ufeff${good}`],
  ];
  for (const [title, value] of taken) it(`takes it ${title}`, () => expect(read(value)).toEqual(der));

  const refused: readonly (readonly [string, string])[] = [
    ['text before it', `key:\n${good}`],
    ['text after it', `${good}\nend`],
    ['a NUL after it', `${good}\0`],
    ['two blocks', good + good],
    ['another label', pem('CERTIFICATE', der)],
    ['labels that differ', good.replace('END PUBLIC', 'END PRIVATE')],
    ['a header', good.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\n\n')],
    ['four dashes', good.replace('-----BEGIN', '----BEGIN')],
    ['no end', good.slice(0, good.indexOf('-----END'))],
    ['no begin', good.slice(good.indexOf('\n') + 1)],
    ['a character that is none', good.replace('AAEC', 'AA?C')],
    ['contents on the line of the label', good.replace('KEY-----\n', 'KEY-----')],
    ['an end that is not at the start of a line', good.replace('\n-----END', '-----END')],
    ['nothing', ''],
    ['a byte order mark that does not begin it', `\n\ufeff${good}`],
    ['parameters of a curve before another key', pem('EC PARAMETERS', Uint8Array.of(6, 1, 1)) + good],
    ['white space', ' \n'],
    ['small letters', good.toLowerCase()],
  ];
  for (const [title, value] of refused)
    it(`refuses ${title}`, () => expect(thrownBy(() => read(value))).toBe(fail.InvalidKey));

  it('writes what OpenSSL writes', () => {
    const { publicKey, privateKey } = nodeKeys('rsa');
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    expect(new TextDecoder().decode(writePem('PUBLIC KEY', spki))).toBe(
      publicKey.export({ type: 'spki', format: 'pem' }),
    );
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    expect(new TextDecoder().decode(writePem('PRIVATE KEY', pkcs8))).toBe(
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
  });
});

describe('private keys', () => {
  const seed = new Uint8Array(32).fill(9);
  const identifier = algorithmIdentifier(ObjectIdentifiers.ed25519);
  const publicHalf: Der = { tag: 0x81, zero: true, contents: new Uint8Array(32) };
  const version1 = [small(0), identifier, octetsOf(octets(seed))];
  const version2 = [small(1), identifier, octetsOf(octets(seed))];
  const attributes: Der = {
    tag: 0xa0,
    contents: [sequence(objectIdentifier(bytesOf('2a864886f70d010914')), { tag: Tag.Set, contents: [] })],
  };

  it('takes version 1 and 2, with attributes', () => {
    expect(readPrivateContainer(encodeDer(sequence(...version1)))).toMatchObject({
      form: 'pkcs8',
      publicKey: undefined,
    });
    expect(readPrivateContainer(encodeDer(sequence(...version1, attributes)))).toMatchObject({ form: 'pkcs8' });
    expect(readPrivateContainer(encodeDer(sequence(...version2, attributes, publicHalf)))).toMatchObject({
      publicKey: new Uint8Array(32),
    });
  });

  it('takes the example of RFC 8410, 10.3', () => {
    const example =
      'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=';
    expect(readPrivateContainer(Buffer.from(example, 'base64'))).toMatchObject({
      form: 'pkcs8',
      publicKey: expect.anything(),
    });
  });

  const refused: readonly (readonly [string, Der])[] = [
    ['version 1 with a public half', sequence(...version1, publicHalf)],
    ['version 2 without one', sequence(...version2)],
    ['version 3', sequence(small(2), identifier, octetsOf(octets(seed)))],
    ['something after the key', sequence(...version1, nothing)],
    ['attributes after the public half', sequence(...version2, publicHalf, attributes)],
    ['attributes that are none', sequence(...version1, explicit(0, nothing))],
    ['an EncryptedPrivateKeyInfo', sequence(identifier, octets(seed))],
    ['more than two primes', sequence(small(1), ...Array.from({ length: 8 }, () => small(5)), sequence())],
    ['a public key', sequence(identifier, bits(seed))],
    ['an empty sequence', sequence()],
  ];
  for (const [title, der] of refused)
    it(`refuses ${title}`, () => expect(thrownBy(() => readPrivateContainer(encodeDer(der)))).toBe(fail.InvalidKey));

  it('tells PKCS#1 and SEC 1 apart', () => {
    const rsa = nodeKeys('rsa').privateKey;
    const ec = nodeKeys('ec', { namedCurve: 'P-256' }).privateKey;
    expect(readPrivateContainer(rsa.export({ type: 'pkcs1', format: 'der' })).form).toBe('pkcs1');
    expect(readPrivateContainer(ec.export({ type: 'sec1', format: 'der' })).form).toBe('sec1');
    expect(readPrivateContainer(ec.export({ type: 'pkcs8', format: 'der' })).form).toBe('pkcs8');
  });

  it('are read by OpenSSL as written', () => {
    const der = writePrivateKeyInfo(identifier, octets(seed));
    const key = createPrivateKey({ key: Buffer.from(der), type: 'pkcs8', format: 'der' });
    expect(key.export({ type: 'pkcs8', format: 'der' }).equals(der)).toBe(true);
    const info = createPublicKey(key).export({ type: 'spki', format: 'der' });
    expect(readPublicKeyInfo(info).key.length).toBe(32);
  });
});

describe('the local form', () => {
  const der = bytesOf('3000');
  const written = writeLocalForm(LocalKind.PublicKey, 'Ed25519', der);

  it('comes back', () => expect(readLocalForm(LocalKind.PublicKey, 'Ed25519', written)).toEqual(der));

  it('is refused for another kind, algorithm or version, or cut short', () => {
    const attempts = [
      () => readLocalForm(LocalKind.SecretKey, 'Ed25519', written),
      () => readLocalForm(LocalKind.PublicKey, 'Ed2551', written),
      () =>
        readLocalForm(
          LocalKind.PublicKey,
          'Ed25519',
          written.map((byte, index) => (index === 3 ? byte + 1 : byte)),
        ),
      () => readLocalForm(LocalKind.PublicKey, 'Ed25519', written.subarray(0, 9)),
      () => readLocalForm(LocalKind.PublicKey, 'Ed25519', der),
    ];
    for (const attempt of attempts) expect(thrownBy(attempt)).toBe(fail.InvalidKey);
  });
});

describe('ECDSA signatures', () => {
  it('change form and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(40), fc.nat(40), (raw, first, second) => {
        raw.fill(0, 0, Math.min(first, 32));
        raw.fill(0, 32, 32 + Math.min(second, 32));
        expect(rawFromDer(derFromRaw(raw), 32)).toEqual(raw);
      }),
    );
  });

  const refused: readonly (readonly [string, string])[] = [
    ['an integer wider than the order', hexOf(encodeDer(sequence(unsigned(new Uint8Array(33).fill(1)), small(1))))],
    ['a negative integer', '3006020180020101'],
    ['a sign byte too many', '300702020001020101'],
    ['one integer', '3003020101'],
    ['three integers', '3009020101020101020101'],
    ['a byte after the sequence', '300602010102010100'],
    ['a set', '3106020101020101'],
    ['an indefinite length', '30800201010201010000'],
    ['nothing', ''],
  ];
  for (const [title, digits] of refused)
    it(`refuses ${title}`, () => expect(thrownBy(() => rawFromDer(bytesOf(digits), 32))).toBe(fail.InvalidSignature));
});
