/** What generated files may import from the templates: checked against the real files by a test. */
import type { Symbol } from '../../print/ts-file.js';

function value<const N extends string>(name: N, from: string): Symbol & { readonly name: N } {
  return { name, from, typeOnly: false };
}

function type<const N extends string>(name: N, from: string): Symbol & { readonly name: N } {
  return { name, from, typeOnly: true };
}

/** The template files, copied whole. */
export const templateFiles = ['failure', 'handles', 'memory', 'values'] as const;

export const template = {
  Failure: type('Failure', 'failure'),
  Fault: type('Fault', 'failure'),
  failuresOf: value('failuresOf', 'failure'),
  errnoOf: value('errnoOf', 'failure'),
  trapOf: value('trapOf', 'failure'),
  faults: value('faults', 'failure'),
  HostObject: type('HostObject', 'handles'),
  HandleBudget: value('HandleBudget', 'handles'),
  HandleTable: value('HandleTable', 'handles'),
  GuestMemory: value('GuestMemory', 'memory'),
  GuestMemoryType: type('GuestMemory', 'memory'),
  oneOf: value('oneOf', 'values'),
  flagsOf: value('flagsOf', 'values'),
  wideFlagsOf: value('wideFlagsOf', 'values'),
  charOf: value('charOf', 'values'),
} as const;
