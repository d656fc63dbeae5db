/** What may be chosen about output besides. A manifest records what was chosen, and nothing of the rest. */
import { ConfigurationError } from './errors.js';
import { byName, features, oneOf, text, texts, type Keys } from './option-keys.js';

export const endings = ['lf', 'crlf', 'auto'] as const;
export const lints = ['disable', 'none'] as const;

export interface Choices {
  /** WIT: only what this world needs; its name, or `namespace:package/name@version`. Default: all worlds. */
  readonly world?: string | undefined;
  /** WIT: which `@unstable` features are on. Default: none. */
  readonly features?: readonly string[] | 'all' | undefined;
  /** Only these interfaces, modules and functions: `wasi:io/streams`, `wasi:io/*`, `my_module#my_*`. Default: what worlds use. */
  readonly include?: readonly string[] | undefined;
  /** Not these. */
  readonly exclude?: readonly string[] | undefined;
  /** How lines end: `auto` as on this platform. Default: `lf`, and files that have others stay as they are. */
  readonly eol?: (typeof endings)[number] | undefined;
  /** `disable`: files turn linters (eslint, biome) off. Default: `none`. */
  readonly lint?: (typeof lints)[number] | undefined;
  /** Which case of an errno says what the bindings find: `{ internal: 'io', badHandle: 'badf' }`. */
  readonly errno?: Readonly<Record<string, string>> | undefined;
}

export const choiceKeys: Keys<Choices> = {
  world: text,
  features,
  include: texts,
  exclude: texts,
  eol: oneOf(...endings),
  lint: oneOf(...lints),
  errno: byName(text),
};

/** Their names on the command line. */
export const choiceOptions: Readonly<Record<keyof Choices, string>> = {
  world: '--world',
  features: '--features',
  include: '--include',
  exclude: '--exclude',
  eol: '--eol',
  lint: '--lint',
  errno: '--errno',
};

/** Those that were made, in a fixed order. */
export function chosen({ world, features, include, exclude, eol, lint, errno }: Choices): Choices {
  return {
    ...(world !== undefined && { world }),
    ...(features !== undefined &&
      features.length > 0 && { features: features === 'all' ? features : sorted(features) }),
    ...(include !== undefined && include.length > 0 && { include: sorted(include) }),
    ...(exclude !== undefined && exclude.length > 0 && { exclude: sorted(exclude) }),
    ...(eol !== undefined && { eol }),
    ...(lint !== undefined && { lint }),
    ...(errno !== undefined &&
      Object.keys(errno).length > 0 && { errno: Object.fromEntries(Object.entries(errno).sort()) }),
  };
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** What a manifest says; `complain` ends the reading. */
export function readChoices(
  recorded: Readonly<Record<string, unknown>>,
  complain: (problem: string) => never,
): Choices {
  const texts = (value: unknown, at: string): readonly string[] =>
    Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? value
      : complain(`\`options.${at}\` should be an array of texts`);
  const oneOf = <T extends string>(value: unknown, all: readonly T[], at: string): T =>
    all.find((each) => each === value) ?? complain(`\`options.${at}\` should be one of ${all.join(', ')}`);
  const { world, features, include, exclude, eol, lint, errno } = recorded;
  return chosen({
    ...(world !== undefined && {
      world: typeof world === 'string' ? world : complain('`options.world` should be a text'),
    }),
    ...(features !== undefined && { features: features === 'all' ? features : texts(features, 'features') }),
    ...(include !== undefined && { include: texts(include, 'include') }),
    ...(exclude !== undefined && { exclude: texts(exclude, 'exclude') }),
    ...(eol !== undefined && { eol: oneOf(eol, endings, 'eol') }),
    ...(lint !== undefined && { lint: oneOf(lint, lints, 'lint') }),
    ...(errno !== undefined && { errno: pairs(errno, complain) }),
  });
}

function pairs(value: unknown, complain: (problem: string) => never): Readonly<Record<string, string>> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.some(([, each]) => typeof each !== 'string')) complain('`options.errno` should be an object of texts');
  return Object.fromEntries(entries as [string, string][]);
}

/** `internal=io` as a pair. */
export function errnoPair(text: string): readonly [fault: string, wire: string] {
  const [, fault, wire] = /^([\w-]+)=([\w-]+)$/.exec(text) ?? [];
  if (fault === undefined || wire === undefined)
    throw new ConfigurationError(
      `\`--errno ${text}\` names no case`,
      'write `--errno internal=io`: what is found, and the case that says it',
    );
  return [fault.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), wire];
}
