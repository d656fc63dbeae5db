import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeFunctions } from '../../../generator/abi/describe.js';
import { shippedDefinitions } from '../../../generator/shipped.js';
import { html } from '../../../generator/targets/html/index.js';
import { emit, plannedUnit } from '../../generated.js';
import { projectRoot } from '../../shared.js';
import { plannedText } from '../definitions.js';
import { deadLinks } from '../links.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

describe('html output, as recorded', () => {
  it.each([
    ['witx', '../../abi/cases/everything.witx', ['everything.html', 'index.html']],
    [
      'wit',
      '../../abi/canonical/everything.wit',
      [
        'calls.html',
        'exported-only.html',
        'index.html',
        'inside.html',
        'resources.html',
        'types.html',
        'world-everything.html',
      ],
    ],
  ])('has one of everything in %s', async (name, entry, pages) => {
    const files = await emit(html, plannedUnit('everything', here(entry)));
    expect([...files.keys()].filter((path) => path.endsWith('.html')).sort()).toEqual(pages);
    // The others are templates, below a banner.
    for (const [path, text] of files)
      if (/\.html$|index\.js$/.test(path)) await expect(text).toMatchFileSnapshot(here(`cases/${name}/${path}`));
  });
});

describe('html of the shipped definitions', () => {
  it.each(shippedDefinitions())('%s has every function with its core signature, and no dead link', async (name) => {
    const planned = plannedUnit(name, `${projectRoot}witx/${name}`);
    const files = await emit(html, planned);
    expect(deadLinks(files)).toEqual([]);
    const text = [...files.values()].join('\n');
    for (const { name: wire, core } of describeFunctions(planned)) {
      if (core === null) continue;
      const params = core.params.length === 0 ? '' : ` (param ${core.params.map(({ type }) => type).join(' ')})`;
      expect(text).toContain(`&quot;${wire}&quot; (func${params}`);
    }
    for (const [path, page] of files) if (path.endsWith('.html')) expect(unbalanced(page), path).toEqual([]);
  });

  it('loads nothing from elsewhere, runs nothing that stands in a page, and is whole without scripts', async () => {
    const files = await emit(html, plannedUnit('0.10', `${projectRoot}witx/0.10`));
    const page = files.get('wasi-ephemeral-crypto-symmetric.html') ?? '';
    expect([...page.matchAll(/<(?:script|link|img|iframe)\b[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<link rel="icon" href="data:," />',
      '<link rel="stylesheet" href="style.css" />',
      '<script src="search-index.js" defer>',
      '<script src="search.js" defer>',
    ]);
    expect(page).not.toMatch(/ (?:style|on\w+)="/);
    expect(page).toContain('<h3 id="symmetric_state_squeeze">');
    expect(page).toContain('<form role="search" data-root="" hidden>');
  });

  it('finds functions of both dialects by their names', async () => {
    const files = await emit(html, plannedUnit('0.11', `${projectRoot}witx/0.11/`));
    expect(files.get('search-index.js')).toContain(
      '["symmetric-state-squeeze","function · wasi:crypto@0.11.0 · wasi-ephemeral-crypto-symmetric",' +
        '"wasi-ephemeral-crypto-symmetric.html#symmetric-state-squeeze",',
    );
  });
});

describe('html of hostile comments', () => {
  const hostile = [
    '<script>alert("text")</script> & \'quotes\' "and more" <!-- --> </main>',
    '',
    '![an image <script>alert(2)</script>](https://elsewhere.example/pixel.png) [a link](javascript:alert) <img src=x onerror=alert(1)>',
    '',
    '# A heading | with a bar',
    '',
    '| a "title" |',
    '| ---: |',
    '| a cell |',
    '',
    '[one]: https://elsewhere.example/',
    '',
    '```',
    'a fence that never ends </code></pre>',
  ];

  it.each([
    [
      'witx',
      ';;;',
      (docs: string) => `(module $odd\n${docs}\n(@interface func (export "one"))\n(@interface func (export "two")))`,
    ],
    ['wit', '///', (docs: string) => `package a:b;\n${docs}\ninterface odd {\n${docs}\none: func();\ntwo: func();\n}`],
  ])('shows them as text and goes on after them, in %s', async (dialect, mark, definition) => {
    const text = definition(hostile.map((line) => `${mark} ${line}`.trimEnd()).join('\n'));
    const header = 'ours --> */ <script>';
    const files = await emit(html, plannedText(`odd.${dialect}`, text), { header });
    const page = files.get('odd.html') ?? '';
    const body = page.slice(page.indexOf('-->'));
    expect(body.match(/<script\b[^>]*>/g)).toHaveLength(2);
    expect(body).toContain('&lt;script&gt;alert(&quot;text&quot;)&lt;/script&gt; &amp; ');
    expect(body).not.toMatch(/<img|href="(?:javascript|https?):/);
    expect(body).toContain('<td data-label="a &quot;title&quot;">a cell</td>');
    expect(body).toContain('a fence that never ends &lt;/code&gt;&lt;/pre&gt;');
    expect(body).toMatch(/<h[2-5]>A heading \| with a bar<\/h[2-5]>/);
    expect(body).toContain('<h3 id="two"><a href="#two"><code>two</code></a></h3>');
    for (const [path, each] of files) if (path.endsWith('.html')) expect(unbalanced(each), path).toEqual([]);
    const style = files.get('style.css') ?? '';
    expect(style.slice(0, style.indexOf('*/'))).toContain('Do not edit');
  });
});

const empty = new Set(['meta', 'link', 'input', 'br', 'hr', 'wbr']);

/** Tags that close nothing, or are never closed. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = ''] of page.replace(/<!--.*?-->/gs, '').matchAll(/<(\/?)([a-z]\w*)\b[^>]*>/g)) {
    if (close === '/') {
      if (open.at(-1) === name) open.pop();
      else wrong.push(`</${name}>`);
    } else if (!empty.has(name)) open.push(name);
  }
  return [...wrong, ...open];
}
