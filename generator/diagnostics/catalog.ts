/**
 * Every diagnostic: its stable code, severity, message and, where one always fits, hint. Codes are
 * part of the public API: never renamed, never reused. Sorted by stage, then by name.
 */
export type Severity = 'error' | 'warning';

interface Entry {
  readonly severity: Severity;
  // Each message states its own parameters; `Params` recovers them.
  readonly message: (params: never) => string;
  readonly hint?: string;
}

const entries = {
  // reading
  'file-not-found': {
    severity: 'error',
    message: (p: { path: string }) => `cannot find \`${p.path}\``,
  },
  // what an ABI or a target cannot express
  'no-preview1-abi': {
    severity: 'warning',
    message: (p: { func: string; why: string }) => `\`${p.func}\` has no preview 1 ABI: ${p.why}`,
    hint: 'hosts answer the errno for functions that are not implemented; guest bindings leave the function out',
  },
} as const satisfies Record<string, Entry>;

export type Code = keyof typeof entries;
export type Params<C extends Code> = Parameters<(typeof entries)[C]['message']>[0];

export const catalog: { readonly [C in Code]: Entry & (typeof entries)[C] } = entries;
