/** What holds for every target of the registry, whatever it makes. */
import { describe, expect, it } from 'vitest';
import { isInside } from '../../generator/project/manifest.js';
import { shippedDefinitions } from '../../generator/shipped.js';
import { findSpec } from '../../generator/project/spec.js';
import type { FileMap, Target } from '../../generator/targets/target.js';
import { emit, plannedUnit, typeErrors } from '../generated.js';
import { projectRoot } from '../shared.js';
import { compilerOf } from './compilers.js';

/** A target with all shipped definitions that it takes, as it is first made, and anew. */
function cases(among: readonly Target[]) {
  return among.flatMap((target) =>
    shippedDefinitions()
      .filter((revision) => target.dialects.includes(findSpec(revision).dialect))
      .map((revision) => {
        const make = (header?: string) =>
          emit(target, plannedUnit(revision, `${projectRoot}witx/${revision}`), { header });
        let made: Promise<FileMap> | undefined;
        return [target.id, revision, () => (made ??= make()), make, compilerOf(target)] as const;
      }),
  );
}

export function testEveryTarget(among: readonly Target[]): void {
  describe.each(cases(among))('%s of %s', (_id, _revision, made, make, compiler) => {
    it('has paths that stay in its folder, lines that end alike, and says in each file what made it', async () => {
      expect((await made()).size).toBeGreaterThan(0);
      for (const [path, text] of await made()) {
        expect(isInside(path), path).toBe(true);
        expect(text, path).toMatch(/^[^\r]*[^\s]\n$/);
        expect(text.slice(0, 400), path).toContain('wasi-crypto-gen');
      }
    });

    if (compiler === 'tsc')
      it('compiles under the strictest options of TypeScript', async () => {
        const files = [...(await made())].filter(([path]) => path.endsWith('.ts'));
        expect(typeErrors(new Map(files))).toEqual([]);
      });

    it('is the same each time, below the header of the user', async () => {
      const header = 'Copyright of somebody';
      const anew = await make(header);
      expect([...anew.keys()]).toEqual([...(await made()).keys()]);
      for (const [path, text] of await made()) {
        const [top, rest] = parted(anew.get(path) ?? '', header);
        expect(top, path).toMatch(/^\W*$/);
        expect(text.endsWith(rest), path).toBe(true);
      }
    });
  });
}

/** What stands before a header, and the text from the second line after it: the first is empty but for comment marks. */
function parted(text: string, header: string): readonly [string, string] {
  const at = text.indexOf(header);
  if (at === -1) throw new Error(`the header is missing: ${text.slice(0, 80)}`);
  return [text.slice(0, at), text.slice(at + header.length).replace(/^\n[^\n]*\n/, '')];
}
