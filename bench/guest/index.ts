/**
 * The portable guest: it imports WASI preview 1 and the modules of wasi-crypto, and nothing else.
 *
 * Run as a command it checks and times every operation and prints one line of JSON for each. A host
 * that wants to do the timing itself calls the other exports.
 */
import { all, prepare, run } from "./operations";
import { monotonic, print } from "./wasi";

export { isSized, nameOf, operations, prepare, run } from "./operations";

const SIZES: u32[] = [64, 1024, 65536, 1048576];
const ROUNDS = 11;
const ROUND_NANOSECONDS: u64 = 10_000_000;
const WARM_UP_NANOSECONDS: u64 = 250_000_000;

export function _start(): void {
  for (let index = 0; index < all.length; index += 1) {
    if (!all[index].sized) timed(<u32>index, 0);
    else for (let place = 0; place < SIZES.length; place += 1) timed(<u32>index, SIZES[place]);
  }
}

function timed(index: u32, length: u32): void {
  const head = '{"operation":"' + all[<i32>index].name + '","bytes":' + length.toString();
  let errno = prepare(index, length);
  let count: u32 = 1;
  const begun = monotonic();
  while (errno == 0) {
    const start = monotonic();
    errno = run(index, count);
    const now = monotonic();
    // Some hosts compile what is called often: they get time for it.
    if (now - start < ROUND_NANOSECONDS) count *= 2;
    else if (now - begun >= WARM_UP_NANOSECONDS) break;
  }
  if (errno != 0) {
    print(head + ',"errno":' + errno.toString() + "}\n");
    return;
  }
  const times = new Array<f64>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = monotonic();
    errno = run(index, count);
    times.push(<f64>(monotonic() - start) / <f64>count);
    if (errno != 0) {
      print(head + ',"errno":' + errno.toString() + "}\n");
      return;
    }
  }
  times.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  print(head + ',"nanoseconds":' + whole(times[ROUNDS >> 1]) + ',"least":' + whole(times[0]) + ',"most":' + whole(times[ROUNDS - 1]) + "}\n");
}

function whole(nanoseconds: f64): string {
  return (<u64>(nanoseconds + 0.5)).toString();
}
