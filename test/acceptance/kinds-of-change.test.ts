/**
 * The drill for each kind of change to definitions: who is told, and by what. `check` names the file of definitions, the
 * report of `generate` says whom it breaks, TypeScript names the file of the host where types tell, and the bindings refuse
 * the host where they do not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it, wasiCryptoGen } from '../cli/command-line.js';
import { writePackage } from '../cli/small-project.js';
import { load, typeErrors } from '../generated.js';

interface Kind {
  readonly change: string;
  readonly from: string;
  readonly to: string;
  /** What the report says, beside the name of what changed. */
  readonly reported: readonly string[];
  /** What TypeScript says of the host, if types tell. */
  readonly typed?: RegExp;
  /** What binding the host says, if it is the only one to tell. */
  readonly bound?: string;
}

const witx = `(typename $size u32)
(typename $errno (enum (@witx tag u16) $success
  ;;; @fault bad-memory, bad-text, bad-value, absent, bad-handle, closed-handle, too-many-handles, internal
  $failed
  $last))
(typename $mode (flags (@witx repr u8) $read $write))
(typename $key (handle))
(module $api
  (@interface func (export "key_put") (param $key $key) (param $mode $mode) (param $times $size)
    (result $error (expected $size (error $errno)))))
`;
const witxHost = `import { bind, type HostObject, type Kinds } from './typescript-host/index.js';
class Key implements HostObject {
  live = true;
  release(): void {
    this.live = false;
  }
}
bind<Kinds & { key: Key }>(
  { api: { keyPut: (key: Key, mode: number, times: number): number => (key.live ? mode + times : 0) } },
  { onError: console.error },
);
`;

const inWitx: readonly Kind[] = [
  {
    change: 'an optional parameter at the end',
    from: '(param $times $size)',
    to: '(param $times $size) (param $limit (option u32))',
    reported: ['function `key_put`  breaks guests and hosts', 'takes `limit: option(u32)`, too'],
    bound: 'api.keyPut takes 3 of 4;',
  },
  {
    change: 'an errno in between',
    from: '  $last',
    to: '  $inserted\n  $last',
    reported: ['type `errno`  breaks guests and hosts', 'has `inserted` (2) in between, too', 'passed by key_put'],
  },
  {
    change: 'another representation',
    from: '(@witx repr u8)',
    to: '(@witx repr u16)',
    reported: ['type `mode`  breaks guests and hosts', 'is `flags u16`, was `flags u8`', 'takes 2 bytes, was 1 byte'],
  },
  {
    change: 'another width',
    from: '$times $size',
    to: '$times u64',
    reported: ['function `key_put`  breaks guests and hosts', '`times` is `u64`, was `u32`', 'its core function is'],
    typed: /^host\.ts:\d+ .*'bigint' is not assignable to type 'number'/,
  },
  {
    change: 'another function',
    from: '(module $api',
    to: '(module $api\n  (@interface func (export "key_drop") (param $key $key) (result $error (expected (error $errno))))',
    reported: ['+ function `key_drop`  breaks hosts'],
  },
  {
    change: 'a function less',
    from: 'key_put',
    to: 'key_place',
    reported: ['function `key_place`', 'key_put'],
    typed: /^host\.ts:\d+ .*'keyPut' does not exist/,
  },
];

const wit = `package a:b@1.0.0;
interface api {
  enum errno {
    success,
    /// @fault bad-memory, bad-text, bad-value, absent, bad-handle, closed-handle, too-many-handles, internal
    failed,
    last,
  }
  resource key;
  put: func(key: borrow<key>, times: u32) -> result<u32, errno>;
}
`;
const witHost = `import { bindComponent, type HostObject, type Kinds } from './component-host/index.js';
class Key implements HostObject {
  live = true;
  release(): void {
    this.live = false;
  }
}
bindComponent<Kinds & { key: Key }>(
  { api: { put: (key: Key, times: number): number => (key.live ? times : 0) } },
  { onError: console.error },
);
`;

const inWit: readonly Kind[] = [
  {
    change: 'an optional parameter at the end',
    from: 'times: u32)',
    to: 'times: u32, limit: option<u32>)',
    reported: ['function `put`  breaks guests and hosts', 'takes `limit: option(u32)`, too'],
    bound: 'api.put takes 2 of 3;',
  },
  {
    change: 'an errno in between',
    from: '    last',
    to: '    inserted,\n    last',
    reported: ['type `errno`  breaks guests and hosts', 'has `inserted` (2) in between, too'],
  },
  {
    change: 'another width',
    from: 'times: u32',
    to: 'times: u64',
    reported: ['function `put`  breaks guests and hosts', '`times` is `u64`, was `u32`'],
    typed: /^host\.ts:\d+ .*'bigint' is not assignable to type 'number'/,
  },
  {
    change: 'another owner',
    from: 'key: borrow<key>',
    to: 'key: key',
    reported: [
      'function `put`  breaks guests and hosts',
      "takes `key` over: the guest's handle is gone after the call",
    ],
  },
  {
    change: 'another version',
    from: 'a:b@1.0.0',
    to: 'a:b@1.1.0',
    reported: ['package `a:b@1.1.0` (from `a:b@1.0.0`)  breaks guests and hosts'],
  },
];

describe.each([
  { dialect: 'witx', target: 'typescript-host', text: witx, host: witxHost, kinds: inWitx },
  { dialect: 'wit', target: 'component-host', text: wit, host: witHost, kinds: inWit },
])('$dialect', ({ dialect, target, text, host, kinds }) => {
  const file = `definitions/api.${dialect}`;

  /** What was generated, and the host. */
  function project(folder: string): ReadonlyMap<string, string> {
    const files = readdirSync(join(folder, 'out', target)).map(
      (name) => [`${target}/${name}`, readFileSync(join(folder, 'out', target, name), 'utf8')] as const,
    );
    return new Map([...files, ['host.ts', host]]);
  }

  it.for(kinds)('$change', { timeout: 180_000 }, async ({ from, to, reported, typed, bound }, { folder }) => {
    const generate = ['generate', '--spec', 'definitions', '--target', target, '--out', 'out'];
    await writePackage(folder);
    await mkdir(join(folder, 'definitions'));
    await writeFile(join(folder, file), text);
    expect(await wasiCryptoGen(generate, { cwd: folder })).toMatchObject({ code: 0 });
    await load(project(folder), 'host.ts');

    expect(text).toContain(from);
    await writeFile(join(folder, file), text.replace(from, to));
    const checked = await wasiCryptoGen(['check', '--out', 'out'], { cwd: folder });
    expect(checked).toMatchObject({ code: 1 });
    expect(checked.stdout).toContain(`definition changed: api.${dialect}`);
    const refused = await wasiCryptoGen([...generate, '--fail-on', 'breaking'], { cwd: folder });
    expect(refused).toMatchObject({ code: 1 });
    for (const line of reported) expect(refused.stdout).toContain(line);
    expect(await wasiCryptoGen(['check', '--out', 'out'], { cwd: folder })).toMatchObject({ code: 1 });

    expect(await wasiCryptoGen(generate, { cwd: folder })).toMatchObject({ code: 0 });
    const files = project(folder);
    const errors = typeErrors(files);
    if (typed === undefined) expect(errors).toEqual([]);
    else expect(errors).toEqual([expect.stringMatching(typed)]);
    if (bound !== undefined) await expect(load(files, 'host.ts')).rejects.toThrow(bound);
    else if (typed === undefined) await load(files, 'host.ts');
  });
});
