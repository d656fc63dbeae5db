import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PlannedUnit } from '../../generator/abi/plan.js';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../generator/generate.js';
import { diskReader } from '../../generator/source/disk.js';
import { targets } from '../../generator/targets/index.js';
import { it, wasiCryptoGen } from '../cli/command-line.js';
import { mustRead, readFrom } from '../frontend/reading.js';
import { emit, plannedUnit } from '../generated.js';
import { describeWithShared, shared } from '../shared.js';
import { compilerOf } from './compilers.js';
import { revisions, type Revision } from '../revisions.js';

/** Code without its comments: what two sets of definitions that differ in docs alone have in common. */
function code(text: string): readonly string[] {
  const lines = text
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .split('\n');
  return lines.filter((line) => line.trim() !== '');
}

/** With modules by their names: upstream keeps the batch interfaces of 0.11 apart, so they are read last. */
function ordered({ unit, ...planned }: PlannedUnit): PlannedUnit {
  const packages = unit.packages.map((each) => ({
    ...each,
    modules: each.modules.toSorted((left, right) => left.name.wire.localeCompare(right.name.wire)),
  }));
  return { ...planned, unit: { ...unit, packages } };
}

/** Where upstream's files of a revision are: in WIT, its batch interfaces have a folder of their own. */
function foldersOf({ dialect, revision }: Revision): readonly string[] {
  const folder = `spec/${dialect}-${revision}`;
  return [folder, `${folder}/batch`].filter((each) => existsSync(shared(each)));
}

function upstream(label: string, folders: readonly string[]): PlannedUnit {
  return planUnit(mustRead(readFrom(diskReader, folders.map(shared), { label })), new DiagnosticBag());
}

describeWithShared("upstream's own files", () => {
  // A revision of our own making has none.
  const theirs = revisions.filter((each) => foldersOf(each).length > 0);
  const cases = theirs.flatMap((each) =>
    targets
      .filter((target) => target.dialects.includes(each.dialect))
      .map((target) => [each.revision, target.id, target, each] as const),
  );

  it.for(cases)('of %s give the same %s code as ours', async ([revision, , target, each]) => {
    const theirs = await emit(target, ordered(upstream(revision, foldersOf(each))));
    const ours = await emit(target, ordered(plannedUnit(revision, each.path)));
    expect([...theirs.keys()].toSorted()).toEqual([...ours.keys()].toSorted());
    // Documentation is the docs themselves, which differ.
    if (compilerOf(target) === 'none') return;
    for (const [path, text] of theirs) expect(code(text), path).toEqual(code(ours.get(path) ?? ''));
  });

  it('of 0.11 are generated from by the command', async ({ folder }) => {
    const made = await wasiCryptoGen(['generate', '--spec', shared('spec/wit-0.11'), '--out', 'bindings'], {
      cwd: folder,
    });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const symmetric = await readFile(join(folder, 'bindings/component-host/symmetric.ts'), 'utf8');
    expect(symmetric).toContain("symmetricStateAbsorb(state: K['symmetricState'], data: Uint8Array): void;");
  });
});
