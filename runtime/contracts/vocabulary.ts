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
