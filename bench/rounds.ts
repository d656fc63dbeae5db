/**
 * Contestants measured side by side. Every round times each of them once, in an order that changes from
 * round to round, and ratios are taken within a round: what disturbs the machine for longer than a few
 * milliseconds disturbs all alike. (tinybench and mitata run one task to its end before the next one
 * starts: on a shared machine their ratios moved by a third between runs.)
 *
 * Everyone pays for the garbage it leaves: V8 collects some milliseconds' worth of it at a time, and would
 * otherwise do so in every third round or so, at the expense of whoever runs then. The medians would leave it
 * out, although freeing hash and cipher objects and Buffers is a third to a half of the plain calls at 64 bytes.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { quick } from './quick.js';

export interface Contestant {
  readonly name: string;
  /** Runs the operation so many times. */
  run(count: number): void;
}

/** Keeps results, so that nothing is optimized away. */
const sink: { kept: unknown } = { kept: undefined };

/** Whoever runs one operation at a time. */
export function contestant(name: string, once: () => unknown): Contestant {
  return {
    name,
    run(count) {
      for (let done = 0; done < count; done += 1) sink.kept = once();
    },
  };
}

export interface Spread {
  readonly median: number;
  /** The first and third quartile. */
  readonly low: number;
  readonly high: number;
}

export interface Measured {
  readonly name: string;
  /** Of one operation. */
  readonly nanoseconds: Spread;
  /** Time as a part of the time that another contestant took in the same round, by the other's name. */
  readonly ratios: Readonly<Record<string, Spread>>;
}

export interface Pace {
  readonly rounds: number;
  /** How long a contestant runs in a round. */
  readonly milliseconds: number;
}

/** @param baselines names of the contestants to which all are compared */
export function measure(
  contestants: readonly Contestant[],
  baselines: readonly string[],
  pace: Pace,
): readonly Measured[] {
  const counts = contestants.map((contestant) => (quick ? 1 : calibrated(contestant, pace.milliseconds)));
  const times = contestants.map(() => [] as number[]);
  for (let round = 0; round < (quick ? 1 : pace.rounds); round += 1) {
    for (let place = 0; place < contestants.length; place += 1) {
      // Forwards and backwards in turn, and with another first one each time.
      const step = round % 2 === 0 ? place : contestants.length - 1 - place;
      const index = (step + (round >> 1)) % contestants.length;
      const count = counts[index] as number;
      times[index]?.push(timed(contestants[index] as Contestant, count) / count);
    }
  }
  return contestants.map(({ name }, index) => {
    const own = times[index] as number[];
    const ratios: Record<string, Spread> = {};
    for (const baseline of baselines) {
      const other = times[contestants.findIndex((contestant) => contestant.name === baseline)];
      if (other !== undefined) ratios[baseline] = spread(own.map((time, round) => time / (other[round] as number)));
    }
    return { name, nanoseconds: spread(own), ratios };
  });
}

/** Until V8 has compiled a guest's path with all optimizations takes a quarter of a second. */
const WARM_UP_NANOSECONDS = 250e6;

/** How often to run in a round. */
function calibrated(contestant: Contestant, milliseconds: number): number {
  const wanted = milliseconds * 1e6;
  let [spent, count] = [0, 1];
  for (;;) {
    const time = timed(contestant, count);
    spent += time;
    const fits = Math.max(1, Math.round((count * wanted) / time));
    // What takes longer than a round needs no more than a few runs.
    if (spent >= WARM_UP_NANOSECONDS || (time > wanted * count && spent > 20 * wanted)) return fits;
    count = Math.min(count * 2, fits);
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;

/** Nanoseconds, those for collecting the garbage of this run among them. */
function timed(contestant: Contestant, count: number): number {
  collect({ type: 'minor' });
  const start = process.hrtime.bigint();
  contestant.run(count);
  collect({ type: 'minor' });
  return Number(process.hrtime.bigint() - start);
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (part: number): number => sorted[Math.round((sorted.length - 1) * part)] ?? NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}
