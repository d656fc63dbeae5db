/** What is told of a change of definitions, and whom it is said to break. */
import { describe, expect, it } from 'vitest';
import type { Change } from '../../generator/changes/change.js';
import { compare } from '../../generator/changes/compare.js';
import { printSurface, readSurface } from '../../generator/changes/store.js';
import { surfaceOf, type Surface } from '../../generator/changes/surface.js';
import { DiagnosticBag } from '../../generator/diagnostics/diagnostic.js';
import { readUnit } from '../../generator/frontend/read.js';
import { planUnit } from '../../generator/generate.js';
import { memoryReader } from '../../generator/source/loader.js';

function surface(file: string, text: string): Surface {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: 'test', entries: [file] }, memoryReader(new Map([[file, text]])), bag);
  if (unit === undefined || bag.hasErrors) throw new Error(bag.all.map(({ message }) => message).join('\n'));
  return surfaceOf(planUnit(unit, bag));
}

const witx = `(module $m
  (typename $errno (enum (@witx tag u16) $success $bad $worse))
  (typename $mode (flags (@witx repr u8) $a $b))
  (typename $pair (record (field $x u32) (field $y u32)))
  (resource $thing_handle)
  (typename $thing (handle $thing_handle))
  (@interface func (export "thing_open") (param $name string) (param $mode $mode) (result $error (expected $thing (error $errno))))
  (@interface func (export "thing_read") (param $thing $thing) (param $out (@witx pointer u8)) (param $out_len (@witx usize)) (result $error (expected $pair (error $errno))))
  (@interface func (export "thing_close") (param $thing $thing) (result $error (expected (error $errno)))))
`;
const wit = `package a:b@1.0.0;
interface m {
  enum errno { bad, worse }
  record pair { x: u32, y: u32 }
  resource thing { constructor(name: string); read: func(max: u32) -> result<pair, errno>; }
  /// Copies.
  duplicate: func(other: borrow<thing>, label: string) -> result<thing, errno>;
}
world w { import m; }
`;

/** One edit, and what is told of it: kind, subject, name, whom it breaks, details. */
type Case = readonly [
  title: string,
  from: string | RegExp,
  to: string,
  told: readonly (readonly [string, ...string[]])[],
];

const line = ({ kind, subject, name, breaks, details }: Change): readonly string[] => [
  `${kind} ${subject} ${name}: ${breaks.join(', ') || 'nobody'}`,
  ...details,
];

function changesBetween(file: string, text: string, [, from, to]: Case): readonly (readonly string[])[] {
  const changed = text.replace(from, to);
  expect(changed, 'the edit hits something').not.toBe(text);
  return compare(surface(file, text), surface(file, changed)).changes.map(line);
}

const both = 'guests, hosts';

describe('a change of WITX', () => {
  it.each<Case>([
    ['comments only', '(module $m', ';; text\n(module $m', []],
    ['documentation', '(typename $pair', ';;; Two.\n  (typename $pair', [['documented type pair: nobody']]],
    [
      'a function more',
      '\n  (@interface func (export "thing_close")',
      '\n  (@interface func (export "thing_count") (result $n u32))\n  (@interface func (export "thing_close")',
      [['added function thing_count: hosts']],
    ],
    [
      'a function less',
      /\n {2}\(@interface func \(export "thing_close"\).*errno\)\)\)\)/,
      '',
      [['removed function thing_close: guests']],
    ],
    [
      'a parameter at the end',
      '(param $mode $mode)',
      '(param $mode $mode) (param $size u32)',
      [
        [
          `changed function thing_open: ${both}`,
          'takes `size: u32`, too',
          'its core function is (i32, i32, i32, i32, i32) -> i32, was (i32, i32, i32, i32) -> i32',
        ],
      ],
    ],
    [
      'another name for a parameter',
      'param $mode $mode',
      'param $how $mode',
      [['parameters function thing_open: nobody', 'calls `mode` now `how`']],
    ],
    [
      'other parameters in their order',
      '(param $name string) (param $mode $mode)',
      '(param $mode $mode) (param $name string)',
      [[`changed function thing_open: ${both}`, 'takes its parameters in another order: `mode`, `name`']],
    ],
    ['another name for a function', 'thing_close', 'thing_closed', [[`renamed function thing_closed: ${both}`]]],
    ['an errno at the end', '$worse', '$worse $worst', [['changed type errno: nobody', 'has `worst` (3), too']]],
    [
      'an errno in between',
      '$bad',
      '$odd $bad',
      [[`changed type errno: ${both}`, 'has `odd` (1) in between, too', 'other numbers: `bad` is 2, was 1 and 1 more']],
    ],
    ['another name for an errno', '$worse', '$worst', [[`changed type errno: ${both}`, 'calls `worse` now `worst`']]],
    [
      'errnos in another order',
      '$bad $worse',
      '$worse $bad',
      [[`changed type errno: ${both}`, 'other numbers: `worse` is 1, was 2 and 1 more']],
    ],
    [
      'another width',
      'flags (@witx repr u8)',
      'flags (@witx repr u32)',
      [[`changed type mode: ${both}`, 'is `flags u32`, was `flags u8`', 'takes 4 bytes, was 1 byte']],
    ],
    [
      'another type of a field',
      'field $y u32',
      'field $y u64',
      [[`changed type pair: ${both}`, '`y` is `u64`, was `u32`', 'takes 16 bytes, was 8 bytes']],
    ],
  ])('%s', (...edit) => {
    expect(changesBetween('m.witx', witx, edit)).toEqual(edit[3]);
  });
});

describe('a change of WIT', () => {
  it.each<Case>([
    ['documentation', 'Copies.', 'Makes a copy.', [['documented function duplicate: nobody']]],
    [
      'a case at the end: types of components are what they hold',
      'worse }',
      'worse, worst }',
      [[`changed type errno: ${both}`, 'has `worst` (2), too']],
    ],
    [
      'ownership',
      'other: borrow<thing>',
      'other: thing',
      [
        [
          `changed function duplicate: ${both}`,
          "takes `other` over: the guest's handle is gone after the call, even if it fails",
        ],
      ],
    ],
    [
      'a method less',
      'read: func(max: u32) -> result<pair, errno>;',
      '',
      [['removed function [method]thing.read: guests']],
    ],
    [
      'another version',
      '@1.0.0',
      '@1.1.0',
      [
        [
          `changed package a:b@1.1.0: ${both}`,
          'guests import its interfaces by this version, and hosts have to offer them so',
        ],
      ],
    ],
    [
      'another error',
      /\) -> result<thing, errno>;\n}/,
      ') -> thing;\n}',
      [[`changed function duplicate: ${both}`, 'can no longer fail (was `$errno`)']],
    ],
    [
      'an interface that guests implement',
      'world w {',
      'interface e { run: func(); }\nworld w { export e;',
      [
        ['added module e: guests', 'has one function: `run`'],
        [`changed world w: guests`, 'exports `a:b/e@1.0.0`, too: its guests have to implement it'],
      ],
    ],
  ])('%s', (...edit) => {
    const told = changesBetween('m.wit', wit, edit);
    const parts = told.map((each) => each.filter((detail) => !detail.startsWith('its core function')));
    expect(parts).toEqual(edit[3]);
  });
});

describe('WITX against WIT', () => {
  it('compares by name, and leaves out how values cross', () => {
    const now = `package a:b;
interface m {
  enum errno { success, bad, worse }
  flags mode { a, b }
  record pair { x: u32, y: u32 }
  resource thing;
  thing-open: func(name: string, mode: mode) -> result<thing, errno>;
  thing-read: func(thing: borrow<thing>) -> result<tuple<list<u8>, pair>, errno>;
  thing-close: func(thing: thing) -> result<_, errno>;
}
`;
    const { anotherAbi, changes } = compare(surface('m.witx', witx), surface('m.wit', now));
    expect(anotherAbi).toBe(true);
    expect(changes.map(line)).toEqual([
      [`changed function thing-read: ${both}`, 'the guest can no longer say how much output it takes (`out_len`)'],
      [
        `changed function thing-close: ${both}`,
        "takes `thing` over: the guest's handle is gone after the call, even if it fails",
      ],
    ]);
  });
});

describe('a type that others hold', () => {
  it('concerns whatever passes one of them', () => {
    const text =
      'package a:b;\ninterface m { type t0 = u32; type t1 = tuple<t0, t0>; record r { t: t1 } f: func(x: r); g: func(); }';
    const { changes } = compare(surface('m.wit', text), surface('m.wit', text.replace('t0, t0', 't0, u64')));
    expect(changes.map(({ name, concerns }) => [name, concerns])).toEqual([
      ['t1', ['f']],
      ['r', ['f']],
      ['f', undefined],
    ]);
  });
});

describe('a stored surface', () => {
  it.each([
    ['m.witx', witx],
    ['m.wit', wit],
  ])('of %s is as it was, but for documentation', (file, text) => {
    const original = surface(file, text);
    const stored = readSurface(printSurface(original));
    expect(stored && compare(stored, original).changes).toEqual([]);
    const bare = JSON.stringify(original, (key, each: unknown) => (key === 'docs' ? undefined : each));
    expect(stored).toEqual({ undocumented: true, ...(JSON.parse(bare) as Surface) });
  });

  it('of another format is none', () => {
    expect(readSurface(printSurface(surface('m.wit', wit)).replace('"format": 1', '"format": 2'))).toBeUndefined();
  });
});
