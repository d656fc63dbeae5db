/** The targets for WIT take any WIT: whatever the front end accepts becomes bindings that their compilers accept. */
import { describe, expect, it } from 'vitest';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { planUnit } from '../../generator/generate.js';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { templateFiles } from '../../generator/targets/component-host/templates.js';
import type { Target } from '../../generator/targets/target.js';
import { plainOptions, typeErrors } from '../generated.js';
import { compileEntry } from './assemblyscript-guest/asc.js';
import { corpus, type Text } from './wit-corpus/corpus.js';
import { everyGuest } from './wit-corpus/every-guest.js';

const texts = corpus();

/** What documentation says that targets cannot express, or choose themselves: all of them warnings. */
const inexpressible = ['guessed-errno', 'no-component-abi', 'no-component-type', 'no-guest-export', 'no-guest-recipes'];

async function emitAll(target: Target, all: readonly Text[]): Promise<readonly ReadonlyMap<string, string>[]> {
  const emitted: ReadonlyMap<string, string>[] = [];
  const unexpected: string[] = [];
  for (const { title, unit } of all) {
    const bag = new DiagnosticBag();
    emitted.push(await target.emit(planUnit(unit, bag), plainOptions, bag));
    unexpected.push(
      ...bag.all
        .filter((each) => each.severity === 'error' || !inexpressible.includes(each.code))
        .map((each) => `${title}: ${each.message}`),
    );
  }
  expect(unexpected).toEqual([]);
  return emitted;
}

/** Names the text in place of its number. */
function titled(message: string): string {
  return message.replace(/\bu(\d+)\//g, (_, number: string) => `${texts[Number(number)]?.title ?? ''}: `);
}

describe('every text', () => {
  it('becomes host bindings that are clean under the strictest options of TypeScript', async () => {
    const emitted = await emitAll(componentHost, texts);
    const isTemplate = (path: string): boolean => templateFiles.some(({ name }) => path === `${name}.ts`);
    // Templates are the same for all: once is enough.
    const textOf = (index: number, path: string, text: string): string =>
      index > 0 && isTemplate(path) ? `export * from '../u0/${path.replace('.ts', '.js')}';\n` : text;
    const files = new Map(
      emitted.flatMap((own, index) =>
        [...own].map(([path, text]) => [`u${index}/${path}`, textOf(index, path, text)] as const),
      ),
    );
    expect(typeErrors(files).map(titled)).toEqual([]);
  });

  it('becomes guest bindings whose every function compiles', async () => {
    const files = everyGuest(await emitAll(assemblyscriptGuest, texts));
    const { messages, wasm } = await compileEntry('entry.ts', files, ['--use', 'abort=']);
    expect(titled(messages)).toBe('');
    expect(WebAssembly.Module.imports(await WebAssembly.compile(wasm)).length).toBeGreaterThan(500);
  });
});
