/** A surface as text: one line for each thing, so that version control shows what changed. */
import type { ModuleSurface, Surface } from './surface.js';

/** Raised when older versions could misread it. */
const format = 1;

export function printSurface({ dialect, packages, modules, worlds }: Surface): string {
  const line = (value: unknown): string =>
    JSON.stringify(value, (key, each: unknown) => (key === 'docs' ? undefined : each));
  const lines = (values: readonly unknown[], indent: string): string =>
    values.length === 0 ? '[]' : `[\n${values.map((each) => `${indent}  ${line(each)}`).join(',\n')}\n${indent}]`;
  const moduleText = ({ name, id, implementedBy, types, constants, functions }: ModuleSurface): string =>
    [
      `    {`,
      `      "name": ${line(name)}, "id": ${line(id)}, "implementedBy": ${line(implementedBy)},`,
      `      "types": ${lines(types, '      ')},`,
      `      "constants": ${lines(constants, '      ')},`,
      `      "functions": ${lines(functions, '      ')}`,
      `    }`,
    ].join('\n');
  return [
    '{',
    `  "about": "Written by wasi-crypto-gen: what the definitions say, for the report of what changed when they do. Do not edit.",`,
    `  "format": ${format},`,
    `  "dialect": ${line(dialect)},`,
    `  "packages": ${line(packages)},`,
    `  "modules": [${modules.length === 0 ? '' : `\n${modules.map(moduleText).join(',\n')}\n  `}],`,
    `  "worlds": ${lines(worlds, '  ')}`,
    '}',
    '',
  ].join('\n');
}

/** Undefined: another version wrote it. @param text as `printSurface` made it: whoever reads it checks its hash first */
export function readSurface(text: string): Surface | undefined {
  const { format: written, dialect, packages, modules, worlds } = JSON.parse(text) as Surface & { format: number };
  return written === format ? { dialect, undocumented: true, packages, modules, worlds } : undefined;
}
