/** Which imports of a compiled guest its world has. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findForeignImports } from '../../generator/components/guest-imports.js';
import { diskReader } from '../../generator/source/disk.js';
import { mustRead, readFrom } from '../frontend/reading.js';
import { projectRoot } from '../shared.js';
import { jco } from './component.js';

const unit = mustRead(readFrom(diskReader, [join(projectRoot, 'test/targets/wit-corpus/worlds.wit')]));

async function foreign(
  worldName: string,
  imports: readonly (readonly [module: string, name: string])[],
): Promise<readonly (readonly [string, string | undefined])[]> {
  const world = unit.packages.flatMap((each) => each.worlds ?? []).find((each) => each.name.wire === worldName);
  if (world === undefined) throw new Error(`there is no world ${worldName}`);
  const wasm = await jco.parse(
    `(module ${imports.map(([module, name]) => `(import "${module}" "${name}" (func))`).join(' ')})`,
  );
  return findForeignImports(Uint8Array.from(wasm), world, 'guest.ts').map(({ message, hint }) => [message, hint]);
}

it('functions and resources of the world itself, and of interfaces under its own names for them, are there', async () => {
  expect(
    await foreign('base', [
      ['$root', 'log'],
      ['$root', '[constructor]session'],
      ['$root', '[method]session.run'],
      ['$root', '[resource-drop]session'],
      ['part', 'f'],
    ]),
  ).toEqual([]);
  expect(
    await foreign('both', [
      ['$root', 'base-log'],
      ['$root', 'log'],
      ['$root', '[static]session.attach'],
      ['base-part', 'f'],
      ['primary', '[method]bucket.get'],
    ]),
  ).toEqual([]);
});

it('others are told, with what may have been meant', async () => {
  expect(
    await foreign('base', [
      ['$root', '[method]session.runs'],
      ['$root', 'logs'],
      ['base-part', 'f'],
    ]),
  ).toEqual([
    [
      '`guest.ts` imports `[method]session.runs` from `$root`, which has no such function',
      'did you mean `[method]session.run`?',
    ],
    ['`guest.ts` imports `logs` from `$root`, which has no such function', 'did you mean `log`?'],
    ['`guest.ts` imports `f` from `base-part`, which world `base` does not import', expect.any(String)],
  ]);
});
