/** jco decides what functions, classes and properties are called: two names that it makes one cannot be told apart. */
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { pascal } from '../../model/name.js';
import { reportCollisions, reportMembers } from '../typescript/collisions.js';
import type { Interface, Names } from './names.js';

export function reportJcoNames({ interfaces, typeFiles }: Names, bag: DiagnosticBag): void {
  for (const decls of typeFiles.values()) for (const { type } of decls) reportMembers(type, 'texts', bag);
  for (const each of interfaces) {
    // What a world imports by itself jco calls as WIT does.
    if (each.importedAs !== undefined) {
      const free = each.funcs.filter(({ func }) => func.resource === undefined);
      reportCollisions(
        'function',
        free.map(({ func }) => func.name),
        bag,
      );
      reportCollisions(
        'resource',
        each.resources.map(({ name }) => name),
        bag,
        pascal,
      );
    }
    reportMethods(each, bag);
  }
}

function reportMethods({ funcs, resources }: Interface, bag: DiagnosticBag): void {
  for (const resource of resources)
    for (const kind of ['method', 'static'] as const) {
      const own = funcs.filter(({ func }) => func.resource === resource && func.kind === kind);
      reportCollisions(
        'function',
        own.map(({ func }) => func.name),
        bag,
      );
    }
}
