import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cGuest } from '../../../generator/targets/c-guest/index.js';
import { CNames, Members } from '../../../generator/targets/c-guest/names.js';
import { emit, plannedUnit } from '../../generated.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('c-guest output, as recorded', () => {
  it('has one of everything', async () => {
    const files = await emit(cGuest, plannedUnit('everything', here('../../abi/cases/everything.witx')));
    expect([...files.keys()]).toEqual(['everything.h']);
    await expect(files.get('everything.h')).toMatchFileSnapshot(here('cases/everything/everything.h'));
  });

  it('has names for everything a definition may call its things', async () => {
    const files = await emit(cGuest, plannedUnit('names', here('../typescript-host/cases/names.witx')));
    await expect(files.get('index.h')).toMatchFileSnapshot(here('cases/names/index.h'));
  });

  it('says what is left out because the ABI cannot express it, and where upstream misspelt a name', async () => {
    const [newest, oldest] = await Promise.all(
      ['0.10', '0.9'].map((name) => emit(cGuest, plannedUnit(name, here(`../../../witx/${name}`)))),
    );
    expect(newest?.get('wasi_crypto.h')).toContain(
      '// `batch_symmetric_state_squeeze` has no preview 1 ABI: it returns a list',
    );
    expect(oldest?.get('wasi_crypto.h')).toContain('is how revision 0.9 spells');
  });
});

describe('names of the header', () => {
  const names = new CNames('wasi-crypto');

  it('say once what the package and the definition share', () => {
    expect(names.type(['crypto', 'errno'])).toBe('wasi_crypto_errno_t');
    expect(names.func(['wasi', 'crypto', 'open'])).toBe('wasi_crypto_open');
    expect(names.func(['crypto'])).toBe('wasi_crypto_crypto');
  });

  it('are given out once, those of its own macros included', () => {
    expect([names.func(['close']), names.func(['close'])]).toEqual(['wasi_crypto_close', 'wasi_crypto_close2']);
    expect(names.constant([], ['import'])).toBe('WASI_CRYPTO_IMPORT2');
  });

  it('are no words of C or C++, and begin with a letter', () => {
    const members = new Members();
    expect(['new', 'errno', '2nd', 'a-b', 'a_b'].map((each) => members.declare(each))).toEqual([
      'new_',
      'errno_',
      '_2nd',
      'a_b',
      'a_b2',
    ]);
    expect(new CNames('2nd').file).toBe('bindings_2nd.h');
  });
});
