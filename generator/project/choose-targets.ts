/** Which targets are meant, by their ids. */
import { didYouMean } from '../diagnostics/suggest.js';
import type { Dialect } from '../model/model.js';
import type { Target } from '../targets/target.js';
import { ConfigurationError } from './errors.js';
import { anyText, checkKeys, isRecord, oneOf, text, truth, wrong, type Check, type Keys } from './option-keys.js';

/** What is made of definitions where nobody names targets. */
export function usualTargets(targets: readonly Target[], dialect: Dialect): readonly Target[] {
  return targets.filter(({ dialects, onRequest }) => dialects.includes(dialect) && onRequest !== true);
}

/** Ids, of ours and of somebody else's. */
export function idsOf(wanted: readonly (string | Target)[] | undefined): readonly string[] | undefined {
  return wanted?.map((each) => (typeof each === 'string' ? each : each.id));
}

/** The targets of somebody else among those that are wanted. */
export function foreignTargets(wanted: readonly (string | Target)[] = []): readonly Target[] {
  return wanted.filter((each) => typeof each !== 'string');
}

/**
 * @throws ConfigurationError when there is no such target, it does not take definitions of this kind, or somebody else's has
 *   an id that is none or is taken
 */
export function chooseTargets(
  ours: readonly Target[],
  foreign: readonly Target[],
  ids: readonly string[] | undefined,
  dialect: Dialect,
): readonly Target[] {
  const targets = [...ours, ...checkForeign(foreign, ours)];
  const possible = targets.filter((target) => target.dialects.includes(dialect));
  const known = targets.map((target) => `${target.id} (${target.dialects.join(' and ').toUpperCase()})`).join(', ');
  if (possible.length === 0)
    throw new ConfigurationError(
      `no target can be made from ${dialect.toUpperCase()} definitions yet`,
      `targets are ${known}`,
    );
  if (ids === undefined) return usualTargets(targets, dialect);
  const chosen = new Set<Target>();
  for (const id of ids) {
    const target = targets.find((each) => each.id === id);
    const names = targets.map((each) => each.id);
    if (target === undefined)
      throw new ConfigurationError(
        `there is no target \`${id}\``,
        didYouMean(id, names) ?? `targets are ${names.join(', ')}`,
      );
    if (!possible.includes(target)) {
      throw new ConfigurationError(
        `target \`${id}\` cannot be made from ${dialect.toUpperCase()} definitions`,
        `it takes ${target.dialects.join(' and ').toUpperCase()}`,
      );
    }
    chosen.add(target);
  }
  return [...chosen];
}

/** Their ids name folders, and nothing of ours. */
function checkForeign(foreign: readonly Target[], ours: readonly Target[]): readonly Target[] {
  for (const { id } of foreign) {
    if (!/^[a-z][a-z0-9-]*$/.test(id))
      throw new ConfigurationError(`target \`${id}\`: this is no id`, 'ids are small letters, digits and `-`');
    if (ours.some((each) => each.id === id) || foreign.filter((each) => each.id === id).length > 1)
      throw new ConfigurationError(`target \`${id}\` is there already`, 'give yours an id of its own');
  }
  return foreign;
}

/** Ids, or targets of somebody else. */
export const targetsCheck: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of targets', value, path, report);
  value.forEach((each: unknown, index) => {
    const own = [...path, index];
    if (isRecord(each)) checkKeys(targetKeys, ['id', 'dialects', 'emit'], each, own, report);
    else text(each, own, report);
  });
};

const dialects: Check = (value, path, report) => {
  if (!Array.isArray(value)) return wrong('a list of `witx` and `wit`', value, path, report);
  value.forEach((each, index) => oneOf('witx', 'wit')(each, [...path, index], report));
};

const targetKeys: Keys<Target> = {
  id: text,
  summary: anyText,
  dialects,
  onRequest: truth,
  takesAnnotations: truth,
  needsNoAbi: truth,
  emit(value, path, report) {
    if (typeof value !== 'function') wrong('a function', value, path, report);
  },
};
