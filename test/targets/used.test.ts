/** Output has what the worlds of the definitions use: hosts what is imported, guests what is imported or exported. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../generator/generate.js';
import { memoryReader } from '../../generator/source/loader.js';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { templateFiles } from '../../generator/targets/component-host/templates.js';
import type { FileMap, Target } from '../../generator/targets/target.js';
import { mustRead, readFrom } from '../frontend/reading.js';
import { emit, plainOptions, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';

async function emitted(target: Target, text: string): Promise<FileMap> {
  const bag = new DiagnosticBag();
  const unit = mustRead(readFrom(memoryReader(new Map([['t.wit', text]])), ['t.wit']));
  const files = await target.emit(planUnit(unit, bag), plainOptions, bag);
  expect(bag.all).toEqual([]);
  return files;
}

/** The files of a host that are about the definitions. */
function own(files: FileMap): readonly string[] {
  return [...files.keys()].filter((path) => !templateFiles.some(({ name }) => path === `${name}.ts`)).sort();
}

const both = `package t:p;
interface takes { f: func(); }
interface gives { record r { a: u8 } g: func() -> r; }
interface neither { h: func(); }
world w { import takes; export gives; export e: interface { i: func(); } }`;

describe('what a world exports', () => {
  it('has no host, but its types', async () => {
    const files = await emitted(componentHost, both);
    expect(own(files)).toEqual(['index.ts', 'kinds.ts', 'neither.ts', 'takes.ts', 'types.ts']);
    expect(files.get('types.ts')).toContain('interface R');
  });

  it('is not imported by guests', async () => {
    const files = await emitted(assemblyscriptGuest, both);
    const imports = [...files.values()].flatMap((text) => text.match(/@external\(.*\)/g) ?? []);
    expect(imports).toEqual(['@external("t:p/takes", "f")', '@external("t:p/neither", "h")']);
  });
});

describe('a dependency', () => {
  it('has a host for those of its interfaces that a world imports', async () => {
    const wit = join(projectRoot, 'test/targets/wit-corpus/ecosystem');
    const text = `package t:p;
      world w { import wasi:crypto/wasi-ephemeral-crypto-symmetric@0.11.0; }`;
    const files = await emitted(componentHost, text);
    expect(own(files)).toEqual(['common.ts', 'index.ts', 'kinds.ts', 'symmetric.ts', 'types.ts']);
    expect(own(await emit(componentHost, plannedUnit('ecosystem', wit))).length).toBeGreaterThan(5);
  });
});

describe('a resource that `include` gives another name', () => {
  const renamed = `package t:p;
    world base { resource r { constructor(); } import f: func(it: r); }
    world top { include base with { r as s } }`;

  it('is imported by that name', async () => {
    const host = await emitted(componentHost, renamed);
    expect(host.get('top.ts')).toMatch(/^ {4}s: \(\(\) => \{$/m);
    expect(host.get('base.ts')).toMatch(/^ {4}r: \(\(\) => \{$/m);
    const guest = await emitted(assemblyscriptGuest, renamed);
    const imports = (guest.get('t-p/raw/top.ts') ?? '').match(/@external\(.*\)/g);
    expect(imports).toEqual([
      '@external("$root", "[constructor]s")',
      '@external("$root", "f")',
      '@external("$root", "[resource-drop]s")',
    ]);
  });
});
