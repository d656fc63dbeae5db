/**
 * Runs a component that exports `wasi:cli/run`. jco makes JavaScript of it in memory, preview2-shim is its WASI: in its sandbox,
 * which leaves three things open that are closed here (the folder of this process, HTTP, and that an exit ends the process before
 * the host is closed, which wipes keys).
 */
import { basename } from 'node:path';
import { syntaxProblem } from '../../components/syntax.js';
import { loadJco, refusalOf } from '../../components/jco.js';
import { loadTool } from '../../project/tools.js';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import { showDiagnostics } from '../show.js';
import type { Terminal } from '../terminal.js';
import { showTrap } from './end.js';
import { createHost, showUsage } from './host.js';
import { loadLinks, showLinkedError } from './links.js';
import type { GuestRequest } from './request.js';
import { readFolders, readVariables } from './wasi.js';
import { WebAssembly, type Module } from './web-assembly.js';

/** Interfaces by name, without version. */
type Interfaces = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Shim {
  readonly WASIShim: new (config: {
    readonly sandbox: {
      readonly preopens: Readonly<Record<string, string>>;
      readonly env: Readonly<Record<string, string>>;
      readonly args: readonly string[];
      readonly enableNetwork: false;
    };
  }) => { getImportObject(): Interfaces };
}

const shim = {
  name: '@bytecodealliance/preview2-shim',
  entry: './instantiation',
  tested: '0.26',
  purpose: 'run components',
};

/** Thrown through the guest, which ends there. */
class GuestExit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** Returns the exit code of the process. */
export async function runComponent(bytes: Uint8Array, request: GuestRequest, terminal: Terminal): Promise<number> {
  const { guest } = request;
  if (request.isolated)
    throw new ConfigurationError(
      `\`${guest}\` is a component, and \`--isolated\` serves core modules`,
      'its host would need calls of components to cross processes: leave `--isolated` out, or run a core module',
    );
  const { api: jco, warning } = await loadJco();
  if (warning !== undefined) await showDiagnostics([warning], { errorsOnly: false }, terminal);
  const options = { name: 'guest', importBindings: warning === undefined ? 'hybrid' : 'js', map: {} } as const;
  const made = await terminal.during(`transpiling ${basename(guest)}`, () =>
    jco.transpile(bytes, { ...options, instantiation: 'sync' }).catch((error: unknown) => {
      throw new ConfigurationError(`jco cannot transpile \`${guest}\`: ${refusalOf(error, warning === undefined)}`);
    }),
  );
  const command = made.exports.find(([name]) => /^wasi:cli\/run(@|$)/.test(name))?.[0];
  if (command === undefined)
    throw new ConfigurationError(
      `\`${guest}\` is a component that exports no \`wasi:cli/run\`, so it is no program`,
      `\`wasi-crypto-gen transpile ${guest} --out build\` makes JavaScript that calls what it exports`,
    );
  const links = await loadLinks(request.links);
  const crypto = await createHost(request);
  try {
    const imports: Interfaces = {
      ...(await wasiOf(request)),
      ...(crypto.component as Interfaces),
      ...links.imports,
    };
    const missing = made.imports.filter((name) => !Object.hasOwn(imports, name));
    if (missing.length > 0) {
      terminal.complain(`\`${guest}\` imports what nothing here provides; it was not started`);
      for (const name of missing) terminal.error(`  interface ${name}: give it with \`--link ${name}=file.mjs\``);
      return exitCodes.usage;
    }
    const instantiate = await moduleOf(made.files['guest.js'] ?? new Uint8Array(), guest);
    const coreModule = (path: string): Module => new WebAssembly.Module(made.files[path] ?? new Uint8Array());
    return await start(
      () => {
        const exported = instantiate(coreModule, imports)[command] as { run(): void };
        exported.run();
      },
      request,
      terminal,
    );
  } finally {
    if (request.stats) showUsage(crypto.usage(), terminal);
    crypto.close();
  }
}

async function start(run: () => void, { guest, links }: GuestRequest, terminal: Terminal): Promise<number> {
  try {
    run();
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof GuestExit) return error.code;
    const trapped = await showTrap(error, guest, terminal);
    if (trapped !== undefined) return trapped;
    // jco throws the error of a `result`, which has no value here.
    if (error instanceof Error && 'payload' in error) return 1;
    if (links.length > 0) return showLinkedError(error, guest, terminal);
    throw error;
  }
}

type Instantiate = (coreModule: (path: string) => Module, imports: Interfaces) => Interfaces;

async function moduleOf(source: Uint8Array, guest: string): Promise<Instantiate> {
  const problem = await syntaxProblem(new TextDecoder().decode(source));
  if (problem !== undefined)
    throw new ConfigurationError(
      `jco makes of \`${guest}\` what is no JavaScript (${problem.why}): \`${problem.line}\``,
    );
  const module = (await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)) as {
    readonly instantiate: Instantiate;
  };
  return module.instantiate;
}

/** WASI 0.2 for one guest: its arguments, variables and folders, and no network. */
async function wasiOf({ guest, args, variables, folders }: GuestRequest): Promise<Interfaces> {
  const { WASIShim } = (await loadTool<Shim>(shim)).api;
  const sandbox = {
    preopens: readFolders(folders),
    env: readVariables(variables),
    args: [basename(guest), ...args],
    enableNetwork: false,
  } as const;
  const wasi = new WASIShim({ sandbox }).getImportObject();
  return {
    ...wasi,
    'wasi:cli/environment': { ...wasi['wasi:cli/environment'], initialCwd: () => undefined },
    'wasi:cli/exit': {
      exit: ({ tag }: { readonly tag: 'ok' | 'err' }) => {
        throw new GuestExit(tag === 'ok' ? 0 : 1);
      },
      exitWithCode: (code: number) => {
        throw new GuestExit(code);
      },
    },
    'wasi:http/outgoing-handler': {
      handle: () => {
        // What is the error of a `result` is thrown as `payload`.
        throw Object.assign(new Error('guests have no network'), { payload: { tag: 'HTTP-request-denied' } });
      },
    },
  };
}
