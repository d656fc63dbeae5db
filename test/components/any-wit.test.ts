/** Guests for worlds that have nothing to do with wasi-crypto become components, and run on hosts in plain JavaScript. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';
import { componentize } from '../../generator/components/componentize.js';
import { transpile } from '../../generator/components/transpile.js';
import { componentHost } from '../../generator/targets/component-host/index.js';
import { render } from '../../generator/diagnostics/render.js';
import { it } from '../cli/command-line.js';
import { emit, load, plannedUnit } from '../generated.js';
import { projectRoot } from '../shared.js';

const definitions = (name: string): string => resolve(projectRoot, 'test/targets/wit-corpus', name);

async function component(folder: string, wit: string, world: string, guest: string): Promise<string> {
  const [file, out] = [join(folder, 'guest.ts'), join(folder, `${world}.wasm`)];
  await writeFile(file, guest);
  const result = await componentize({ guest: file, wit: definitions(wit), world, out });
  expect(
    `${result.compiler}${result.diagnostics
      .filter((each) => each.severity === 'error')
      .map((each) => render(each))
      .join('\n')}`,
  ).toBe('');
  return out;
}

type Exports = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** An instance of a component whose imports are those of an object. */
async function instantiated(
  folder: string,
  path: string,
  imports: object,
): Promise<Exports & { readonly backup: Exports }> {
  const {
    folder: out,
    entry,
    files,
  } = await transpile({ component: path, out: join(folder, 'js'), instantiation: 'sync' });
  await writeFile(join(out, 'package.json'), '{ "type": "module" }');
  const core = new Map<string, WebAssembly.Module>();
  for (const each of files.filter((name) => name.endsWith('.wasm')))
    core.set(each, await WebAssembly.compile(await readFile(join(out, each))));
  const module = (await import(pathToFileURL(join(out, entry)).href)) as {
    instantiate(core: (path: string) => WebAssembly.Module | undefined, imports: object): never;
  };
  return module.instantiate((name) => core.get(name), imports);
}

/** It calls what its world imports by other names: interfaces, functions, and resources of the world itself. */
const worldly = `import { baseLog, basePartF, configure, Entry, expect, PrimaryBucket, primaryMoveIt, primaryOpen, PrimaryPlace, renamedLog, secondaryStoreOpen, SecondaryStoreBucket, Session, Settings, StoreBucket, Out, Failure } from "test-worlds-of-all-kinds";
export function run(): void {
  baseLog("part " + basePartF().toString());
  renamedLog(3);
}
export function start(args: string[]): bool {
  const session = Session.create(args[0]);
  configure(new Settings(true), session);
  baseLog(session.run("greet").value);
  session.close();
  const first = PrimaryBucket.expect(primaryOpen("one"));
  const second = SecondaryStoreBucket.expect(secondaryStoreOpen("two"));
  const plain = StoreBucket.create("three");
  const entry = new Out<Entry | null>();
  expect(first.get("key", entry), "getting");
  baseLog(entry.value!.key);
  expect(second.get("key", entry), "getting");
  baseLog(entry.value!.key);
  const failure = plain.get("none", entry);
  const moved = primaryMoveIt(PrimaryPlace.Here(first));
  second.close();
  plain.close();
  return failure == Failure.Lost && moved.here.handle != 0;
}
export function stop(): void {}
export namespace backup { export function count(entries: Array<Entry>): u32 { return entries.length; } }
`;

/** Without what guests cannot export. */
const worldlyWit = async (folder: string): Promise<string> => {
  const text = await readFile(definitions('worlds.wit'), 'utf8');
  const path = join(folder, 'worlds.wit');
  await writeFile(
    path,
    text
      .replace('  export backup: store;\n', '')
      .replace(
        'world both {',
        'world both { export backup: interface { use store.{entry}; count: func(entries: list<entry>) -> u32; }',
      ),
  );
  return path;
};

describe('interfaces under other names, renamed functions and resources of a world', () => {
  it('are what a guest calls, and what a host in plain JavaScript is asked for', async ({ folder }) => {
    const path = await component(folder, await worldlyWit(folder), 'both', worldly);
    const log: unknown[] = [];
    const store = (name: string): object => {
      class Bucket {
        get(key: string): object | undefined {
          if (key === 'none') throw Object.assign(new Error('lost'), { payload: 'lost' });
          return { key: `${key} of ${name}`, value: new Uint8Array() };
        }
      }
      return { Bucket, open: () => new Bucket(), count: () => 0, moveIt: (place: unknown) => place };
    };
    class Session {
      readonly user: string;
      constructor(user: string) {
        this.user = user;
      }
      run(command: string): string {
        return `${command} ${this.user}`;
      }
    }
    const guest = await instantiated(folder, path, {
      'test:worlds-of-all-kinds/store': store('store'),
      primary: store('primary'),
      'secondary-store': store('secondary'),
      'base-part': { f: () => 7 },
      'base-log': { default: (line: string) => log.push(line) },
      log: { default: (level: number) => log.push(level) },
      session: { default: Session },
      configure: { default: (settings: object, session: Session) => log.push({ settings, user: session.user }) },
    });
    guest['run']?.();
    expect(guest['start']?.(['ann'])).toBe(undefined);
    expect(guest.backup['count']?.([{ key: '', value: new Uint8Array() }])).toBe(1);
    expect(log).toEqual([
      'part 7',
      3,
      { settings: { verbose: true }, user: 'ann' },
      'greet ann',
      'key of primary',
      'key of secondary',
    ]);
  });

  it.for([true, false])('are bound by generated host bindings, fast path: %s', async (fastPath, { folder }) => {
    const wit = await worldlyWit(folder);
    const path = await component(folder, wit, 'both', worldly);
    const bindings = (await load(await emit(componentHost, plannedUnit('worlds', wit)), 'index.ts')) as {
      bindComponent(hosts: object, options: object): { readonly imports: object; close(): void };
      readonly fail: { readonly Lost: unknown };
    };
    const log: unknown[] = [];
    const released: string[] = [];
    class Thing {
      live = true;
      readonly name: string;
      constructor(name: string) {
        this.name = name;
      }
      release(): void {
        this.live = false;
        released.push(this.name);
      }
    }
    const store = (name: string): object => ({
      bucketConstructor: (own: string) => new Thing(`${name} ${own}`),
      open: (own: string) => new Thing(`${name} ${own}`),
      bucketGet: (bucket: Thing, key: string) => {
        if (key === 'none') throw bindings.fail.Lost;
        return { key: `${key} of ${bucket.name}`, value: new Uint8Array() };
      },
      moveIt: ({ val }: { readonly val: Thing }) => ({ tag: 'here', val: new Thing(`${val.name} moved`) }),
    });
    const world = {
      baseLog: (line: string) => log.push(line),
      log: (level: number) => log.push(level),
      now: () => 0n,
      configure: (settings: object, session: Thing) => log.push({ settings, user: session.name }),
    };
    const bound = bindings.bindComponent(
      {
        store: store('store'),
        primary: store('primary'),
        secondaryStore: store('secondary'),
        basePart: { f: () => 7 },
        both: world,
        base: {
          sessionConstructor: (user: string) => new Thing(user),
          sessionRun: (session: Thing, command: string) => ({ tag: 'ok', val: `${command} ${session.name}` }),
        },
      },
      { onError: console.error, fastPath },
    );
    const guest = await instantiated(folder, path, bound.imports);
    guest['run']?.();
    expect(guest['start']?.(['ann'])).toBe(undefined);
    expect(log).toEqual([
      'part 7',
      3,
      { settings: { verbose: true }, user: 'ann' },
      'greet ann',
      'key of primary one',
      'key of secondary two',
    ]);
    expect(released).toEqual(['ann', 'primary one', 'secondary two', 'store three']);
    bound.close();
    expect(released.at(-1)).toBe('primary one moved');
  });
});

const application = `import { getArguments, getEnvironment, getStdout } from "eco-cli";
import { getDirectories, NewTimestamp, OpenFlags, DescriptorFlags, ErrorCode, DescriptorType } from "eco-filesystem";
import { Fields, handle, Method, OutgoingRequest, RequestOptions } from "eco-http";
import { Datetime, wallNow } from "eco-clocks";
import { Option, OutputStream, StreamErrorTag, Tuple2 } from "eco-io";
import { open as openStore } from "eco-keyvalue";
import { Line, open as openCache, Page, writePage, Result } from "test-app";

let said = "";
function say(out: OutputStream, text: string): void {
  const written = out.write(String.UTF8.encode(text + "\\n"));
  if (!written.isOk) said += written.error.tag == StreamErrorTag.LastOperationFailed ? written.error.lastOperationFailed.toDebugString() : "closed";
}

export namespace run {
  export function run(): bool {
    const out = getStdout();
    say(out, getArguments().join("+"));
    const environment = getEnvironment();
    for (let index = 0; index < environment.length; index += 1) say(out, environment[index].item0 + "=" + environment[index].item1);
    const pollable = out.subscribe();
    if (!pollable.ready()) pollable.block();
    pollable.close();

    const directory = getDirectories()[0];
    const found = directory.item0.openAt("a.txt", OpenFlags.Create | OpenFlags.Truncate, DescriptorFlags.Read);
    const stat = found.value.stat().value;
    say(out, directory.item1 + " " + stat.size.toString() + " " + (stat.modified !== null ? stat.modified!.seconds.toString() : "never") + " " + (stat.type_ == DescriptorType.RegularFile).toString());
    const read = found.value.read(3, 1);
    say(out, String.UTF8.decode(read.value.item0.buffer) + " " + read.value.item1.toString());
    found.value.setTimes(NewTimestamp.Now, NewTimestamp.Timestamp(new Datetime(5, 6)));
    const missing = directory.item0.openAt("b.txt", 0, DescriptorFlags.Read);
    if (!missing.isOk && missing.error == ErrorCode.NoEntry) say(out, "no entry");
    const entries = directory.item0.readDirectory().value;
    for (let entry = entries.readDirectoryEntry(); entry.value !== null; entry = entries.readDirectoryEntry()) say(out, entry.value!.name);
    entries.close();
    found.value.close();
    directory.item0.close();

    const fields = Fields.create();
    fields.set("accept", [String.UTF8.encode("a"), String.UTF8.encode("b")].map<Uint8Array>((each: ArrayBuffer) => Uint8Array.wrap(each)));
    const request = OutgoingRequest.create(fields.clone());
    request.setMethod(Method.Other("BREW"));
    const options = RequestOptions.create();
    options.setConnectTimeout(Option.some<u64>(17));
    const response = handle(request, options);
    const got = response.value.get();
    say(out, got === null ? "waiting" : got.value.value.status().toString());
    response.value.close();
    const refused = handle(OutgoingRequest.create(Fields.create()));
    if (!refused.isOk) say(out, refused.error.dnsError.infoCode.value.toString());

    openStore("s").value.set("k", Uint8Array.wrap(String.UTF8.encode("stored")));
    openCache("c").value.set("k", Uint8Array.wrap(String.UTF8.encode("cached")));
    const page = new Page("title", [new Line("one", Option.some<u64>(wallNow().seconds)), new Line("two", Option.none<u64>())], out);
    const sum = writePage(page, [new Tuple2<string, Fields>("x", fields)], Method.Get);
    fields.close();
    return said == "" && sum.value == 42;
  }
}

export function summarize(texts: Array<string>): Result<string, string> {
  return texts.length == 0 ? Result.err<string, string>("nothing") : Result.ok<string, string>(texts.join(" "));
}
`;

const ecosystem = `export const said = [];
const text = (bytes) => new TextDecoder().decode(bytes);
const refuse = (payload) => { throw Object.assign(new Error('refused'), { payload }); };
class Pollable { ready() { return false; } block() { said.push('blocked'); } }
class OutputStream { checkWrite() { return 1n; } write(bytes) { said.push(text(bytes).trim()); } splice() { return 0n; } subscribe() { return new Pollable(); } }
export const streams = { OutputStream, InputStream: class {} };
export const poll = { Pollable, poll: () => new Uint32Array() };
export const error = { Error: class { toDebugString() { return 'broken'; } } };
export const environment = { getArguments: () => ['a', 'b'], getEnvironment: () => [['HOME', '/']], initialCwd: () => undefined };
export const stdout = { getStdout: () => new OutputStream() };
export const monotonic = { now: () => 0n, subscribe: () => new Pollable() };
export const wall = { now: () => ({ seconds: 40n, nanoseconds: 0 }), resolution: () => ({ seconds: 0n, nanoseconds: 1 }) };
class DirectoryEntryStream { names = ['x', 'y']; readDirectoryEntry() { const name = this.names.shift(); return name && { type: 'regular-file', name }; } }
class Descriptor {
  openAt(path, open, flags) { said.push(JSON.stringify([open, flags])); return path === 'a.txt' ? new Descriptor() : refuse('no-entry'); }
  stat() { return { type: 'regular-file', size: 12n, modified: { seconds: 9n, nanoseconds: 0 } }; }
  read(length, offset) { return [new TextEncoder().encode('contents').subarray(Number(offset), Number(offset + length)), true]; }
  setTimes(...times) { said.push(times.map((each) => each.tag + (each.val?.seconds ?? '')).join()); }
  readDirectory() { return new DirectoryEntryStream(); }
}
export const types = { Descriptor, DirectoryEntryStream, filesystemErrorCode: () => undefined };
export const preopens = { getDirectories: () => [[new Descriptor(), '/home']] };
class Fields { all = new Map(); set(name, values) { this.all.set(name, values.map(text)); } clone() { const copy = new Fields(); copy.all = new Map(this.all); return copy; } }
class OutgoingRequest { constructor(headers) { this.headers = headers; } setMethod(method) { this.method = method; } }
class RequestOptions { setConnectTimeout(duration) { this.timeout = duration; } }
class IncomingResponse { status() { return 418; } }
class FutureIncomingResponse { get() { return { tag: 'ok', val: { tag: 'ok', val: new IncomingResponse() } }; } }
export const http = { Fields, OutgoingRequest, RequestOptions, IncomingResponse, FutureIncomingResponse };
export const handler = { handle(request, options) {
  if (request.method === undefined) refuse({ tag: 'DNS-error', val: { rcode: 'x', infoCode: 23 } });
  said.push([request.method.val, ...request.headers.all.get('accept'), options?.timeout].join());
  return new FutureIncomingResponse();
} };
const storeOf = (name) => { class Bucket { set(key, value) { said.push([name, key, text(value)].join()); } } return { Bucket, open: () => new Bucket() }; };
export const store = storeOf('store');
export const cache = storeOf('cache');
export const report = { writePage(page, headers, how) {
  said.push([page.title, ...page.lines.map((line) => line.text + (line.at ?? '')), page.sink instanceof OutputStream, headers[0][0], headers[0][1].all.size, how.tag].join());
  return 42n;
} };
`;

describe('packages like those of an ecosystem', () => {
  it('are used by a guest, whose imports are mapped to modules of a host', async ({ folder }) => {
    const path = await component(folder, definitions('ecosystem'), 'app', application);
    const out = join(folder, 'js');
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'host.js'), ecosystem);
    await writeFile(join(out, 'package.json'), '{ "type": "module" }');
    const map = {
      'eco:io/*': './host.js#*',
      'eco:cli/*': './host.js#*',
      'eco:clocks/*': './host.js#*',
      'eco:filesystem/*': './host.js#*',
      'eco:http/types': './host.js#http',
      'eco:http/handler': './host.js#handler',
      'eco:keyvalue/*': './host.js#*',
      cache: './host.js#cache',
      'test:app/*': './host.js#*',
    };
    const { entry, imports } = await transpile({ component: path, out, map });
    expect(imports).toEqual(['./host.js']);
    const app = (await import(pathToFileURL(join(out, entry)).href)) as {
      readonly run: { run(): void };
      summarize(texts: readonly string[]): string;
    };
    const { said } = (await import(pathToFileURL(join(out, 'host.js')).href)) as { readonly said: readonly string[] };
    app.run.run();
    expect(said).toEqual([
      'a+b',
      'HOME=/',
      'blocked',
      '[{"create":true,"directory":false,"exclusive":false,"truncate":true},{"read":true,"write":false,"mutateDirectory":false}]',
      '/home 12 9 true',
      'ont true',
      'now,timestamp5',
      '[{"create":false,"directory":false,"exclusive":false,"truncate":false},{"read":true,"write":false,"mutateDirectory":false}]',
      'no entry',
      'x',
      'y',
      'BREW,a,b,17',
      '418',
      '23',
      'store,k,stored',
      'cache,k,cached',
      'title,one40,two,true,x,1,get',
    ]);
    expect(app.summarize(['a', 'b'])).toBe('a b');
    expect(() => app.summarize([])).toThrow(expect.objectContaining({ payload: 'nothing' }));
  });
});
