/** `--link`: what a guest imports beside WASI and wasi-crypto, from modules of the user's. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '../../project/errors.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import type { Imports, Instance } from './web-assembly.js';

export interface Links {
  /** By the guest's name for the module, or the interface. */
  readonly imports: Imports;
  /** Tells each module that wants to know of the instance, before it starts. */
  attach(instance: Instance): void;
}

const usage = 'write `--link MODULE=file.mjs`, where the file exports what the guest imports from MODULE';

/** @param links each `MODULE=file` */
export async function loadLinks(links: readonly string[]): Promise<Links> {
  const imports: Record<string, Readonly<Record<string, unknown>>> = {};
  const attached: ((instance: Instance) => void)[] = [];
  for (const link of links) {
    const [, name = '', file = ''] = /^(.+?)=(.+)$/s.exec(link) ?? [];
    if (name === '') throw new ConfigurationError(`\`--link ${link}\` links nothing`, usage);
    if (Object.hasOwn(imports, name)) throw new ConfigurationError(`\`${name}\` is linked twice`, usage);
    const { default: attach, ...exported } = await load(file);
    if (typeof attach === 'function') attached.push(attach as (instance: Instance) => void);
    imports[name] = exported;
  }
  return { imports, attach: (instance) => attached.forEach((each) => each(instance)) };
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return { ...((await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`\`${file}\` cannot be loaded: ${why}`, usage);
  }
}

/** What came out of a guest with linked modules and is none of ours. Returns the exit code. */
export function showLinkedError(error: unknown, guest: string, terminal: Terminal): number {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.complain(`\`${guest}\` ended by what a linked module threw`);
  for (const line of text.split('\n').slice(0, 4)) terminal.error(`  ${line}`);
  return exitCodes.guestAborted;
}
