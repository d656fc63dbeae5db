/**
 * Small texts, with what has to become of them: `snippets/accepted.txt` and `snippets/refused.txt`.
 * `=== title` begins a file, `--- title` what stands in an interface that a world imports. Features
 * are on, but for those with a list of their own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../shared.js';

export interface Snippet {
  readonly title: string;
  readonly text: string;
  readonly features: readonly string[] | 'all';
}

function snippet(block: string): Snippet {
  const [, mark = '', title = '', list, body = ''] =
    /^(===|---) (.*?)(?: \[features: (.*)\])?\n(.*)$/s.exec(block) ?? [];
  const text = mark === '===' ? body : `package a:b; interface i { ${body.trim()} } world w { import i; }\n`;
  return { title, text, features: list === undefined ? 'all' : list === 'none' ? [] : list.split(', ') };
}

export function snippets(name: 'accepted' | 'refused'): readonly Snippet[] {
  const text = readFileSync(join(projectRoot, 'test/frontend/wit/snippets', `${name}.txt`), 'utf8');
  return text.split(/^(?=(?:===|---) )/m).map(snippet);
}

/** Characters that editors hide or change. */
export const accepted: readonly Snippet[] = [
  ['windows line ends', 'package a:b;\r\nworld w {\r\n}'],
  ['a byte order mark at the beginning', '\ufeffpackage a:b; world w {}'],
  [
    'letters of other scripts in comments',
    'package a:b; // \u00e9 \u4e2d \ud83d\ude00 \u200b \u2028 \ufeff\n world w {}',
  ],
].map(([title = '', text = '']) => ({ title, text, features: 'all' }));

export const refused: readonly Snippet[] = [
  ['a carriage return alone', 'package a:b;\rworld w {\r}'],
  ['a byte order mark in the middle', 'package a:b;\ufeff world w {}'],
  ['a form feed', 'package a:b;\f world w {}'],
  ['a null', 'package a:b;\0 world w {}'],
  ['a null in a comment', 'package a:b; // \0\n world w {}'],
  ['a bidirectional override in a comment', 'package a:b; // \u202e\n world w {}'],
  ['a deprecated letter in a comment', 'package a:b; // \u0149\n world w {}'],
  ['a space that does not break', 'package a:b;\u00a0 world w {}'],
  ['a control code in a comment', 'package a:b; // \u0001\n world w {}'],
  ['a delete code in a comment', 'package a:b; // \u007f\n world w {}'],
  ['a letter beyond ASCII in a name', 'package a:b; world w { import \u00e9: func(); }'],
].map(([title = '', text = '']) => ({ title, text, features: 'all' }));
