// A client learns the outputs of a server's function for its inputs; the server learns nothing, and proves that it used its key.
const RISTRETTO255_SHA512 = 1;
const VERIFIABLE = 1;

const bytes = (text) => new TextEncoder().encode(text);
const hex = (data) => Buffer.from(data).toString('hex');
const none = new Uint8Array(0);

export async function demo(client, server, say) {
  const key = server.generateKey(RISTRETTO255_SHA512, VERIFIABLE);
  const publicKey = server.publicKey(key);
  const inputs = ['a password', 'another'].map(bytes);
  const requests = inputs.map((input) => client.blind(RISTRETTO255_SHA512, VERIFIABLE, input, none));
  const blinded = requests.map((request) => client.blindedElement(request));
  for (const each of blinded) say('blinded', hex(each));

  const answer = server.blindEvaluate(key, blinded, none, none);
  const [evaluated, proof] = [answer.slice(0, -1), answer.at(-1)];
  const outputs = client.finalize(requests, evaluated, proof, publicKey, none);
  for (const each of outputs) say('output', hex(each));
  const known = inputs.map((input) => server.evaluate(key, input, none));
  say('the same', outputs.every((each, index) => hex(each) === hex(known[index])) ? 'as with the key' : 'no');

  const other = server.generateKey(RISTRETTO255_SHA512, VERIFIABLE);
  const wrong = server.blindEvaluate(other, blinded, none, none);
  const judged = client.finalize(requests, wrong.slice(0, -1), wrong.at(-1), publicKey, none);
  say('other key', judged === null ? `refused: ${client.refusal()}` : 'accepted');
}
