// Two parties shake hands and talk; a third one in between is noticed.
const NAME = 'Noise_XX_25519_ChaChaPoly_SHA256';

const bytes = (text) => new TextEncoder().encode(text);
const text = (data) => new TextDecoder().decode(data);
const hex = (data) => Buffer.from(data).toString('hex');
const none = new Uint8Array(0);

export async function demo(alice, bob, say) {
  const keys = [alice.generateKey(), bob.generateKey()];
  const a = alice.open(NAME, true, none, keys[0], none, 0);
  const b = bob.open(NAME, false, none, keys[1], none, 0);
  bob.read(b, alice.write(a, none));
  alice.read(a, bob.write(b, none));
  say('payload', text(bob.read(b, alice.write(a, bytes('comes along')))));
  say('the same', hex(alice.handshakeHash(a)) === hex(bob.handshakeHash(b)) ? 'hash of the handshake' : 'no');
  say('known', hex(alice.remoteKey(a)) === hex(bob.publicKey(keys[1])) ? "the other's key" : 'no');

  const message = alice.write(a, bytes('any message'));
  say('sent', hex(message));
  say('tampered', bob.read(b, message.with(0, message[0] ^ 1)) ?? `refused: ${bob.refusal()}`);
  say('received', text(bob.read(b, message)));
  say('again', bob.read(b, message) ?? `refused: ${bob.refusal()}`);

  const first = alice.open(NAME, true, bytes('one prologue'), keys[0], none, 0);
  const second = bob.open(NAME, false, bytes('another'), keys[1], none, 0);
  bob.read(second, alice.write(first, none));
  say('prologue', alice.read(first, bob.write(second, none)) ?? `of another: ${alice.refusal()}`);
}
