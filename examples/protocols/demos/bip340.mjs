// One party signs, the other verifies.
const bytes = (text) => new TextEncoder().encode(text);
const none = new Uint8Array(0);

export async function demo(signer, verifier, say) {
  const key = signer.generateKey();
  const point = signer.publicKey(key);
  const message = bytes('any message');
  const signature = signer.sign(key, message, none);
  const judged = (...of) => (verifier.verify(...of) ? 'accepted' : `refused: ${verifier.refusal()}`);
  say('signature', Buffer.from(signature).toString('hex'));
  say('verified', judged(point, message, signature));
  say('altered', judged(point, bytes('another message'), signature));
  say('tampered', judged(point, message, signature.with(40, signature[40] ^ 1)));
  say('no key', judged(new Uint8Array(32), message, signature));
}
