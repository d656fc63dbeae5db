/**
 * Every name that is taken somewhere: words of both languages, globals, what templates export, and whatever stands
 * in emitted code, from parameters to the exports of a guest. Read from the real things, so that a new one is here at once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { reservedGlobals } from '../../../generator/targets/assemblyscript-guest/reserved.js';
import { reserved as wordsOfC } from '../../../generator/targets/c-guest/names.js';
import { projectRoot } from '../../shared.js';
import { macros } from '../../targets/c-guest/clang.js';

/** Names that mean something to every object, or differ from others in case or digits only. */
const peculiar = [
  'then',
  'constructor',
  '__proto__',
  '__define_getter__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'arguments',
  'eval',
  'a-1-b',
  'a1-b',
  'a-1',
  'a1',
  'x-y',
  'xy',
];

/** What is written in each language, other than by definitions: templates, and one of everything as recorded. */
const folders = {
  hosts: [
    'templates/typescript-host',
    'templates/component-host',
    'test/targets/typescript-host/cases/everything',
    'test/targets/component-host/cases/everything',
  ],
  guests: ['templates/assemblyscript-guest', 'test/targets/assemblyscript-guest/cases/everything'],
  headers: ['test/targets/c-guest/cases/everything'],
};

/** All names taken in the language of hosts, in that of guests or in C, in lower case with hyphens, each once. */
export function reservedWords(of: keyof typeof folders): readonly string[] {
  const found = new Set(peculiar);
  for (let kind = ts.SyntaxKind.FirstKeyword; kind <= ts.SyntaxKind.LastKeyword; kind += 1)
    found.add(ts.tokenToString(kind) ?? '');
  for (const each of [globalThis, Object.prototype, Function.prototype])
    for (const name of Object.getOwnPropertyNames(each)) found.add(name);
  if (of === 'guests') for (const name of reservedGlobals) found.add(name);
  if (of === 'headers') for (const name of [...wordsOfC, ...macros()]) found.add(name);
  for (const folder of folders[of])
    for (const path of readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }))
      if (/\.(ts|h)$/.test(path)) identifiers(readFileSync(join(projectRoot, folder, path), 'utf8'), found);
  return [...new Set([...found].flatMap(written))].toSorted();
}

function identifiers(text: string, found: Set<string>): void {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, text);
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan())
    if (token >= ts.SyntaxKind.Identifier) found.add(scanner.getTokenText());
}

/** How definitions can write a name so that it becomes that name: `GuestMemory` is `guest-memory`. */
function written(name: string): readonly string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .split(/[_-]+/)
    .filter((word) => word !== '');
  const whole = words.join('-');
  // `x_len` is the length of `x` in WITX.
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(whole) && words.length <= 3 && words.at(-1) !== 'len' ? [whole] : [];
}
