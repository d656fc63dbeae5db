/** Options as data: which keys something takes, and of which type each is. */
import { didYouMean } from '../diagnostics/suggest.js';
import { ConfigurationError } from './errors.js';

/** Where something stands in options: `['outputs', 0, 'spec']`. */
export type KeyPath = readonly (string | number)[];

/** What is wrong at a place. */
export type Problem =
  | { readonly kind: 'unknown'; readonly path: KeyPath; readonly hint: string }
  | { readonly kind: 'missing'; readonly path: KeyPath; readonly key: string }
  | { readonly kind: 'type'; readonly path: KeyPath; readonly expected: string; readonly found: string };

export type Report = (problem: Problem) => void;
/** Reports what is wrong with a value. */
export type Check = (value: unknown, path: KeyPath, report: Report) => void;
export type Keys<T> = { readonly [Key in keyof T]-?: Check };

export const text: Check = (value, path, report) => {
  if (typeof value !== 'string') wrong('a text', value, path, report);
  else if (value.trim() === '') report({ kind: 'type', path, expected: 'a text', found: 'empty' });
};

export function oneOf(...choices: readonly string[]): Check {
  return (value, path, report) => {
    if (!choices.some((each) => each === value))
      wrong(`one of ${choices.map((each) => `\`${each}\``).join(', ')}`, value, path, report);
  };
}

export const texts: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of texts', value, path, report);
  value.forEach((each, index) => text(each, [...path, index], report));
};

export const truth: Check = (value, path, report) => {
  if (typeof value !== 'boolean') wrong('`true` or `false`', value, path, report);
};

/** Whatever it holds. */
export const anyText: Check = (value, path, report) => {
  if (typeof value !== 'string') wrong('a text', value, path, report);
};

/** One, or a list of them. */
export const textOrTexts: Check = (value, path, report) => {
  (Array.isArray(value) ? texts : text)(value, path, report);
};

export const features: Check = (value, path, report) => {
  if (value === 'all') return;
  if (Array.isArray(value)) texts(value, path, report);
  else wrong('a list of texts, or `all`', value, path, report);
};

/** An object whose values are such. */
export function byName(check: Check): Check {
  return (value, path, report) => {
    if (!isRecord(value)) return wrong('an object of texts', value, path, report);
    for (const [key, each] of Object.entries(value)) check(each, [...path, key], report);
  };
}

/**
 * What a function of the library is given: callers may have no types.
 *
 * @param func as its callers know it
 * @throws ConfigurationError that says what is wrong with the first option that is
 */
export function checkOptions<T extends object>(
  func: string,
  known: Keys<T>,
  required: readonly (keyof T & string)[],
  options: T,
): void {
  const given: unknown = options;
  const problems: Problem[] = [];
  if (isRecord(given)) checkKeys(known, required, given, [], (problem) => void problems.push(problem));
  else wrong('an object', given, [], (problem) => void problems.push(problem));
  const [first] = problems;
  if (first === undefined) return;
  const path = printPath(first.path);
  switch (first.kind) {
    case 'unknown':
      throw new ConfigurationError(`\`${func}\` has no option \`${path}\``, first.hint);
    case 'missing':
      throw new ConfigurationError(
        `\`${func}\` needs \`${first.key}\``,
        'the docstring of its options says what it is',
      );
    case 'type':
      throw new ConfigurationError(
        `${path === '' ? 'what' : `\`${path}\` that`} \`${func}\` is given should be ${first.expected}, and is ${first.found}`,
      );
  }
}

/** Reports keys that are not known or lack, and values of other types. */
export function checkKeys(
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
      report({
        kind: 'unknown',
        path: [...path, key],
        hint: didYouMean(key, names) ?? `keys are ${names.join(', ')}`,
      });
    }
  }
  for (const key of required) if (value[key] === undefined) report({ kind: 'missing', path, key });
}

export function wrong(expected: string, value: unknown, path: KeyPath, report: Report): void {
  report({ kind: 'type', path, expected, found: nameOf(value) });
}

function nameOf(value: unknown): string {
  if (value === null) return '`null`';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text \`${value.length > 40 ? `${value.slice(0, 40)}…` : value}\``;
  if (typeof value === 'number' || typeof value === 'boolean') return `\`${String(value)}\``;
  return { object: 'an object', function: 'a function', undefined: 'nothing' }[typeof value as string] ?? typeof value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
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
