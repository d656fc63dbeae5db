import { expect, hash, ok, open, seal, SymmetricKey } from 'wasi-crypto';

/** The digest in hexadecimal digits. */
function hex(bytes: StaticArray<u8>): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 1) text += bytes[i].toString(16).padStart(2, '0');
  return text;
}

const digest = new StaticArray<u8>(32);
expect(hash('SHA-256', String.UTF8.encode('hello'), digest), 'hashing');
console.log('sha256 ' + hex(digest));

const key = SymmetricKey.expect(SymmetricKey.generate('AES-256-GCM'));
const nonce = new StaticArray<u8>(12); // never the same twice under one key: count, or keep them
const message = String.UTF8.encode('attack at dawn');
const sealed = new Uint8Array(message.byteLength + 16);
expect(seal('AES-256-GCM', key, nonce, new ArrayBuffer(0), message, sealed), 'sealing');

const opened = new Uint8Array(message.byteLength);
expect(open('AES-256-GCM', key, nonce, new ArrayBuffer(0), sealed, opened), 'opening');
console.log('opened ' + String.UTF8.decode(opened.buffer));

sealed[3] ^= 1;
const tampered = open('AES-256-GCM', key, nonce, new ArrayBuffer(0), sealed, opened);
console.log('tampered ' + (ok(tampered) ? 'accepted' : 'refused'));
key.close();
