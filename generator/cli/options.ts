/** Options that are given several times: either all of them count, or it is a mistake. */
import { InvalidArgumentError, Option, type Command } from 'commander';

/** All of them. */
export function gather(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

/** All words of all: they are separated by spaces, but for those in quotation marks. */
export function gatherWords(text: string, words: readonly string[] = []): readonly string[] {
  return [...words, ...[...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')];
}

/** All names of features of all: they are separated by commas. */
export function gatherFeatures(value: string, names: readonly string[] = []): readonly string[] {
  const more = value.split(',').map((name) => name.trim());
  const wrong = more.find((name) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/i.test(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`\`${wrong}\` is no name of a feature.`);
  return [...names, ...more];
}

/** The `@unstable` features that are on. */
export function featuresOf(flags: {
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
}): readonly string[] | 'all' | undefined {
  return flags.allFeatures === true ? 'all' : flags.features;
}

/** How a command reports. */
export function formatOption(formats: readonly string[] = ['text', 'json']): Option {
  return new Option('--format <format>', 'how to report').choices(formats).default('text');
}

export function jsonOption(): Option {
  return new Option('--json', 'short for `--format json`').implies({ format: 'json' });
}

/** Of options that have one value the last of several would silently win. */
export function refuseRepeated(command: Command): void {
  for (const option of command.options) {
    const parse = option.parseArg;
    if (!option.required || [gather, gatherWords, gatherFeatures].some((each) => each === parse)) continue;
    let before: string | undefined;
    option.argParser((value: string, previous: unknown): unknown => {
      if (before !== undefined) throw new InvalidArgumentError(`It is given twice, as \`${before}\` before.`);
      before = value;
      return parse === undefined ? value : parse(value, previous);
    });
  }
}

export function configOption(): Option {
  return new Option(
    '--config <file>',
    'the configuration (default: wasi-crypto.config.{ts,js,mjs,json} here, or package.json)',
  );
}
