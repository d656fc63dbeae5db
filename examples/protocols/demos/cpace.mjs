// Two parties that share a password agree on a key; whoever guesses another one gets another key.
const RISTRETTO255 = 1;
const [INITIATOR, RESPONDER] = [0, 1];

const bytes = (text) => new TextEncoder().encode(text);
const hex = (data) => Buffer.from(data).toString('hex');
const none = new Uint8Array(0);

export async function demo(alice, bob, say) {
  const channel = bytes('alice and bob');
  const id = crypto.getRandomValues(new Uint8Array(16));
  const agreed = (first, second) => {
    const a = alice.start(RISTRETTO255, bytes(first), channel, id, none);
    const b = bob.start(RISTRETTO255, bytes(second), channel, id, none);
    return [
      alice.finish(a, INITIATOR, bytes('alice'), bob.share(b), bytes('bob')),
      bob.finish(b, RESPONDER, bytes('bob'), alice.share(a), bytes('alice')),
    ].map(hex);
  };
  const [one, two] = agreed('a password', 'a password');
  say('key', one);
  say('the same', one === two ? 'with the same password' : 'no');
  const [three, four] = agreed('a password', 'a guess');
  say('another', three === four ? 'no' : 'password: the keys differ');
  const session = alice.start(RISTRETTO255, bytes('a password'), channel, id, none);
  const judged = alice.finish(session, INITIATOR, none, new Uint8Array(32), none);
  say('identity', judged === null ? `refused: ${alice.refusal()}` : 'accepted');
}
