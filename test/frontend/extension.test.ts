/** The extension is defined twice, for core modules and for components: what one says follows from the other. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allModules, handleKind, handleKinds, resolve } from '../../generator/model/kinds.js';
import { kebab } from '../../generator/model/name.js';
import type { Func, Module, Param, Type, Unit } from '../../generator/model/model.js';
import { diskReader } from '../../generator/source/disk.js';
import { projectRoot } from '../shared.js';
import { mustRead, readFrom } from './reading.js';

const read = (dialect: string): Unit =>
  mustRead(readFrom(diskReader, [join(projectRoot, 'witx/extension-0.1', dialect)], { label: 'extension' }));
const [core, component] = [read('witx'), read('wit')];

/** Functions that components do not need: resources are dropped, lists are copies and know their length. */
const absent = ['bytes_wipe', 'query_algorithms_len'];

/** What does not follow from the rules below. */
const exceptions: Readonly<Record<string, string>> = {
  // Lists are returned: somebody must say how long.
  random_fill: 'random-fill(len: size) -> list<u8>',
  bignum_export: 'bignum.export(self: bignum, order: byte-order, width: size) -> list<u8>',
  encoding_decode: 'encoding-decode(encoding: text-encoding, text: list<u8>, ignored: list<u8>) -> list<u8>',
  // Results have as much room as they need.
  bignum_open: 'bignum.open() -> bignum',
  // The factor is an operand, but no element is.
  element_mul_base: 'element.mul-base(s: scalar) -> element',
};

/** What an object is made in, and what its maker says of it. */
const origins: Readonly<Record<string, readonly string[]>> = {
  residue: ['modulus: modulus'],
  scalar: ['group: group', 'secrecy: secrecy'],
  element: ['group: group'],
  bignum: [],
};

const destinations = ['to', 'quotient', 'remainder'];

/** How a function of core modules is written for components. */
function mapped(func: Func): string | undefined {
  const name = func.name.wire;
  const kind = handleKinds(core).find((each) => name.startsWith(`${each.name.wire}_`))?.name.wire;
  if (name === `${kind}_close` || absent.includes(name)) return undefined;
  if (exceptions[name] !== undefined) return exceptions[name];
  const made = func.params.filter((each) => destinations.includes(each.name.wire)).map(typeOf);
  const rest = func.params.filter((each) => !destinations.includes(each.name.wire));
  const out = rest.at(-1)?.type;
  const fills = out?.kind === 'buffer' && out.access === 'out';
  const params = (fills ? rest.slice(0, -1) : rest).map((each) => `${kebab(each.name.words)}: ${typeOf(each)}`);
  const [first] = rest;
  const isMethod = kind !== undefined && first !== undefined && typeOf(first) === kind;
  if (isMethod) params[0] = `self: ${kind}`;
  else if (kind !== undefined && made.length > 0) params.unshift(...(origins[kind] ?? []));
  const member = kind === undefined ? kebab(func.name.words) : `${kind}.${kebab(func.name.words.slice(1))}`;
  return `${member}(${params.join(', ')}) -> ${fills ? 'list<u8>' : (joined(made) ?? returned(func))}`;
}

function joined(made: readonly string[]): string | undefined {
  return made.length > 1 ? `tuple<${made.join(', ')}>` : made[0];
}

function written(func: Func): string {
  const owner = func.resource === undefined ? '' : `${func.resource.name.wire}.`;
  const params = func.params.map((each) => `${kebab(each.name.words)}: ${typeOf(each)}`);
  return `${owner}${func.name.wire}(${params.join(', ')}) -> ${returned(func)}`;
}

function returned(func: Func): string {
  const result = func.results[0]?.type;
  if (result?.kind !== 'result' || result.error === undefined) throw new Error(`${func.name.wire} cannot fail`);
  expect(textOf(result.error)).toBe('ext-errno');
  return result.ok === undefined ? 'nothing' : textOf(result.ok);
}

const typeOf = (param: Param): string => textOf(param.type);

/** A type as WIT has it; whether a handle is lent or given does not matter. */
function textOf(type: Type): string {
  const kind = handleKind(type);
  if (kind !== undefined) return kebab(kind.name.words);
  if (type.kind === 'ref') return kebab(type.decl.name.words);
  if (type.kind === 'scalar') return type.scalar;
  if (type.kind === 'buffer') return `list<${textOf(type.element)}>`;
  if (type.kind === 'list') return `list<${textOf(type.element)}>`;
  if (type.kind === 'tuple') return `tuple<${type.items.map(textOf).join(', ')}>`;
  return type.kind;
}

const modulesOf = (unit: Unit): ReadonlyMap<string, Module> =>
  new Map(allModules(unit).map((module) => [module.name.wire.replace(/^wasi_crypto_ext_/, ''), module]));

describe('the extension for core modules and for components', () => {
  test('has the same modules', () => {
    expect([...modulesOf(core).keys()].sort()).toEqual([...modulesOf(component).keys()].sort());
  });

  test.each([...modulesOf(core)])('%s has the same functions', (name, module) => {
    const expected = module.funcs.flatMap((func) => mapped(func) ?? []);
    expect(modulesOf(component).get(name)?.funcs.map(written).toSorted()).toEqual(expected.toSorted());
  });

  test.each([...modulesOf(core)])('%s has the same enums and records', (name, module) => {
    const labels = (each: Module | undefined): readonly string[] =>
      (each?.types ?? [])
        .flatMap((decl) => {
          const type = resolve(decl.type);
          const own = kebab(decl.name.words);
          if (type.kind === 'enum') return [`${own} ${type.cases.map(({ name }) => kebab(name.words)).join(' ')}`];
          return type.kind === 'record'
            ? [`${own} ${type.fields.map((field) => `${kebab(field.name.words)}: ${typeOf(field)}`).join(' ')}`]
            : [];
        })
        .toSorted();
    expect(labels(modulesOf(component).get(name))).toEqual(labels(module));
  });

  test.each([
    ['core modules', core],
    ['components', component],
  ])('documents everything for %s', (_, unit) => {
    const silent = allModules(unit).flatMap((module) => [
      ...module.funcs.filter((func) => func.docs === '').map((func) => func.name.wire),
      ...module.types.flatMap((decl) => {
        const type = resolve(decl.type);
        const cases = type.kind === 'enum' ? type.cases.filter(({ docs }) => docs === '') : [];
        return [...(decl.docs === '' ? [decl.name] : []), ...cases.map(({ name }) => name)].map(({ wire }) => wire);
      }),
    ]);
    expect(silent).toEqual([]);
  });

  test('begins its errno with that of wasi-crypto', () => {
    const crypto = mustRead(readFrom(diskReader, [join(projectRoot, 'witx/0.10')]));
    const cases = (unit: Unit, name: string): readonly string[] => {
      const type = allModules(unit)
        .flatMap(({ types }) => types)
        .find((decl) => decl.name.wire === name)?.type;
      return type?.kind === 'enum' ? type.cases.map(({ name: { wire } }) => wire) : [];
    };
    const theirs = cases(crypto, 'crypto_errno');
    expect(theirs).toHaveLength(31);
    expect(cases(core, 'ext_errno')).toEqual([...theirs, 'malformed', 'no_result']);
  });
});
