/** Runs a guest: compile, see that every import is there, instantiate, start, and say how it ended. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HostUsageError } from '../../../runtime/index.js';
import { isComponent } from '../../components/wasm-file.js';
import { whyRefused } from '../../source/disk.js';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import { permissionRefusal } from '../permissions.js';
import type { Terminal } from '../terminal.js';
import { abortImport, GuestAbort } from './abort.js';
import { runComponent } from './component.js';
import { showTrap } from './end.js';
import { createCoreHost, showUsage } from './host.js';
import { loadLinks, showLinkedError, type Links } from './links.js';
import { findMemoryImport, type MemoryImport } from './memory-import.js';
import { findMissingImports } from './missing-imports.js';
import type { GuestRequest } from './request.js';
import { createWasi, type Wasi } from './wasi.js';
import { WebAssembly, type Imports, type Instance, type Memory, type Module } from './web-assembly.js';

/** Returns the exit code of the process. */
export async function runGuest(request: GuestRequest, terminal: Terminal): Promise<number> {
  const { guest } = request;
  const bytes = await readGuest(guest);
  if (isComponent(bytes)) return runComponent(bytes, request, terminal);
  const module = await compile(bytes, guest);
  const links = await loadLinks(request.links);
  const wasi = await createWasi({
    args: [basename(guest), ...request.args],
    variables: request.variables,
    folders: request.folders,
    unstable: WebAssembly.Module.imports(module).some((each) => each.module === 'wasi_unstable'),
  });
  const crypto = await createCoreHost(request);
  try {
    const memoryImport = findMemoryImport(bytes);
    const imported = memoryImport === undefined ? undefined : memoryFor(memoryImport, links);
    // Filled after instantiation: `abort` may be called before.
    let exported: Memory | undefined;
    const base: Imports = {
      ...crypto.imports,
      ...wasi.imports,
      env: { abort: abortImport(() => exported ?? imported) },
    };
    const all = merged(base, links.imports);
    const imports =
      memoryImport === undefined
        ? all
        : { ...all, [memoryImport.module]: { ...all[memoryImport.module], [memoryImport.name]: imported } };
    const missing = findMissingImports(module, imports);
    if (missing.length > 0) {
      terminal.complain(`\`${guest}\` imports what nothing here provides; it was not started`);
      for (const { module: from, name, kind, advice } of missing)
        terminal.error(`  ${kind} ${from}.${name}: ${advice}`);
      return exitCodes.usage;
    }
    if (imported !== undefined) crypto.attach(imported);
    try {
      const instance = await WebAssembly.instantiate(module, imports);
      exported = instance.exports.memory instanceof WebAssembly.Memory ? instance.exports.memory : undefined;
      // Node wants a memory even for guests that have none.
      const memory = exported ?? imported ?? new WebAssembly.Memory({ initial: 0 });
      crypto.attach(memory);
      links.attach(instance);
      return start(instance, memory, guest, wasi);
    } catch (error) {
      return await explainEnd(error, request, terminal);
    }
  } finally {
    if (request.stats) showUsage(crypto.usage(), terminal);
    crypto.close();
  }
}

async function readGuest(guest: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(guest);
  } catch (error) {
    if (permissionRefusal(error) !== undefined) throw error;
    throw new ConfigurationError(
      `cannot read \`${guest}\` (${whyRefused(error)})`,
      'name a WebAssembly module: `wasi-crypto-gen run guest.wasm`',
    );
  }
  return bytes;
}

async function compile(bytes: Uint8Array, guest: string): Promise<Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^WebAssembly\.compile\(\): /, '') : String(error);
    throw new ConfigurationError(`\`${guest}\` is not a WebAssembly module this Node can load: ${why}`);
  }
}

/** The memory that a guest imports: a linked one, or one as it declares it. */
function memoryFor({ module, name, limits }: MemoryImport, links: Links): Memory {
  const linked = links.imports[module]?.[name];
  return linked instanceof WebAssembly.Memory ? linked : new WebAssembly.Memory(limits);
}

function merged(base: Imports, added: Imports): Imports {
  const both = Object.entries(added).map(([module, own]) => [module, { ...base[module], ...own }] as const);
  return { ...base, ...Object.fromEntries(both) };
}

function start(instance: Instance, memory: Memory, guest: string, wasi: Wasi): number {
  const { _start, _initialize } = instance.exports;
  if (typeof _start === 'function') return wasi.start(memory, _start as () => void);
  if (typeof _initialize === 'function') {
    wasi.initialize(memory, _initialize as () => void);
    return exitCodes.ok;
  }
  throw new ConfigurationError(
    `\`${guest}\` exports neither \`_start\` nor \`_initialize\``,
    'with AssemblyScript: `asc … --exportStart _start`',
  );
}

/** How a guest ended that did not exit. */
async function explainEnd(error: unknown, { guest, links }: GuestRequest, terminal: Terminal): Promise<number> {
  if (error instanceof GuestAbort) {
    terminal.complain(`\`${guest}\` aborted: ${error.message}`);
    return exitCodes.guestAborted;
  }
  if (error instanceof WebAssembly.LinkError)
    throw new ConfigurationError(`\`${guest}\` cannot be linked: ${error.message}`);
  if (error instanceof HostUsageError) {
    throw new ConfigurationError(`\`${guest}\`: ${error.message}`);
  }
  const trapped = await showTrap(error, guest, terminal);
  if (trapped !== undefined) return trapped;
  if (links.length > 0) return showLinkedError(error, guest, terminal);
  throw error;
}
