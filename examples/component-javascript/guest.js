import { optionsClose, optionsOpen, optionsSet } from 'wasi:crypto/wasi-ephemeral-crypto-common@0.11.0';
import {
  symmetricKeyClose,
  symmetricKeyImport,
  symmetricStateAbsorb,
  symmetricStateClose,
  symmetricStateDecrypt,
  symmetricStateEncrypt,
  symmetricStateMaxTagLen,
  symmetricStateOpen,
  symmetricStateSqueeze,
} from 'wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0';

// componentize-js refers to a class for every resource, but makes none for those without methods, as
// all of wasi-crypto's are. They are looked up in the global object of its own code, which is another
// than this module's: a function made by a constructor from there returns it.
const bindings = symmetricStateOpen.constructor('return globalThis')();
for (const name of ['ArrayOutput', 'Options', 'SecretsManager', 'SymmetricKey', 'SymmetricState', 'SymmetricTag']) {
  bindings[`import_wasiEphemeralCryptoCommon_0_11_0$${name}`] ??= class {};
}

export function hash(algorithm, message) {
  const state = symmetricStateOpen(algorithm, undefined, undefined);
  try {
    symmetricStateAbsorb(state, message);
    return symmetricStateSqueeze(state);
  } finally {
    symmetricStateClose(state);
  }
}

export function seal(key, nonce, message) {
  return withCipher(key, nonce, (state) => symmetricStateEncrypt(state, message));
}

export function open(key, nonce, sealed) {
  try {
    return withCipher(key, nonce, (state) =>
      symmetricStateDecrypt(state, sealed, sealed.length - symmetricStateMaxTagLen(state)),
    );
  } catch (error) {
    // What is thrown becomes the error of the result: wasi-crypto's own is a variant, `{ tag: 'invalid-tag' }`.
    throw error.payload?.tag ?? String(error);
  }
}

/** Opens a cipher for one use. Resources are closed at once: the engine collects garbage when it likes. */
function withCipher(key, nonce, use) {
  const options = optionsOpen('symmetric');
  try {
    optionsSet(options, 'nonce', nonce);
    const handle = symmetricKeyImport('AES-256-GCM', key);
    try {
      const state = symmetricStateOpen('AES-256-GCM', handle, options);
      try {
        return use(state);
      } finally {
        symmetricStateClose(state);
      }
    } finally {
      symmetricKeyClose(handle);
    }
  } finally {
    optionsClose(options);
  }
}
