/** Which keys a configuration has, and of which type: data, walked once. */
import { choiceKeys } from '../choices.js';
import { importSuffixes } from '../manifest.js';
import {
  checkKeys,
  isRecord,
  oneOf,
  printPath,
  text,
  wrong,
  type Check,
  type Keys,
  type Problem,
  type Report,
} from '../option-keys.js';
import { targetsCheck } from '../choose-targets.js';
import type { Config, OutputConfig, OutputOptions } from './config.js';

const header: Check = (value, path, report) => {
  if (typeof value === 'string') return;
  if (isRecord(value)) checkKeys({ file: text }, ['file'], value, path, report);
  else wrong('a text, or `{ file }`', value, path, report);
};

/** What `generate` takes, too. */
export const sharedKeys: Keys<Omit<OutputOptions, 'annotations'>> = {
  ...choiceKeys,
  targets: targetsCheck,
  importSuffix: oneOf(...importSuffixes),
  header,
  support: text,
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
      if (isRecord(each)) checkKeys(outputKeys, ['spec'], each, own, report);
      else wrong('an output', each, own, report);
    });
  },
};

/** All that is wrong with a configuration; nothing: it is a `Config`. */
export function problemsOf(value: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (problem) => {
    const isMisplaced = problem.kind === 'unknown' && printPath(problem.path) === 'annotations';
    problems.push(isMisplaced ? { ...problem, hint: 'it stands in an output' } : problem);
  };
  if (isRecord(value)) checkKeys(configKeys, ['outputs'], value, [], report);
  else wrong('an object', value, [], report);
  return problems;
}
