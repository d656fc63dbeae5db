/** Finds what a compiled guest imports that its world does not have, and says what to do about it. */
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/suggest.js';
import { wireName } from '../model/kinds.js';
import type { Module, World } from '../model/model.js';

/** The part of the global `WebAssembly` used here; Node's types have none without those of browsers. */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array<ArrayBuffer>): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
};

export function findForeignImports(wasm: Uint8Array<ArrayBuffer>, world: World, guest: string): readonly Diagnostic[] {
  const functions = functionsOf(world);
  return WebAssembly.Module.imports(new WebAssembly.Module(wasm)).flatMap(({ module, name }) => {
    // What begins so belongs to the ABI; whether it is right, the encoder knows.
    if (module.startsWith('[')) return [];
    const known = functions.get(module);
    if (known !== undefined && (known.includes(name) || !isFunction(name))) return [];
    const why =
      known === undefined ? `which world \`${world.name.wire}\` does not import` : 'which has no such function';
    const hint =
      known === undefined
        ? cureFor(module, name, [...functions.keys()])
        : (didYouMean(name, known) ?? 'was the guest written for other definitions?');
    return [diagnostic('foreign-import', undefined, { guest, module, name, why }, { hint })];
  });
}

/** What else there is, `[resource-drop]…` for one, belongs to the ABI. */
function isFunction(name: string): boolean {
  return /^(?:[^[]|\[(?:constructor|method|static)\])/.test(name);
}

/** The functions a component of a world may import, by the name of the core module they come from. */
function functionsOf(world: World): ReadonlyMap<string, readonly string[]> {
  const free = world.imports.flatMap((item) => (item.kind === 'func' ? [item.name] : []));
  const ofInterfaces = world.imports.flatMap((item) =>
    item.kind === 'func' ? [] : [[item.name, item.module.funcs.map(wireName)] as const],
  );
  return new Map([['$root', [...free, ...membersIn(world.root)]], ...ofInterfaces]);
}

/** The functions of the resources that a world has itself: its own, and those of worlds it includes. */
function membersIn({ types, usedTypes = [] }: Module): readonly string[] {
  const own = types.map((decl) => ({ decl, name: decl.name }));
  return [...own, ...usedTypes.map(({ decl, local }) => ({ decl, name: local }))].flatMap(({ decl, name }) =>
    decl.module.funcs
      .filter((func) => func.resource === decl)
      .map((func) => wireName({ ...func, resource: { ...decl, name } })),
  );
}

/** By what of AssemblyScript's standard library needs a host that components do not have. */
const cures: readonly (readonly [names: RegExp, cure: string])[] = [
  [/^seed$/, 'it is for `Math.random`: use `wasi:random`, or numbers of your own'],
  [
    /^(trace|console\.)/,
    'components have no console: import `wasi:cli/stdout` in the world, or return what there is to say',
  ],
  [/^(Date|performance)\./, 'components have no clock: import `wasi:clocks` in the world'],
  [/^abort$/, 'leave out `--use abort=…` from the options of the compiler'],
];

function cureFor(module: string, name: string, known: readonly string[]): string {
  if (module === 'env')
    return (
      cures.find(([names]) => names.test(name))?.[1] ??
      'a component imports what its world says, nothing else: remove what needs it, or replace it by `--asc-args "--use name=replacement"`'
    );
  if (module.startsWith('wasi_'))
    return 'that is WASI preview 1, which is for core modules: import interfaces of WASI 0.2 in the world';
  return didYouMean(module, known) ?? `add \`import ${module};\` to the world`;
}
