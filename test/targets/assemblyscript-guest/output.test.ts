import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../../generator/targets/assemblyscript-guest/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { describeWithShared, shared } from '../../shared.js';
import { compile, runtimes } from './asc.js';
import { everyCall } from './every-call.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const everything = here('../../abi/cases/everything.witx');
const names = here('../typescript-host/cases/names.witx');
const odd = here('../typescript-host/cases/odd.witx');

async function messagesFor(label: string, entry: string, options: readonly string[]): Promise<string> {
  const planned = plannedUnit(label, entry);
  const files = await emit(assemblyscriptGuest, planned);
  return (await compile(files, everyCall(planned, files), options)).messages;
}

describe('assemblyscript-guest output', () => {
  for (const runtime of runtimes) {
    it.each([
      ['wasi-crypto 0.10', here('../../../witx/0.10')],
      ['wasi-crypto 0.9', here('../../../witx/0.9')],
      ['one of everything', everything],
      ['definitions with names that mean something in AssemblyScript', names],
      ['definitions with docs that try to end comments', odd],
    ])(`of %s compiles without a word from asc under the ${runtime} runtime`, async (label, entry) => {
      expect(await messagesFor(label, entry, ['--runtime', runtime])).toBe('');
    });
  }
});

describeWithShared('assemblyscript-guest output of WASI preview 1', () => {
  it.each(runtimes)('compiles without a word from asc under the %s runtime', async (runtime) => {
    expect(await messagesFor('preview1', shared('spec/witx-preview1'), ['--runtime', runtime])).toBe('');
  });
});
