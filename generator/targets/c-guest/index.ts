/** The `c-guest` target: one header for guests in C, C++ and whatever reads C's headers. */
import { isPlanned, type PlannedUnit } from '../../abi/plan.js';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { allModules, handleKinds, membership } from '../../model/kinds.js';
import type { Module, TypeDecl } from '../../model/model.js';
import { spellingNote } from '../../model/spelling.js';
import { docLines } from '../../print/doc-comment.js';
import { banner, commented } from '../../print/header.js';
import type { EmitOptions, FileMap, Target } from '../target.js';
import { declareFunction } from './functions.js';
import { CNames } from './names.js';
import { Types } from './types.js';

export const cGuest: Target = {
  id: 'c-guest',
  summary: 'a header for guests in C and C++: imports of core modules, types with their layout, names of errnos',
  dialects: ['witx'],
  emit: async (planned, options, bag) => emit(planned, options, bag),
};

function emit(planned: PlannedUnit, options: EmitOptions, bag: DiagnosticBag): FileMap {
  const { unit } = planned;
  const [{ name = 'bindings' } = {}] = unit.packages;
  const names = new CNames(name);
  const types = new Types(names, errnoTypes(planned), bag);
  const sections = allModules(unit).map((module) => declareModule(planned, module, { names, types }));
  const label = unit.packages.map((each) => each.id).join(', ');
  const lines = [
    ...commented(banner({ source: undefined, label, errata: unit.errata, options })),
    ...opening(names),
    ...sections.flat(),
    ...closing(names),
  ];
  return new Map([[names.file, `${lines.join('\n')}\n`]]);
}

interface Site {
  readonly names: CNames;
  readonly types: Types;
}

/** The types of a module with all that they need, then its functions. */
function declareModule(planned: PlannedUnit, module: Module, { names, types }: Site): readonly string[] {
  const kinds = handleKinds(planned.unit);
  const note = spellingNote(module.name.wire);
  for (const decl of module.types.filter(standsAlone)) types.declare(decl);
  for (const constant of module.constants) types.declareConstant(constant);
  const lines = module.funcs.flatMap((func) => {
    const plan = planned.plans.get(func);
    if (plan === undefined) return [];
    // The generator has warned about it.
    if (!isPlanned(plan)) return ['', `// ${plan.unplannable.message}.`];
    return ['', ...declareFunction(plan, types, names, membership(func, kinds).closes)];
  });
  return [
    '',
    `// ${module.name.wire}${note === undefined ? '' : `: ${note}`}`,
    ...(module.docs === '' ? [] : ['', ...docLines(module.docs, '')]),
    ...types.lines.splice(0),
    ...lines,
  ];
}

/** Types that are declared though nothing uses them. Names of others, and of buffers, are only of use in what is passed. */
function standsAlone({ type }: TypeDecl): boolean {
  switch (type.kind) {
    case 'enum':
    case 'flags':
    case 'handle':
    case 'record':
    case 'variant':
      return true;
    case 'ref':
    case 'scalar':
    case 'bool':
    case 'string':
    case 'tuple':
    case 'list':
    case 'buffer':
    case 'address':
    case 'result':
    case 'option':
    case 'borrow':
    case 'map':
    case 'future':
    case 'stream':
    case 'error-context':
      return false;
  }
}

function errnoTypes({ plans }: PlannedUnit): ReadonlySet<TypeDecl> {
  return new Set(
    [...plans.values()].flatMap((plan) => (isPlanned(plan) && plan.returns.how === 'errno' ? [plan.returns.decl] : [])),
  );
}

function opening(names: CNames): readonly string[] {
  return [
    '',
    `#ifndef ${names.own('H')}`,
    `#define ${names.own('H')}`,
    '',
    '#ifndef __wasm32__',
    '#error "these are imports of a WebAssembly module: compile with --target=wasm32-wasi"',
    '#endif',
    '',
    '#include <stdbool.h>',
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    '#ifdef __cplusplus',
    `#define ${names.own('ASSERT')} static_assert`,
    'extern "C" {',
    '#else',
    `#define ${names.own('ASSERT')} _Static_assert`,
    '#endif',
    '',
    `#define ${names.own('IMPORT')}(module, name) __attribute__((__import_module__(module), __import_name__(name)))`,
    `#define ${names.own('CHECKED')} __attribute__((__warn_unused_result__))`,
  ];
}

function closing(names: CNames): readonly string[] {
  return [
    '',
    ...(['ASSERT', 'IMPORT', 'CHECKED'] as const).map((each) => `#undef ${names.own(each)}`),
    '',
    '#ifdef __cplusplus',
    '}',
    '#endif',
    '',
    '#endif',
  ];
}
