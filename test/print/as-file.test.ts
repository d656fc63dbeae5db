import { describe, expect, it } from 'vitest';
import { AsFile, blank, block, comment, docs, listing, spaced, type Code } from '../../generator/print/as-file.js';
import { relative } from '../../generator/print/relative.js';

function printed(code: Code): string {
  const file = new AsFile('file', []);
  file.add(code);
  return file.print();
}

describe('AssemblyScript files', () => {
  it('are indented as they are nested', () => {
    const code = block(
      'export class A',
      spaced([block('a(): void', ['b();', block('if (c)', 'd();')]), block('e(): void', [])]),
    );
    expect(printed(code)).toBe(
      'export class A {\n  a(): void {\n    b();\n    if (c) {\n      d();\n    }\n  }\n\n  e(): void {}\n}\n',
    );
  });

  it('leave out what is absent, with its empty line', () => {
    expect(printed(spaced(['a', undefined, false, [], docs('  '), 'b']))).toBe('a\n\nb\n');
    expect(printed(['a', blank, 'b'])).toBe('a\n\nb\n');
  });

  it('break lists that do not fit', () => {
    const long = ['x'.repeat(60), 'y'.repeat(60)];
    expect(printed(listing('f(', ['a', 'b'], ');'))).toBe('f(a, b);\n');
    expect(printed(listing('f(', long, ');'))).toBe(`f(\n  ${long[0]},\n  ${long[1]},\n);\n`);
    expect(printed(block(listing('f(', long, '): void'), 'g();'))).toBe(
      `f(\n  ${long[0]},\n  ${long[1]},\n): void {\n  g();\n}\n`,
    );
  });

  it('have docs that nothing ends but their own end', () => {
    expect(printed([docs('One line.'), 'a'])).toBe('/** One line. */\na\n');
    expect(printed([docs('Two\r\n\r\nlines. '), 'a'])).toBe('/**\n * Two\n *\n * lines.\n */\na\n');
    expect(printed([docs('*/ alert(1) /*'), 'a'])).toBe('/** *\\/ alert(1) /\\* */\na\n');
    expect(comment('a\n\nb')).toEqual(['// a', '//', '// b']);
  });

  it('import by package, if they are told to, from wherever they stand', () => {
    const file = new AsFile('worlds/one', [], 'package');
    file.use({ name: 'Key', from: 'a-b/classes/key' });
    expect(file.print()).toBe('import { Key } from "a-b/classes/key";\n');
  });

  it('import what they use, once and sorted, below the banner', () => {
    const file = new AsFile('classes/key', ['Generated.', '', 'Do not edit.']);
    file.claim('Key');
    const used = [
      file.use({ name: 'Out', from: 'result' }),
      file.use({ name: 'Out', from: 'result' }),
      file.use({ name: 'Errno', from: 'types' }),
      file.use({ name: 'State', from: 'classes/state' }),
      file.use({ name: 'Key', from: 'classes/key' }),
      file.use({ name: 'expect', from: 'result' }),
    ];
    file.add(`// ${used.join(' ')}`);
    file.add('export class Key {}');
    expect(file.print()).toBe(
      '// Generated.\n//\n// Do not edit.\n\nimport { Out, expect } from "../result";\nimport { Errno } from "../types";\nimport { State } from "./state";\n\n// Out Out Errno State Key expect\n\nexport class Key {}\n',
    );
  });

  it('rename imports whose names are taken', () => {
    const file = new AsFile('functions', []);
    file.claim('now');
    const used = ['raw/clock', 'raw/other'].map((from) => file.use({ name: 'now', from }, 'raw_now'));
    file.add(used.join(' '));
    expect(file.print()).toBe(
      'import { now as raw_now } from "./raw/clock";\nimport { now as raw_now2 } from "./raw/other";\n\nraw_now raw_now2\n',
    );
    expect(() => file.claim('now')).toThrow('the name now is declared twice');
  });

  it('rename imports that a local of the same function would hide, and no others', () => {
    const file = new AsFile('classes/key', []);
    const [value, Buffer] = ['value', 'Buffer'].map((name) => file.use({ name, from: 'types' }));
    file.add(
      block('class Key', [
        block('set(value: u32): void', `this.put(${value}(value));`),
        block(listing('copy<Buffer>(', ['to: Buffer', `from: ${Buffer}`], '): void'), 'value();'),
      ]),
    );
    expect(file.print()).toContain('import { Buffer as Buffer2, value as value2 } from "../types";');
    expect(file.print()).toContain('copy<Buffer>(to: Buffer, from: Buffer2): void');
    const other = new AsFile('classes/key', []);
    const used = other.use({ name: 'value', from: 'types' });
    other.add([block('a(value: u32): void', 'b(value);'), block('value(): void', `${used}(1);`)]);
    expect(other.print()).toContain('import { value } from "../types";');
  });

  it('break imports that do not fit', () => {
    const file = new AsFile('a', []);
    const names = ['x', 'y'].map((letter) => letter.repeat(60));
    for (const name of names) file.use({ name, from: 'b' });
    expect(file.print()).toBe(`import {\n  ${names[0]},\n  ${names[1]},\n} from "./b";\n`);
  });

  it.each([
    ['a', 'b', './b'],
    ['a', 'c/b', './c/b'],
    ['c/a', 'b', '../b'],
    ['c/a', 'c/b', './b'],
    ['c/a', 'd/b', '../d/b'],
    ['c/d/a', 'c/b', '../b'],
  ])('from %s import %s as %s', (from, to, specifier) => {
    expect(relative(from, to)).toBe(specifier);
  });
});
