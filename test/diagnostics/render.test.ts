import { createColors } from 'picocolors';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog.js';
import { diagnostic, DiagnosticBag, type ReportOptions } from '../../generator/diagnostics/diagnostic.js';
import { inReadingOrder, plain, render, summary, toJson } from '../../generator/diagnostics/render.js';
import { SourceFile, type Span } from '../../generator/source/source.js';

/** The span of the first `«…»` in a text, which is read without these marks. */
function marked(text: string, path = 'spec.witx'): Span {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  return { file: new SourceFile(path, text.replace(/[«»]/g, '')), start, end };
}

function framed(text: string, options: ReportOptions = {}): string {
  return render(diagnostic('unknown-name', marked(text), { what: 'type', name: '$x' }, options));
}

describe('frames', () => {
  test('the place is underlined under its line', () => {
    expect(framed('(typename $a\n  (list «$x»))\n')).toBe(
      [
        'error[unknown-name]: there is no type `$x`',
        ' --> spec.witx:2:9',
        '  |',
        '2 |   (list $x))',
        '  |         ^^',
      ].join('\n'),
    );
  });

  test('hints and related places follow', () => {
    const related = [{ message: 'declared here', span: marked('\n\n\n\n\n\n\n\n\n(typename «$y» u8)', 'other.witx') }];
    expect(framed('«$x»', { hint: 'did you mean `$y`?', related }).split('\n').slice(5)).toEqual([
      'note: declared here',
      '  --> other.witx:10:11',
      '   |',
      '10 | (typename $y u8)',
      '   |           --',
      'hint: did you mean `$y`?',
    ]);
  });

  test.for([
    ['tabs', '\ta\t«$x»', '1 |     a   $x', '  |         ^^'],
    ['wide letters', ';; 鍵 «$x»', '1 | ;; 鍵 $x', '  |       ^^'],
    ['emoji', '😀«$x»', '1 | 😀$x', '  |   ^^'],
    ['combining marks', 'e\u0301«$x»', '1 | e\u0301$x', '  |  ^^'],
    ['Windows line ends', 'a «$x»\r\nb', '1 | a $x', '  |   ^^'],
    ['what terminals would act on', '\u001b[31m«$x»\u0007', '1 | \ufffd[31m$x\ufffd', '  |      ^^'],
    ['an empty place', 'a«»', '1 | a', '  |  ^'],
    ['the end of the file', 'a\n«»', '2 |', '  | ^'],
    ['several lines', 'a «(b\nc)» d', '1 | a (b', '  |   ^^'],
  ])('%s', ([, text, line, mark]) => {
    expect(
      framed(text ?? '')
        .split('\n')
        .slice(3),
    ).toEqual([line, mark]);
  });

  test('long lines are cut around the place', () => {
    const [, , , line = '', mark = ''] = framed(`${'a'.repeat(200)}«$x»${'b'.repeat(200)}`).split('\n');
    expect(line).toHaveLength(4 + 1 + 110 + 1);
    expect(line.slice(4, 6)).toBe('…a');
    expect(line.at(-1)).toBe('…');
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('$x');
  });

  test('the end of a long line', () => {
    const [, , , line = '', mark = ''] = framed(`${'a'.repeat(200)}«$x»`).split('\n');
    expect(line.endsWith('a$x')).toBe(true);
    expect(line.slice(mark.indexOf('^'))).toBe('$x');
  });
});

test('what has no place is a line', () => {
  expect(render(diagnostic('empty-spec', undefined, { path: 'a' }))).toBe(
    'error[empty-spec]: `a` defines nothing\nhint: give a `.witx` or `.wit` file, or a folder of them',
  );
});

test('colours come from outside, and take nothing away', () => {
  const found = diagnostic(
    'single-pointer',
    marked('«x»'),
    { where: 'it' },
    { hint: 'h', related: [{ message: 'm', span: marked('«y»') }] },
  );
  const coloured = render(found, createColors(true));
  expect(coloured).toContain('\u001b[33m^');
  expect(coloured).toContain('\u001b[36m-');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(render(found, plain));
  expect(render(found)).toBe(render(found, plain));
});

test('JSON has every key, in a fixed order', () => {
  const found = diagnostic(
    'single-pointer',
    marked('a\n «x»'),
    { where: 'it' },
    { related: [{ message: 'm', span: marked('«y»') }] },
  );
  expect(JSON.stringify(toJson(found))).toBe(
    '{"code":"single-pointer","severity":"warning","message":"it is a pointer without a length: bindings pass it as a bare address","hint":null,' +
      '"file":"spec.witx","start":{"line":2,"column":2,"offset":3},"end":{"line":2,"column":3,"offset":4},' +
      '"related":[{"message":"m","file":"spec.witx","start":{"line":1,"column":1,"offset":0},"end":{"line":1,"column":2,"offset":1}}]}',
  );
  expect(JSON.stringify(toJson(diagnostic('empty-spec', undefined, { path: 'a' }, { hint: 'h' })))).toBe(
    '{"code":"empty-spec","severity":"error","message":"`a` defines nothing","hint":"h","file":null,"start":null,"end":null,"related":[]}',
  );
});

test('a summary counts', () => {
  const bag = new DiagnosticBag();
  expect(summary(bag.all)).toBe('');
  bag.report('single-pointer', undefined, { where: 'it' });
  expect([summary(bag.all), bag.hasErrors]).toEqual(['1 warning', false]);
  bag.report('empty-spec', undefined, { path: 'a' });
  bag.report('empty-spec', undefined, { path: 'b' });
  expect([summary(bag.all), bag.hasErrors]).toEqual(['2 errors, 1 warning', true]);
});

test('findings are sorted by file and place, those without a place first', () => {
  const file = new SourceFile('b', 'xyz');
  const other = new SourceFile('a', 'xyz');
  const at = (in_: SourceFile, start: number): Span => ({ file: in_, start, end: start + 1 });
  const found = [at(file, 2), at(other, 1), undefined, at(file, 0), at(other, 0)].map((span) =>
    diagnostic('unterminated-string', span, {}),
  );
  expect(inReadingOrder(found).map(({ span }) => `${span?.file.path ?? ''}${span?.start ?? ''}`)).toEqual([
    '',
    'b0',
    'b2',
    'a0',
    'a1',
  ]);
});

test('codes are in kebab case, and messages end without a full stop', () => {
  expect(Object.keys(catalog).filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toEqual([]);
  expect(Object.values(catalog).filter((entry) => 'hint' in entry && /[.!]$/.test(entry.hint ?? ''))).toEqual([]);
});
