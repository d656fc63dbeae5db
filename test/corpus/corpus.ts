/** Everybody's definitions: every package below a folder is read, and what both targets of its dialect make of it compiled. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../generator/frontend/read.js';
import { planUnit } from '../../generator/generate.js';
import type { Dialect } from '../../generator/model/model.js';
import { diskReader } from '../../generator/source/disk.js';
import { extensionOf } from '../../generator/source/path.js';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import type { Target } from '../../generator/targets/target.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { plainOptions, typeErrors } from '../generated.js';
import { compileEntry } from '../targets/assemblyscript-guest/asc.js';
import { everyGuest } from '../targets/wit-corpus/every-guest.js';

export interface Result {
  /** The file or folder, below the one that was given. */
  readonly path: string;
  /** `refused`: the definitions have errors, which were reported; `crashed` and `uncompilable` are never right. */
  readonly outcome: 'compiled' | 'refused' | 'crashed' | 'uncompilable';
  /** Codes of errors, an exception, or what a compiler said. */
  readonly why: readonly string[];
}

type Files = ReadonlyMap<string, string>;

export interface Targets {
  readonly hosts: { readonly [D in Dialect]: Target };
  readonly guest: Target;
}

const ours: Targets = { hosts: { witx: typescriptHost, wit: componentHost }, guest: assemblyscriptGuest };

/** As many as one run of a compiler takes at once: libraries are read, and compilers started, once for all. */
const together = 50;

/** What became of every package below a folder. */
export async function runCorpus(folder: string, targets: Targets = ours): Promise<readonly Result[]> {
  const results: Result[] = [];
  let waiting: Made[] = [];
  const compile = async (): Promise<void> => {
    results.push(...(await compileAll(waiting)));
    waiting = [];
  };
  for (const path of packagesBelow(folder)) {
    const made = await make(folder, path, targets);
    if ('outcome' in made) results.push(made);
    else if (waiting.push(made) === together) await compile();
  }
  await compile();
  return results;
}

/**
 * A folder whose WIT files agree on a package is one, with what stands in its `deps`; other files are one each. WITX
 * files find those they use.
 */
function packagesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((left, right) =>
    left.name < right.name ? -1 : 1,
  );
  const files = entries.filter((each) => each.isFile()).map((each) => join(folder, each.name));
  const wit = files.filter((path) => extensionOf(path) === '.wit');
  const names = new Set(
    wit.flatMap((path) => /^\s*package\s+([^\s;{]+)\s*;/m.exec(readFileSync(path, 'utf8'))?.[1] ?? []),
  );
  const own = names.size > 1 ? wit : wit.length > 0 ? [folder] : [];
  const below = entries.filter(
    ({ name }) => !name.startsWith('.') && name !== 'node_modules' && (name !== 'deps' || wit.length === 0),
  );
  return [
    ...own,
    ...files.filter((path) => extensionOf(path) === '.witx'),
    ...below.filter((each) => each.isDirectory()).flatMap(({ name }) => packagesBelow(join(folder, name))),
  ];
}

interface Made {
  readonly path: string;
  readonly host: Files;
  readonly guest: Files;
}

async function make(folder: string, entry: string, { hosts, guest }: Targets): Promise<Made | Result> {
  const path = relative(folder, entry) || '.';
  const bag = new DiagnosticBag();
  const refused = (): Result => ({
    path,
    outcome: 'refused',
    why: [...new Set(bag.all.filter(({ severity }) => severity === 'error').map(({ code }) => code))],
  });
  try {
    const unit = readUnit({ label: 'corpus', entries: [entry] }, diskReader, bag, { features: 'all' });
    if (unit === undefined) return refused();
    const planned = planUnit(unit, bag);
    const own = await hosts[unit.dialect].emit(planned, plainOptions, bag);
    const guests = await guest.emit(planned, plainOptions, bag);
    if (bag.hasErrors) return refused();
    return { path, host: own, guest: guests };
  } catch (error) {
    return { path, outcome: 'crashed', why: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

async function compileAll(all: readonly Made[]): Promise<readonly Result[]> {
  const hosts = new Map(
    all.flatMap(({ host }, index) => [...host].map(([path, text]) => [`u${index}/${path}`, text] as const)),
  );
  const messages = all.length === 0 ? [] : [...typeErrors(hosts), ...(await guestErrors(all))];
  return all.map(({ path }, index): Result => {
    const why = messages.filter((message) => new RegExp(`\\bu${index}/`).test(message));
    return { path, outcome: why.length === 0 ? 'compiled' : 'uncompilable', why };
  });
}

/** What asc says of each guest, which calls all there is. Where it names no place, each is compiled alone. */
async function guestErrors(all: readonly Made[]): Promise<readonly string[]> {
  const compiled = async (chosen: readonly Made[]): Promise<string> => {
    // The others have no files, and keep the numbers of these.
    const guests = all.map((each) => (chosen.includes(each) ? each.guest : new Map<string, string>()));
    return (await compileEntry('entry.ts', everyGuest(guests), ['--use', 'abort='])).messages;
  };
  const messages = await compiled(all);
  if (messages === '') return [];
  const parts = messages.split(/\n(?=ERROR|FAILURE)/).filter((part) => !part.startsWith('FAILURE'));
  if (parts.length > 0 && parts.every((part) => /\bu\d+\//.test(part))) return parts;
  const alone: string[] = [];
  for (const each of all) {
    const said = await compiled([each]);
    if (said !== '') alone.push(`u${all.indexOf(each)}/ ${said}`);
  }
  return alone;
}
