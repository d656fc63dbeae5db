/** What must hold for every symmetric algorithm, whatever it is: each is asked for all that it can do. */
import { describe, expect, it } from 'vitest';
import { hexOf } from '../hex.js';
import { optionTable } from '../../runtime/objects/option-table.js';
import { objectPrices } from '../../runtime/prices.js';
import { idsOf, symmetricAlgorithms } from '../registry.js';
import type { OptionInput } from '../guest/common.js';
import { errnoOf } from '../guest/guest.js';
import { pattern } from '../guest/probes.js';
import type { Symmetric } from '../guest/symmetric.js';
import {
  allUses,
  changed,
  clonable,
  inputOf,
  countsParts,
  isSession,
  macs,
  neighbours,
  numbersOf,
  outputFrom,
  outputOf,
  symmetricGuest,
  tried,
  usesOf,
  withInput,
  type Input,
  type Use,
} from '../guest/uses.js';

/** More than a block of every hash function, and no whole number of blocks. */
const ABSORBED = 210;
const MESSAGE = 75;

function nameOf({ way, keyed, target }: Use): string {
  return `${way}${keyed ? '' : ' without a key'}${target === undefined ? '' : ` for ${target}`}`;
}

/** What the guest's handles take, with the state that they are for still open. */
function usage(s: Symmetric): ReturnType<Symmetric['guest']['host']['usage']> {
  return s.guest.host.usage();
}

describe.each(idsOf(symmetricAlgorithms))('%s', (id) => {
  const algorithm = symmetricAlgorithms.find((each) => each.id === id) as (typeof symmetricAlgorithms)[number];
  const uses = usesOf(algorithm);
  const s = symmetricGuest();

  it('gives output in some way, and refuses the others', () => {
    expect(uses).not.toEqual([]);
    const refused = allUses(algorithm).filter((use) => !uses.some((each) => nameOf(each) === nameOf(use)));
    // Sessions squeeze keys for all; of each size one is listed.
    for (const use of refused.filter(({ way }) => way !== 'squeeze key' || !isSession(algorithm)))
      expect([nameOf(use), tried(use)]).toEqual([nameOf(use), 'InvalidOperation']);
  });

  it('changes its output with every byte of its input', () => {
    for (const use of uses) {
      const input = inputOf(use, ABSORBED, MESSAGE);
      const seen = new Map([[hexOf(outputOf(s, use, input)), 'the input itself']]);
      for (const [what, other] of neighbours(input)) {
        const output = hexOf(outputOf(s, use, other));
        expect(seen.get(output), `${nameOf(use)}: ${what} has the output of`).toBeUndefined();
        // A change of a message can be undone by that of a nonce where nothing authenticates both.
        if (algorithm.authenticated !== false) seen.set(output, what);
      }
    }
  });

  it('takes input in parts, and goes on in clones', () => {
    if (!clonable.has(algorithm)) return;
    for (const use of uses) {
      const input = inputOf(use, ABSORBED, MESSAGE);
      const { absorbed, message } = input;
      /** The rest of the input, in parts. */
      const goOn = (state: number, from: number): void => {
        for (let index = from; index < absorbed.length; index += 49)
          s.absorb(state, absorbed.subarray(index, Math.min(index + 49, absorbed.length)));
      };
      for (const cut of [0, 1, 64, absorbed.length]) {
        const begun = { ...input, absorbed: absorbed.subarray(0, cut) };
        const whole = hexOf(
          countsParts(algorithm)
            ? withInput(s, use, begun, (state) => (goOn(state, cut), outputFrom(s, use, state, message)))
            : outputOf(s, use, input),
        );
        withInput(s, use, begun, (state) => {
          const copy = s.clone(state);
          for (const each of [state, copy]) goOn(each, cut);
          // A nonce allows one encryption, whichever of them does it.
          const asked = use.way.startsWith('encrypt') ? copy : state;
          expect(hexOf(outputFrom(s, use, asked, message))).toBe(whole);
          if (asked === state) expect(hexOf(outputFrom(s, use, copy, message))).toBe(whole);
          s.close(copy);
        });
      }
    }
  });

  it('counts the last byte of input of every size around a block, and all of a long key', () => {
    for (const use of uses) {
      for (const size of [1, 64, 127, 128, 136, 168, 4097]) {
        const input = inputOf(use, size, size);
        const output = hexOf(outputOf(s, use, input));
        for (const part of ['absorbed', 'message'] as const) {
          const bytes = input[part];
          for (const index of bytes.length === 0 ? [] : [0, bytes.length >> 1, bytes.length - 1])
            expect(hexOf(outputOf(s, use, { ...input, [part]: changed(bytes, index) })), `${part} of ${size}`).not.toBe(
              output,
            );
        }
      }
      if ((algorithm.key?.maximum ?? 0) < 200) continue;
      const long = { ...inputOf(use, 10, 10), key: pattern(200) };
      const output = hexOf(outputOf(s, use, long));
      for (const index of long.key.keys())
        expect(hexOf(outputOf(s, use, { ...long, key: changed(long.key, index) })), `key ${index} of 200`).not.toBe(
          output,
        );
    }
  });

  it('takes long input in parts of any size', () => {
    if (countsParts(algorithm)) return;
    for (const use of uses) {
      const input = inputOf(use, 9000, 100);
      const whole = hexOf(outputOf(s, use, input));
      for (const size of [1000, 4096]) {
        const parts = withInput(s, use, { ...input, absorbed: new Uint8Array(0) }, (state) => {
          for (let index = 0; index < input.absorbed.length; index += size)
            s.absorb(state, input.absorbed.subarray(index, Math.min(index + size, input.absorbed.length)));
          return hexOf(outputFrom(s, use, state, input.message));
        });
        expect(parts, `parts of ${size}`).toBe(whole);
      }
    }
  });

  it('lets clones go on apart, and end in any order', () => {
    if (!clonable.has(algorithm)) return;
    for (const use of uses) {
      const input = inputOf(use, 100, 40);
      if (input.absorbed.length === 0) continue;
      const [one, two] = [changed(input.absorbed, 3), changed(input.absorbed, 5)];
      const expected = (more: Uint8Array): string =>
        withInput(s, use, input, (state) => (s.absorb(state, more), hexOf(outputFrom(s, use, state, input.message))));
      for (const closedFirst of ['state', 'copy']) {
        const { key, options } = input;
        s.common.withOptions({ ...numbersOf(algorithm), ...options }, (set) => {
          const handle = key === undefined ? undefined : s.keyImport(id, key);
          const state = s.open(id, handle, set);
          s.absorb(state, input.absorbed);
          const copy = s.clone(state);
          s.absorb(state, one);
          s.absorb(copy, two);
          const [first, second, more] = closedFirst === 'state' ? [state, copy, two] : [copy, state, one];
          s.close(first);
          expect(hexOf(outputFrom(s, use, second, input.message)), `the ${closedFirst} is closed`).toBe(expected(more));
          s.close(second);
          if (handle !== undefined) s.keyClose(handle);
        });
      }
    }
  });

  it('adds nothing of input that is refused', () => {
    const own = symmetricGuest('auto', { messageBytes: 100 });
    for (const use of uses) {
      const input = inputOf(use, 60, 20);
      const right = hexOf(outputOf(own, use, input));
      withInput(own, use, input, (state) => {
        const errno = errnoOf(() => own.absorb(state, pattern(150)));
        if (errno === 'Success') return;
        expect(hexOf(outputFrom(own, use, state, input.message)), errno).toBe(right);
      });
    }
  });

  it('squeezes all that it is asked for, or refuses', () => {
    const natural = algorithm.naturalOutput;
    for (const use of uses.filter(({ way }) => way === 'squeeze')) {
      const input = inputOf(use, 50, 0);
      withInput(s, use, input, (state) => {
        let longer = new Uint8Array(0);
        const errno = errnoOf(() => (longer = Uint8Array.from(s.squeeze(state, 3 * (natural ?? 32)))));
        if (errno === 'Success') expect(longer.slice(-16)).not.toEqual(new Uint8Array(16));
        else expect(errno).toBe('InvalidLength');
      });
    }
  });

  it('keeps the values of its options, in clones too', () => {
    const [use] = uses as [Use];
    const input = inputOf(use, 0, 0);
    for (const [name, value] of Object.entries(input.options)) {
      const copy = withInput(s, use, input, (state) => {
        expect(s.optionsGet(state, name, 100)).toEqual(Uint8Array.from(value));
        return clonable.has(algorithm) ? s.clone(state) : undefined;
      });
      if (copy === undefined) continue;
      expect(s.optionsGet(copy, name, 100)).toEqual(Uint8Array.from(value));
      s.close(copy);
    }
  });

  it('ignores no number that it takes as an option', () => {
    const names: readonly string[] = algorithm.options;
    const numbers = optionTable.filter(({ name, type }) => type === 'integer' && names.includes(name));
    /** What comes of a number: output, or an errno. */
    const outcome = (use: Use, { key, options, absorbed, message }: Input, extra: OptionInput): string => {
      let output = '';
      const all = { ...numbersOf(algorithm), ...options, ...extra };
      const setup = { algorithm: id, options: all, ...(key === undefined ? {} : { key }) };
      const errno = errnoOf(() =>
        s.withState(setup, (state) => {
          if (absorbed.length > 0) s.absorb(state, absorbed);
          output = hexOf(outputFrom(s, use, state, message));
        }),
      );
      return errno === 'Success' ? output : errno;
    };
    for (const { name } of numbers) {
      // Squeezing says itself how much it wants where revisions have a length for it.
      if (name === 'output_len' && uses.some(({ way }) => way === 'squeeze')) continue;
      const matters = uses.some((use) => {
        const input = inputOf(use, 20, 20);
        const without = outcome(use, input, {});
        return [0n, 1n, 8n, 2n ** 63n].some((number) => outcome(use, input, { [name]: number }) !== without);
      });
      expect(matters, name).toBe(true);
    }
  });

  it('gives the same without the native backend', () => {
    for (const use of uses) {
      const input = inputOf(use, ABSORBED, MESSAGE);
      expect(hexOf(outputOf(symmetricGuest('off'), use, input))).toBe(hexOf(outputOf(s, use, input)));
    }
  });

  it('is charged for what it does and what it keeps, until all is closed', () => {
    for (const use of uses) {
      const own = symmetricGuest();
      const input = inputOf(use, 20_000, 10_000);
      const size = input.absorbed.length + input.message.length;
      withInput(own, use, input, (state) => {
        const { bytes, byKind } = usage(own);
        const keys = input.key === undefined ? 0 : objectPrices.symmetricKey + input.key.length;
        expect(byKind.symmetricKey.bytes).toBeGreaterThanOrEqual(keys);
        expect(byKind.symmetricState.bytes).toBeGreaterThanOrEqual(objectPrices.symmetricState);
        expect(bytes).toBeGreaterThanOrEqual(keys + objectPrices.symmetricState);
        const before = usage(own).cost;
        outputFrom(own, use, state, input.message);
        expect(usage(own).cost, 'the cost after an output').toBeGreaterThan(before);
      });
      expect(usage(own).cost, 'the cost of the input').toBeGreaterThanOrEqual(size);
      own.guest.host.close();
      expect(usage(own)).toMatchObject({ bytes: 0, handles: 0 });
    }
  });

  it('takes no keys and no nonces but those of its sizes', () => {
    const { key, nonce } = algorithm;
    if (key === undefined) {
      expect(errnoOf(() => s.keyImport(id, pattern(32)))).toBe('KeyNotSupported');
    } else {
      if (key.required) expect(errnoOf(() => s.open(id))).toBe('KeyRequired');
      for (const size of [key.minimum - 1, key.maximum + 1])
        if (size >= 0 && size < 10_000)
          expect([size, errnoOf(() => s.keyImport(id, pattern(size)))]).toEqual([size, 'InvalidKey']);
      if (key.generated === undefined) expect(errnoOf(() => s.keyGenerate(id))).not.toBe('Success');
      else expect(s.keyExport(s.keyGenerate(id)).length).toBe(key.generated);
    }
    if (nonce === undefined) return;
    const [use] = uses as [Use];
    const { options, ...input } = inputOf(use, 0, 0);
    const openedWith = (size: number) =>
      errnoOf(() => withInput(s, use, { ...input, options: { ...options, nonce: pattern(size) } }, () => undefined));
    for (const size of [nonce.minimum - 1, nonce.maximum + 1])
      if (size >= 0 && size < 10_000) expect([size, openedWith(size)]).toEqual([size, 'InvalidNonce']);
    const without = Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'nonce'));
    const absent = errnoOf(() => withInput(s, use, { ...input, options: without }, () => undefined));
    expect(absent).toBe(nonce.absent === 'refused' ? 'NonceRequired' : 'Success');
  });

  if (macs.includes(algorithm)) {
    it('gives tags that no other bytes pass for', () => {
      const use: Use = { algorithm, way: 'squeeze tag', keyed: true, target: undefined };
      withInput(s, use, inputOf(use, ABSORBED, 0), (state) => {
        const copy = s.clone(state);
        const right = s.tagPull(s.squeezeTag(copy));
        s.close(copy);
        const tag = s.squeezeTag(state);
        const wrong = [
          ...Array.from(right.keys(), (index) => changed(right, index)),
          ...Array.from(right.keys(), (length) => right.subarray(0, length)),
          Uint8Array.from([...right, 0]),
        ];
        for (const bytes of wrong) expect(errnoOf(() => s.tagVerify(tag, bytes))).toBe('InvalidTag');
        s.tagVerify(tag, right);
      });
    });
  }
});
