// How the time of each stage grows with the definitions: `npm run bench:growth`, after `npm run build`. The exponent is
// that of the last step: 1 is linear, n log n gives 1.1 there. Times are those of the processor, which others do not lengthen. `--times 1000` ends earlier.
import { parseArgs } from 'node:util';
import { compare } from '../dist/generator/changes/compare.js';
import { surfaceOf } from '../dist/generator/changes/surface.js';
import { DiagnosticBag } from '../dist/generator/diagnostics/diagnostic.js';
import { inReadingOrder, render } from '../dist/generator/diagnostics/render.js';
import { readUnit } from '../dist/generator/frontend/read.js';
import { planUnit } from '../dist/generator/generate.js';
import { memoryReader } from '../dist/generator/source/loader.js';
import { targets as all } from '../dist/generator/targets/index.js';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '10000' }, limit: { type: 'string', default: '1.3' } },
});
const [most, limit] = [Number(values.times), Number(values.limit)];
const sizes = [1, 10, 100, 1_000, 10_000].filter((size) => size <= most);
if (sizes.length < 2) throw new Error('--times takes 10 or more');

/** What is repeated: a type and a function. A module holds a hundred of them. */
const grouped = (count, item, group) =>
  Array.from({ length: Math.ceil(count / 100) }, (_, index) =>
    group(
      index,
      Array.from({ length: Math.min(100, count - index * 100) }, (_, each) => item(index * 100 + each)).join('\n'),
    ),
  ).join('\n');
const witx = (count) => `(typename $size u32)
(typename $errno (enum (@witx tag u16) $success $guest_error $not_implemented $invalid_handle $too_many_handles $internal_error))
${grouped(
  count,
  (each) => `  (typename $pair_${each} (record (field $left $size) (field $right u64)))
  ;;; Does it.
  (@interface func (export "call_${each}") (param $name string) (param $pair $pair_${each}) (result $error (expected $size (error $errno))))`,
  (index, items) => `(module $part_${index}\n${items})`,
)}`;
const wit = (count) => `package a:b;
interface errors { enum errno { success, guest-error, not-implemented, internal-error } }
${grouped(
  count,
  (each) => `  record pair${each} { left: u32, right: option<u64> }
  /// Does it.
  call${each}: func(name: string, pair: pair${each}) -> result<list<u8>, errno>;`,
  (index, items) => `interface part${index} {\n  use errors.{errno};\n${items}\n}`,
)}`;
const unknown = (count) =>
  Array.from({ length: count }, (_, each) => `(typename $t${each} $unknown_${each})`).join('\n');

const options = { importSuffix: '.js', header: undefined, support: undefined, command: 'bench' };
const read = (path, text, bag = new DiagnosticBag()) =>
  readUnit({ label: 'bench', entries: [path] }, memoryReader(new Map([[path, text]])), bag);
const must = (unit) => {
  if (unit === undefined) throw new Error('the definitions have errors');
  return unit;
};

/** Each stage with what stands before it, which is not measured. */
const stages = [
  ...[
    ['x.witx', witx],
    ['x.wit', wit],
  ].flatMap(([path, text]) => {
    const dialect = path.slice(2);
    const planned = (size) => planUnit(must(read(path, text(size))), new DiagnosticBag());
    return [
      [`${dialect}: read`, text, (given) => must(read(path, given))],
      [`${dialect}: plan`, (size) => must(read(path, text(size))), (unit) => planUnit(unit, new DiagnosticBag())],
      [`${dialect}: compare`, planned, (unit) => compare(surfaceOf(unit), surfaceOf(unit))],
      ...all
        .filter(({ dialects, onRequest }) => dialects.includes(dialect) && onRequest !== true)
        .map((target) => [
          `${dialect}: ${target.id}`,
          planned,
          (unit) => target.emit(unit, options, new DiagnosticBag()),
        ]),
    ];
  }),
  [
    'mistakes: read and shown',
    unknown,
    (text) => {
      const bag = new DiagnosticBag();
      read('x.witx', text, bag);
      for (const each of inReadingOrder(bag.all)) render(each);
    },
  ],
];

const rows = [];
let steep = 0;
for (const [stage, prepare, run] of stages) {
  await run(prepare(10));
  const times = [];
  for (const size of sizes) {
    const given = prepare(size);
    const start = process.cpuUsage();
    await run(given);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  const [before, last] = times.slice(-2);
  const exponent = Math.log10(last / before);
  // Short ones say nothing.
  const isSteep = last > 500 && exponent > limit;
  if (isSteep) steep += 1;
  rows.push({
    stage,
    ...Object.fromEntries(sizes.map((size, index) => [`${size} times, ms`, Math.round(times[index])])),
    exponent: exponent.toFixed(2) + (isSteep ? ' !' : ''),
  });
}
console.table(rows);

if (most >= 10_000)
  for (const [path, text, ids] of [
    ['x.witx', witx, ['typescript-host', 'assemblyscript-guest']],
    ['x.wit', wit, ['component-host', 'assemblyscript-guest']],
  ]) {
    const given = text(5_000);
    const cpu = process.cpuUsage();
    const start = performance.now();
    const planned = planUnit(must(read(path, given)), new DiagnosticBag());
    for (const id of ids) await all.find((each) => each.id === id).emit(planned, options, new DiagnosticBag());
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    console.log(
      `5 000 functions, ${path}, ${ids.join(' and ')}: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of the processor`,
    );
  }
if (steep > 0) console.error(`${steep} stages grow by more than an exponent of ${limit}`);
process.exitCode = steep > 0 ? 1 : 0;
