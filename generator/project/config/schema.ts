/** Which keys a configuration has, and of which type: data, walked once. */
import { didYouMean } from '../../diagnostics/suggest.js';
import type { Target } from '../../targets/target.js';
import { endings, lints } from '../choices.js';
import { importSuffixes } from '../manifest.js';
import type { Config, OutputConfig, OutputOptions } from './config.js';

/** Where something stands in a configuration: `['outputs', 0, 'spec']`. */
export type KeyPath = readonly (string | number)[];

/** What is wrong at a place. */
export type Problem =
  | { readonly kind: 'unknown'; readonly path: KeyPath; readonly hint: string }
  | { readonly kind: 'missing'; readonly path: KeyPath; readonly key: string }
  | { readonly kind: 'type'; readonly path: KeyPath; readonly expected: string; readonly found: string };

type Report = (problem: Problem) => void;
/** Reports what is wrong with a value. */
type Check = (value: unknown, path: KeyPath, report: Report) => void;
type Keys<T> = { readonly [Key in keyof T]-?: Check };

const text: Check = (value, path, report) => {
  if (typeof value !== 'string') wrong('a text', value, path, report);
  else if (value.trim() === '') report({ kind: 'type', path, expected: 'a text', found: 'empty' });
};

function oneOf(...choices: readonly string[]): Check {
  return (value, path, report) => {
    if (!choices.some((each) => each === value))
      wrong(`one of ${choices.map((each) => `\`${each}\``).join(', ')}`, value, path, report);
  };
}

const texts: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of texts', value, path, report);
  value.forEach((each, index) => text(each, [...path, index], report));
};

const targets: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of targets', value, path, report);
  value.forEach((each: unknown, index) => {
    const own = [...path, index];
    if (isRecord(each)) keys(targetKeys, ['id', 'dialects', 'emit'], each, own, report);
    else text(each, own, report);
  });
};

const dialects: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of `witx` and `wit`', value, path, report);
  value.forEach((each, index) => oneOf('witx', 'wit')(each, [...path, index], report));
};

const truth: Check = (value, path, report) => {
  if (typeof value !== 'boolean') wrong('`true` or `false`', value, path, report);
};

const targetKeys: Keys<Target> = {
  id: text,
  summary: text,
  dialects,
  onRequest: truth,
  takesAnnotations: truth,
  needsNoAbi: truth,
  emit(value, path, report) {
    if (typeof value !== 'function') wrong('a function', value, path, report);
  },
};

const features: Check = (value, path, report) => {
  if (value === 'all') return;
  if (Array.isArray(value)) texts(value, path, report);
  else wrong('a list of texts, or `all`', value, path, report);
};

const header: Check = (value, path, report) => {
  if (typeof value === 'string') return;
  if (isRecord(value)) keys({ file: text }, ['file'], value, path, report);
  else wrong('a text, or `{ file }`', value, path, report);
};

const errno: Check = (value, path, report) => {
  if (!isRecord(value)) return wrong('an object of texts', value, path, report);
  for (const [key, each] of Object.entries(value)) text(each, [...path, key], report);
};

const sharedKeys: Keys<Omit<OutputOptions, 'annotations'>> = {
  world: text,
  targets,
  importSuffix: oneOf(...importSuffixes),
  header,
  support: text,
  features,
  include: texts,
  exclude: texts,
  eol: oneOf(...endings),
  lint: oneOf(...lints),
  errno,
};

/** Annotations are about the definitions of one output. */
const outputKeys: Keys<OutputConfig> = { spec: text, out: text, annotations: text, ...sharedKeys };

const configKeys: Keys<Config> = {
  ...sharedKeys,
  outputs(value, path, report) {
    if (!Array.isArray(value)) return wrong('a list of outputs', value, path, report);
    if (value.length === 0) return report({ kind: 'type', path, expected: 'a list of outputs', found: 'empty' });
    value.forEach((each, index) => {
      const own = [...path, index];
      if (isRecord(each)) keys(outputKeys, ['spec'], each, own, report);
      else wrong('an output', each, own, report);
    });
  },
};

/** All that is wrong with a configuration; nothing: it is a `Config`. */
export function problemsOf(value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  if (isRecord(value)) keys(configKeys, ['outputs'], value, [], report);
  else wrong('an object', value, [], report);
  return problems;
}

function keys(
  known: Readonly<Record<string, Check>>,
  required: readonly string[],
  value: Readonly<Record<string, unknown>>,
  path: KeyPath,
  report: Report,
): void {
  for (const [key, each] of Object.entries(value)) {
    const check = Object.hasOwn(known, key) ? known[key] : undefined;
    // As everywhere in JavaScript, what is undefined is not there.
    if (check !== undefined && each !== undefined) check(each, [...path, key], report);
    else if (check === undefined) {
      const names = Object.keys(known);
      const hint =
        key === 'annotations' ? 'it stands in an output' : (didYouMean(key, names) ?? `keys are ${names.join(', ')}`);
      report({ kind: 'unknown', path: [...path, key], hint });
    }
  }
  for (const key of required) if (value[key] === undefined) report({ kind: 'missing', path, key });
}

function wrong(expected: string, value: unknown, path: KeyPath, report: Report): void {
  report({ kind: 'type', path, expected, found: nameOf(value) });
}

function nameOf(value: unknown): string {
  if (value === null) return '`null`';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text \`${value.length > 40 ? `${value.slice(0, 40)}…` : value}\``;
  if (typeof value === 'number' || typeof value === 'boolean') return `\`${String(value)}\``;
  return { object: 'an object', function: 'a function', undefined: 'nothing' }[typeof value as string] ?? typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `outputs[0].spec`. */
export function printPath(path: KeyPath): string {
  const printed = path
    .map((each) =>
      typeof each === 'number' ? `[${each}]` : /^[\w$-]+$/.test(each) ? `.${each}` : `[${JSON.stringify(each)}]`,
    )
    .join('');
  return printed.replace(/^\./, '');
}
