/** Resources that a guest implements and exports: made, called, lent, given and dropped from JavaScript. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';
import { componentize } from '../../generator/components/componentize.js';
import type { AscRuntime } from '../../generator/components/guest-compiler.js';
import { transpile } from '../../generator/components/transpile.js';
import { it } from '../cli/command-line.js';
import { projectRoot } from '../shared.js';

const guest = `import { ExportedStorePair, Result, ThingBase, GuardedBase } from "test-everybody";
export namespace store_ {
  export class Thing extends ThingBase {
    constructor(public text: string) { super(); }
    name(): string { return this.text; }
    rename(name: string): void { this.text = name; }
    static longer(left: ThingBase, right: ThingBase): ThingBase {
      return left.name().length > right.name().length ? new Thing(left.name()) : right;
    }
    static open(name: string): Result<ThingBase, string> {
      if (name == "") return Result.err<ThingBase, string>("no name");
      return Result.ok<ThingBase, string>(new Thing(name));
    }
  }
  export class Guarded extends GuardedBase {
    constructor(public it: u32) { super(); }
    key(): u32 { return this.it; }
    create2(): void {}
    static create(key: u32): Result<GuardedBase, string> {
      return key == 0 ? Result.err<GuardedBase, string>("locked") : Result.ok<GuardedBase, string>(new Guarded(key));
    }
  }
  export function names(things: Array<ThingBase>): string {
    let all = "";
    for (let i = 0; i < things.length; i += 1) all += things[i].name();
    return all;
  }
  export function split(name: string): ExportedStorePair {
    return new ExportedStorePair(new Thing(name.slice(0, 1)), name.length < 2 ? null : new Thing(name.slice(1)));
  }
  export function join(parts: ExportedStorePair): ThingBase {
    const right = parts.right;
    return new Thing(parts.left.name() + (right === null ? "" : right.name()));
  }
  export function many(count: u32): Array<ThingBase> {
    const all = new Array<ThingBase>();
    for (let i: u32 = 0; i < count; i += 1) all.push(new Thing(i.toString()));
    return all;
  }
}
export namespace desk {
  export function put(it: ThingBase): u32 { return it.name().length; }
}
`;

interface Thing {
  name(): string;
  rename(name: string): void;
  [Symbol.dispose](): void;
}

interface Pair {
  readonly left: Thing;
  readonly right?: Thing | undefined;
}

interface Guest {
  readonly store: {
    readonly Thing: {
      new (name: string): Thing;
      longer(left: Thing, right: Thing): Thing;
      open(name: string): Thing;
    };
    readonly Guarded: new (key: number) => { key(): number };
    names(things: readonly Thing[]): string;
    split(name: string): Pair;
    join(parts: Pair): Thing;
    many(count: number): readonly Thing[];
  };
  readonly desk: { put(it: Thing): number };
}

async function instantiate(folder: string, world: string, runtime: AscRuntime, imports: object): Promise<Guest> {
  const [file, wasm] = [join(folder, 'guest.ts'), join(folder, 'guest.wasm')];
  await writeFile(file, guest);
  const wit = resolve(projectRoot, 'test/targets/wit-corpus/everybody.wit');
  const made = await componentize({ guest: file, wit, world, out: wasm, runtime });
  expect(`${made.compiler}${made.diagnostics.map((each) => each.message).join('\n')}`).toBe('');
  const js = await transpile({ component: wasm, out: join(folder, 'js'), instantiation: 'sync' });
  await writeFile(join(js.folder, 'package.json'), '{ "type": "module" }');
  const core = new Map<string, WebAssembly.Module>();
  for (const each of js.files.filter((name) => name.endsWith('.wasm')))
    core.set(each, await WebAssembly.compile(await readFile(join(js.folder, each))));
  const module = (await import(pathToFileURL(join(js.folder, js.entry)).href)) as {
    instantiate(core: (path: string) => WebAssembly.Module | undefined, imports: object): Guest;
  };
  return module.instantiate((name) => core.get(name), imports);
}

describe.for(['incremental', 'minimal', 'stub'] as const)('guests compiled with the runtime %s', (runtime) => {
  it('implement resources', async ({ folder }) => {
    const { store, desk } = await instantiate(folder, 'keeper', runtime, {});
    const thing = new store.Thing('one');
    expect(thing.name()).toBe('one');
    thing.rename('three');
    expect(thing.name()).toBe('three');
    expect(store.Thing.longer(thing, new store.Thing('four')).name()).toBe('three');
    expect(store.Thing.longer(thing, new store.Thing('seven!')).name()).toBe('seven!');
    expect(store.Thing.open('x').name()).toBe('x');
    expect(() => store.Thing.open('')).toThrow(expect.objectContaining({ payload: 'no name' }) as Error);
    const { left, right } = store.split('whole');
    expect([left.name(), right?.name()]).toEqual(['w', 'hole']);
    expect(store.join({ left, right }).name()).toBe('whole');
    expect(store.split('w').right).toBe(undefined);
    const all = store.many(12);
    expect(store.names(all)).toBe('01234567891011');
    expect(desk.put(thing)).toBe(5);
    expect(() => thing.name()).toThrow();
    expect(store.names(all)).toBe('01234567891011');
  });

  it('lose nothing and keep nothing', async ({ folder }) => {
    const { store } = await instantiate(folder, 'keeper', runtime, {});
    const kept = Array.from({ length: 100 }, (_, index) => new store.Thing(`kept ${index}`));
    for (let index = 0; index < 200_000; index += 1) {
      const made = new store.Thing(`made ${index}`);
      if (made.name() !== `made ${index}`) throw new Error(`${made.name()} is not the ${index}th`);
      made[Symbol.dispose]();
    }
    expect(kept.every((each, index) => each.name() === `kept ${index}`)).toBe(true);
  });
});

describe('a world that imports what it exports', () => {
  it('tells the resources of the host from those of the guest', async ({ folder }) => {
    class Unused {}
    const imports = { 'test:everybody/store': { Thing: Unused, Guarded: Unused } };
    const { store } = await instantiate(folder, 'between', 'incremental', imports);
    expect(new store.Thing('mine').name()).toBe('mine');
  });
});
