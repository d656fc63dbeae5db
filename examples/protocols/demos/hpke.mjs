// One party seals to the public key of another, which opens.
const KEM = 0x0020; // X25519
const KDF = 0x0001; // HKDF-SHA256
const AEAD = 0x0003; // ChaCha20-Poly1305

const bytes = (text) => new TextEncoder().encode(text);
const none = new Uint8Array(0);

export async function demo(sender, receiver, say) {
  const key = receiver.generateKey(KEM);
  const info = bytes('an example');
  const own = sender.generateKey(KEM);
  const sending = sender.setupSender(KEM, KDF, AEAD, receiver.publicKey(key), info, none, none, own, 0);
  const enc = sender.encapsulated(sending);
  const receiving = receiver.setupReceiver(KDF, AEAD, enc, key, info, none, none, sender.publicKey(own));

  for (const text of ['a first message', 'and a second']) {
    const sealed = sender.seal(sending, none, bytes(text));
    say('sealed', Buffer.from(sealed).toString('hex'));
    const changed = Uint8Array.from(sealed, (byte, index) => (index === 0 ? byte ^ 1 : byte));
    say('tampered', receiver.open(receiving, none, changed) ?? `refused: ${receiver.refusal()}`);
    say('opened', new TextDecoder().decode(receiver.open(receiving, none, sealed)));
  }
  const secrets = [
    sender.exportSecret(sending, bytes('a purpose'), 32),
    receiver.exportSecret(receiving, bytes('a purpose'), 32),
  ];
  say('exported', Buffer.compare(...secrets) === 0 ? 'both have the same secret' : 'the secrets differ');

  const other = receiver.setupReceiver(KDF, AEAD, enc, key, info, none, none, receiver.publicKey(key));
  const message = sender.seal(sending, none, bytes('a third'));
  say('forged', receiver.open(other, none, message) ?? 'of another sender: refused');
}
