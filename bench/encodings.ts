/**
 * `npm run bench:encodings`: base64 by a guest of core modules beside Buffer, in one run. A guest's text is bytes, Buffer's
 * a string: Buffer is shown with strings, and with the step between them and bytes.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { coreExtension } from '../test/guest/extension.js';
import { KiB, MiB } from './inputs.js';
import { machine } from './report.js';
import { contestant, measure, type Contestant } from './rounds.js';
import { size, time } from './rows.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    rounds: { type: 'string', default: '101' },
    milliseconds: { type: 'string', default: '4' },
  },
});
const pace = { rounds: Number(values.rounds), milliseconds: Number(values.milliseconds) };
const GUEST = 'guest';
const BASE64 = 1;

const { guest } = coreExtension({ limits: { callCost: Number.MAX_SAFE_INTEGER, totalCost: Number.MAX_SAFE_INTEGER } });

function rowsOf(bytes: number): readonly (readonly [string, readonly Contestant[]])[] {
  const data = randomBytes(bytes);
  const string = data.toString('base64');
  const text = Buffer.from(string, 'latin1');
  const [out, back] = [Buffer.alloc(text.length), Buffer.alloc(bytes)];
  const [dataAt, textAt, lengthAt] = [guest.put(data), guest.put(text), guest.alloc(4)];
  const [outAt, backAt] = [guest.alloc(text.length), guest.alloc(bytes)];
  const call = (name: string, ...args: readonly number[]) => contestant(GUEST, () => guest.call(name, BASE64, ...args));
  return [
    [
      'encode',
      [
        call('encoding_encode', dataAt, bytes, outAt, text.length),
        contestant('Buffer, a string', () => data.toString('base64')),
        contestant('Buffer, bytes', () => out.write(data.toString('base64'), 'latin1')),
      ],
    ],
    [
      'decode',
      [
        call('encoding_decode', textAt, text.length, 0, 0, backAt, bytes, lengthAt),
        contestant('Buffer, from a string', () => Buffer.from(string, 'base64')),
        contestant('Buffer, from a string into memory that exists', () => back.write(string, 'base64')),
        contestant('Buffer, from bytes', () => Buffer.from(text.toString('latin1'), 'base64')),
      ],
    ],
  ];
}

console.log(machine());
for (const bytes of [256, 64 * KiB, MiB])
  for (const [title, contestants] of rowsOf(bytes)) {
    const names = contestants.map(({ name }) => name);
    const [own, ...others] = measure(contestants, names, pace);
    const cells = others.map(
      ({ name, nanoseconds }) => `${name} ${time(nanoseconds.median)} (${(own?.ratios[name]?.median ?? 0).toFixed(2)})`,
    );
    console.log(`${title} ${size(bytes)}: ${GUEST} ${time(own?.nanoseconds.median ?? 0)}, ${cells.join(', ')}`);
  }
