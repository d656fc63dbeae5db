import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeFunctions } from '../../../generator/abi/describe.js';
import { shippedDefinitions } from '../../../generator/shipped.js';
import { markdown } from '../../../generator/targets/markdown/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { projectRoot } from '../../shared.js';
import { plannedText } from '../definitions.js';
import { deadLinks } from '../links.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('markdown output, as recorded', () => {
  it.each([
    ['witx', '../../abi/cases/everything.witx', ['README.md', 'everything.md']],
    [
      'wit',
      '../../abi/canonical/everything.wit',
      ['README.md', 'calls.md', 'exported-only.md', 'inside.md', 'resources.md', 'types.md', 'world-everything.md'],
    ],
  ])('has one of everything in %s', async (name, entry, pages) => {
    const files = await emit(markdown, plannedUnit('everything', here(entry)));
    expect([...files.keys()].sort()).toEqual(pages);
    for (const [path, text] of files) await expect(text).toMatchFileSnapshot(here(`cases/${name}/${path}`));
  });
});

describe('markdown of the shipped definitions', () => {
  it.each(shippedDefinitions())('%s has every function with its core signature, and no dead link', async (name) => {
    const planned = plannedUnit(name, `${projectRoot}witx/${name}`);
    const files = await emit(markdown, planned);
    expect(deadLinks(files)).toEqual([]);
    const text = [...files.values()].join('\n');
    for (const { name: wire, core } of describeFunctions(planned)) {
      if (core === null) continue;
      const params = core.params.length === 0 ? '' : ` (param ${core.params.map(({ type }) => type).join(' ')})`;
      expect(text).toContain(`"${wire}" (func${params}`);
    }
  });

  it('marks what 0.9 misspells, and says what is meant in the other dialect', async () => {
    const files = await emit(markdown, plannedUnit('0.9', `${projectRoot}witx/0.9`));
    expect(files.get('wasi-ephemeral-crypto-exernal-secrets.md')).toContain(
      'in WIT `wasi-ephemeral-crypto-external-secrets`\n\n' +
        '> `wasi_ephemeral_crypto_exernal_secrets` is how revision 0.9 spells `wasi_ephemeral_crypto_external_secrets`.',
    );
  });
});

describe('markdown of comments', () => {
  it('keeps headings of comments below those of the page, and the banner closed', async () => {
    const text = `;;; # Title
;;;
;;; Second
;;; ------
;;;
;;; \`\`\`
;;; # no heading
;;; \`\`\`
(module $odd
  ;;; ### Deep
  (@interface func (export "odd_one"))
)
`;
    const files = await emit(markdown, plannedText('odd.witx', text), { header: 'ours --> and on' });
    const page = files.get('odd.md') ?? '';
    expect(page.slice(0, page.indexOf('-->'))).toContain('Do not edit');
    expect(page.match(/^#+ .*$/gm)).toEqual([
      '# `odd`',
      '## Title',
      '### Second',
      '# no heading',
      '## Functions',
      '### `odd_one`',
      '###### Deep',
    ]);
  });

  it('finds lists of errors however they are written, and leaves other text alone', async () => {
    const text = `package a:b;
interface i {
  enum e { ok, bad, worse, }
  /// Do one thing.
  ///
  /// Errors of a kind, and:
  /// - \`bad\`, \`worse\`: it went
  ///   wrong.
  ///
  /// And on.
  one: func() -> result<u8, e>;
  /// Errors: there are none.
  ///
  /// - \`bad\`
  two: func() -> result<_, e>;
}
`;
    const page = (await emit(markdown, plannedText('a.wit', text))).get('i.md') ?? '';
    const [, one = '', two = ''] = page.split(/### `(?:one|two)`\n\n/);
    expect(one).toContain(
      'Do one thing.\n\nAnd on.\n\nReturns `u8`, written to `result`; fails with [`e`](#e).\n\n' +
        'Errors of a kind, and:\n\n- `bad`, `worse`: it went\n  wrong.\n\n```wat\n(import "a:b/i" "one" (func (param i32)))',
    );
    expect(two).toContain('Errors: there are none.\n\n- `bad`\n\nFails with [`e`](#e).');
  });

  it('gives interfaces of one name in several packages a page each', async () => {
    const text = `package a:b;
interface types { type t = u8; }
package c:d { interface types { type t = u16; } }
world w { import types; import c:d/types; }
`;
    const files = await emit(markdown, plannedText('a.wit', text));
    expect([...files.keys()].sort()).toEqual(['README.md', 'a-b-types.md', 'c-d-types.md', 'world-w.md']);
    expect(deadLinks(files)).toEqual([]);
  });
});
