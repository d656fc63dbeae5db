/** WASI preview 1 of this engine: Node's, loaded without its warning, or what Bun has of it. */
import { statSync } from 'node:fs';
import type { WASI, WASIOptions } from 'node:wasi';
import { ConfigurationError } from '../../project/errors.js';
import type { Imports, Memory } from './web-assembly.js';

export interface Wasi {
  readonly imports: Imports;
  /** Runs a guest to its end; returns its exit code. Whatever else it throws passes through. */
  start(memory: Memory, entry: () => void): number;
  /** Runs what a library does first. */
  initialize(memory: Memory, entry: () => void): void;
}

export interface WasiRequest {
  readonly args: readonly string[];
  /** `NAME=value`, or `NAME` for this process's own value. */
  readonly variables: readonly string[];
  /** `host` or `host:guest`. */
  readonly folders: readonly string[];
  /** The module name of the preview before the first, which some old guests import. */
  readonly unstable: boolean;
}

export async function createWasi(request: WasiRequest): Promise<Wasi> {
  const options: WASIOptions = {
    version: request.unstable ? 'unstable' : 'preview1',
    args: [...request.args],
    env: readVariables(request.variables),
    preopens: readFolders(request.folders),
  };
  const wasi = await withoutWasiWarning(async () => {
    const { WASI } = await import('node:wasi');
    return new WASI(options);
  });
  // Types tell of Node's.
  if (!('getImportObject' in wasi)) return wasiOfImports(wasi, request.unstable);
  return {
    imports: wasi.getImportObject() as Imports,
    // Node looks for an exported memory only, so it is shown one.
    start: (memory, _start) => wasi.start({ exports: { memory, _start } }),
    initialize: (memory, _initialize) => wasi.initialize({ exports: { memory, _initialize } }),
  };
}

/** Thrown through the guest, which ends there. */
class GuestExit {
  readonly code: number;

  constructor(code: number) {
    this.code = code;
  }
}

/** Bun's: functions alone. Its `proc_exit` would end the process before the host is closed, which wipes keys. */
function wasiOfImports(wasi: Pick<WASI, 'wasiImport' | 'start'>, unstable: boolean): Wasi {
  const proc_exit = (code: number): never => {
    throw new GuestExit(code);
  };
  const start = (memory: Memory, entry: () => void): number => {
    try {
      // It takes the memory, and starts nothing that has another name.
      wasi.start({ exports: { memory } });
      entry();
      return 0;
    } catch (error) {
      if (error instanceof GuestExit) return error.code;
      throw error;
    }
  };
  return {
    imports: { [unstable ? 'wasi_unstable' : 'wasi_snapshot_preview1']: { ...wasi.wasiImport, proc_exit } },
    start,
    initialize: start,
  };
}

/** Those that have a value, by name. */
export function readVariables(variables: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    variables.map(readVariable).filter((each): each is readonly [string, string] => each[1] !== undefined),
  );
}

/** Paths here, by the guest's names for them. */
export function readFolders(folders: readonly string[]): Record<string, string> {
  return Object.fromEntries(folders.map(readFolder));
}

function readVariable(text: string): readonly [string, string | undefined] {
  const [, name = '', value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === '')
    throw new ConfigurationError(
      `\`--env ${text}\` names no variable`,
      'write `--env NAME=value`, or `--env NAME` for its value here',
    );
  return [name, value ?? process.env[name]];
}

/** Guest name, then host path, as Node wants them. */
function readFolder(text: string): readonly [string, string] {
  // A drive letter's colon separates nothing.
  const [, host = '', guest] = /^((?:[A-Za-z]:[\\/])?[^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (statSync(host, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ConfigurationError(
      `\`--dir ${text}\`: there is no folder \`${host}\``,
      'write `--dir host`, or `--dir host:guest` to give it another name in the guest',
    );
  }
  return [guest === undefined || guest === '' ? host : guest, host];
}

/** Other warnings are the user's business. */
async function withoutWasiWarning<Value>(load: () => Promise<Value>): Promise<Value> {
  const emitWarning = process.emitWarning;
  const filtered = (...args: Parameters<typeof emitWarning>): void => {
    const [warning, type] = args;
    const kind = typeof type === 'object' ? type.type : type;
    if (kind === 'ExperimentalWarning' && String(warning).startsWith('WASI ')) return;
    Reflect.apply(emitWarning, process, args);
  };
  process.emitWarning = filtered as typeof emitWarning;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
