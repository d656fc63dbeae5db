/** Object identifiers of keys and their parameters, as the contents of their DER. */

/** Contents of the OBJECT IDENTIFIER with these arcs (X.690, 8.19). */
function identifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 128];
    for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128)) digits.unshift(0x80 | (more % 128));
    bytes.push(...digits);
  }
  return Uint8Array.from(bytes);
}

export const ObjectIdentifiers = {
  /** RFC 8410 */
  x25519: identifier('1.3.101.110'),
  /** RFC 8410 */
  x448: identifier('1.3.101.111'),
  /** RFC 8410 */
  ed448: identifier('1.3.101.113'),
  /** RFC 8410 */
  ed25519: identifier('1.3.101.112'),
  /** RFC 5480 */
  ecPublicKey: identifier('1.2.840.10045.2.1'),
  /** RFC 5480: secp256r1 */
  p256: identifier('1.2.840.10045.3.1.7'),
  /** RFC 5480: secp384r1 */
  p384: identifier('1.3.132.0.34'),
  /** RFC 5480: secp521r1 */
  p521: identifier('1.3.132.0.35'),
  /** SEC 2 */
  secp256k1: identifier('1.3.132.0.10'),
  /** PKCS #3 */
  dhKeyAgreement: identifier('1.2.840.113549.1.3.1'),
  /** RFC 8017 */
  rsaEncryption: identifier('1.2.840.113549.1.1.1'),
  /** RFC 8017 */
  mgf1: identifier('1.2.840.113549.1.1.8'),
  /** RFC 8017: id-RSASSA-PSS */
  rsaPss: identifier('1.2.840.113549.1.1.10'),
  /** RFC 5754 */
  sha256: identifier('2.16.840.1.101.3.4.2.1'),
  /** RFC 5754 */
  sha384: identifier('2.16.840.1.101.3.4.2.2'),
  /** RFC 5754 */
  sha512: identifier('2.16.840.1.101.3.4.2.3'),
  /** RFC 9935 */
  mlKem512: identifier('2.16.840.1.101.3.4.4.1'),
  /** RFC 9935 */
  mlKem768: identifier('2.16.840.1.101.3.4.4.2'),
  /** RFC 9935 */
  mlKem1024: identifier('2.16.840.1.101.3.4.4.3'),
  /** RFC 9881 */
  mlDsa44: identifier('2.16.840.1.101.3.4.3.17'),
  /** RFC 9881 */
  mlDsa65: identifier('2.16.840.1.101.3.4.3.18'),
  /** RFC 9881 */
  mlDsa87: identifier('2.16.840.1.101.3.4.3.19'),
  /** RFC 9909 */
  slhDsaSha2128s: identifier('2.16.840.1.101.3.4.3.20'),
  /** RFC 9909 */
  slhDsaSha2128f: identifier('2.16.840.1.101.3.4.3.21'),
  /** RFC 9909 */
  slhDsaShake128s: identifier('2.16.840.1.101.3.4.3.26'),
  /** draft-connolly-cfrg-xwing-kem */
  xWing: identifier('1.3.6.1.4.1.62253.25722'),
} as const;
