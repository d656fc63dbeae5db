/**
 * The enums of the interface, as the runtime spells them: every case that some revision has. Each host
 * maps its revision's to these.
 */

/** Categories of algorithms. An algorithm belongs to one; names of another are unknown to its functions. */
export type AlgorithmType = 'signatures' | 'symmetric' | 'key-exchange';

export type KeypairEncoding = 'raw' | 'pkcs8' | 'pem' | 'local';
export type PublickeyEncoding = 'raw' | 'pkcs8' | 'pem' | 'sec' | 'local';
export type SecretkeyEncoding = 'raw' | 'pkcs8' | 'pem' | 'sec' | 'local';
export type SignatureEncoding = 'raw' | 'der';

/**
 * Which version of a managed key is meant: a number, which starts at 1; the highest that was not invalidated; all; or
 * `unspecified`, which stands for every value of a revision that means no version.
 */
export type VersionChoice = bigint | 'latest' | 'all' | 'unspecified';

/** The extension: how bytes are written as text. */
export type TextEncoding =
  | 'hex'
  | 'base64'
  | 'base64-no-padding'
  | 'base64-url'
  | 'base64-url-no-padding'
  | 'base32'
  | 'base32-no-padding'
  | 'base32-hex'
  | 'base32-hex-no-padding'
  | 'base32-crockford';

/** How messages are padded. */
export type PaddingScheme = 'iso7816' | 'pkcs7' | 'padme';

/** What a guest is told of an algorithm or of a function. */
export interface Support {
  readonly tier: 'untold' | 'required' | 'recommended' | 'optional' | 'extra';
  readonly backend: 'untold' | 'native' | 'webassembly' | 'script';
  readonly timing: 'untold' | 'constant' | 'best-effort' | 'variable' | 'refused';
}
