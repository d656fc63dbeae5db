import fc from 'fast-check';
import { expect, it } from 'vitest';
import { proseWriter } from '../../../generator/targets/html/prose.js';

const pieces = [
  ...[
    '<script>',
    '</script>',
    '<img src=x onerror=y>',
    '</main>',
    '<!--',
    '-->',
    '<http://a.b/"onx=">',
    '<javascript:x>',
  ],
  ...['`', '```\n', '~~~ a"b<c>\n', '[', ']', '(', ')', '![', '](', '[r]', '[r]: javascript:x\n', '[r]: <a"b> "t\'"\n'],
  ...[
    'javascript:x',
    'data:text/html,<b>',
    'https://x.y',
    ' "ti<t>le"',
    '&lt;',
    '&#60;',
    '&#x22;',
    '"',
    "'",
    '\\',
    'a',
  ],
  ...[
    '\n',
    '\n\n',
    '- ',
    '1. ',
    '> ',
    '# ',
    '| ',
    '|\n| --- |\n',
    '|\n| :-: |\n',
    '*',
    '**',
    '_',
    '    ',
    '===\n',
    '---\n',
  ],
];

/** All that Markdown may become. */
const tags = new RegExp(
  `^<(?:${[
    '/?(?:p|em|strong|ul|li|h[1-6]|blockquote|table|thead|tbody|tr)',
    '/(?:code|pre|ol|a|th|td)',
    'br|hr|pre|th scope="col"|ol(?: start="\\d+")?',
    'code(?: class="language-[^"<>]*")?',
    'a href="[^"<>]*"(?: title="[^"<>]*")?',
    'td data-label="[^"<>]*"',
  ].join('|')})>$`,
);

it('becomes no tag but those of Markdown, and no link that runs something, whatever is written', async () => {
  const prose = await proseWriter();
  const texts = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 14 }).map((each) => each.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      for (const { text: made } of [prose.blocks(text, 3), prose.inline(text)]) {
        for (const [tag] of made.matchAll(/<[^>]*>?/g)) expect(tag).toMatch(tags);
        expect(made).not.toMatch(/href="\s*(?:javascript|data|vbscript):/i);
      }
    }),
    { seed: 17, numRuns: 5000 },
  );
});
