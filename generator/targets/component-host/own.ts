/** What `kinds.ts` and `index.ts` export, whatever the definitions are. */
import type { Symbol } from '../../print/ts-file.js';

/** The file of what resources stand for. */
export const kindsFile = 'kinds';

export const indexFile = 'index';

export const own = {
  Kinds: { name: 'Kinds', from: kindsFile, typeOnly: true },
  AnyKinds: { name: 'AnyKinds', from: kindsFile, typeOnly: true },
  AllHeld: { name: 'AllHeld', from: kindsFile, typeOnly: true },
  From: { name: 'From', from: kindsFile, typeOnly: true },
  Handles: { name: 'Handles', from: kindsFile, typeOnly: true },
  Resources: { name: 'Resources', from: kindsFile, typeOnly: true },
  Binding: { name: 'Binding', from: kindsFile, typeOnly: true },
  Absent: { name: 'Absent', from: kindsFile, typeOnly: true },
  createHandles: { name: 'createHandles', from: kindsFile, typeOnly: false },
  createTables: { name: 'createTables', from: kindsFile, typeOnly: false },
  createResources: { name: 'createResources', from: kindsFile, typeOnly: false },
  Hosts: { name: 'Hosts', from: indexFile, typeOnly: true },
  BindOptions: { name: 'BindOptions', from: indexFile, typeOnly: true },
  parameterCounts: { name: 'parameterCounts', from: indexFile, typeOnly: false },
  bindComponent: { name: 'bindComponent', from: indexFile, typeOnly: false },
} as const satisfies Readonly<Record<string, Symbol>>;
