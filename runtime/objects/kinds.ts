/** What the handles of each kind stand for in this runtime. */
import type { ArrayOutput } from './array-outputs.js';
import type { KeyPair, PublicKey, SecretKey } from './asymmetric-keys.js';
import type { OptionSet } from './option-sets.js';
import type { SecretsManager } from './secrets-manager.js';
import type { Signature, SignatureState, SignatureVerificationState } from './signatures.js';
import type { SymmetricKey } from './symmetric-keys.js';
import type { SymmetricState } from './symmetric-states.js';
import type { SymmetricTag } from './symmetric-tags.js';

/** Those of wasi-crypto; the extension's are in `interfaces/extension/kinds.ts`. */
export interface RuntimeKinds {
  readonly arrayOutput: ArrayOutput;
  readonly options: OptionSet;
  readonly secretsManager: SecretsManager;
  readonly keypair: KeyPair;
  readonly signatureState: SignatureState;
  readonly signature: Signature;
  readonly publickey: PublicKey;
  readonly secretkey: SecretKey;
  readonly signatureVerificationState: SignatureVerificationState;
  readonly symmetricState: SymmetricState;
  readonly symmetricKey: SymmetricKey;
  readonly symmetricTag: SymmetricTag;
}
