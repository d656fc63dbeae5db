/** Which tests cannot hold under a FIPS provider, and why. */

const noSecp256k1 = 'the FIPS provider has no secp256k1';
const noChaCha20 = 'the FIPS provider has no ChaCha20-Poly1305';

/** The file, or the end of its path; what the title has; the reason. */
const skips: readonly (readonly [string, RegExp, string])[] = [
  ['', /ECDSA_K256_SHA256/, noSecp256k1],
  ['', /CHACHA20-POLY1305/, noChaCha20],
  // These use it among others.
  ['runtime/passwords.test.ts', /verify for scrypt with other blocks/, 'the FIPS provider has no scrypt'],
  [
    'numbers/numbers.test.ts',
    /no-fallback > (?:secret residues take exponents|the report says so)/,
    "the FIPS provider has no Diffie-Hellman with moduli of one's own, which takes exponents",
  ],
  ['asymmetric/rsa.test.ts', /encrypted in the old way/, 'the FIPS provider has no MD5, which makes the key there'],
  ['runtime/boundary.test.ts', /shared memory works the same/, noChaCha20],
  ['runtime/configuration.test.ts', /the profile fips refuses what is not approved/, noChaCha20],
  ['native/hostile.test.ts', /answers numbers, writes to outputs only/, `${noSecp256k1}, nor ChaCha20-Poly1305`],
];

export function reasonToSkip(file: string, title: string): string | undefined {
  return skips.find(([path, pattern]) => file.endsWith(path) && pattern.test(title))?.[2];
}
