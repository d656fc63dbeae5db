/** Node's WASI preview 1, loaded without its warning. */
import { statSync } from 'node:fs';
import type { WASI, WASIOptions } from 'node:wasi';
import { ConfigurationError } from '../../project/errors.js';

export interface WasiRequest {
  readonly args: readonly string[];
  /** `NAME=value`, or `NAME` for this process's own value. */
  readonly variables: readonly string[];
  /** `host` or `host:guest`. */
  readonly folders: readonly string[];
  /** The module name of the preview before the first, which some old guests import. */
  readonly unstable: boolean;
}

export async function createWasi(request: WasiRequest): Promise<WASI> {
  const options: WASIOptions = {
    version: request.unstable ? 'unstable' : 'preview1',
    args: [...request.args],
    env: Object.fromEntries(request.variables.map(readVariable).filter(([, value]) => value !== undefined)),
    preopens: Object.fromEntries(request.folders.map(readFolder)),
  };
  return withoutWasiWarning(async () => {
    const { WASI } = await import('node:wasi');
    return new WASI(options);
  });
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
