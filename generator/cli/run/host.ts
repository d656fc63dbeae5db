/** The host of a guest that is run: made as the command line says, and what the guest used of it. */
import { readFile } from 'node:fs/promises';
import {
  ConfigurationError as HostConfigurationError,
  createWasiCrypto,
  type LimitOptions,
  type PolicyOptions,
  type Usage,
  type WasiCrypto,
  type WasiCryptoOptions,
} from '../../../runtime/index.js';
import type { IsolatedWasiCrypto } from '../../../runtime/isolated.js';
import { whyRefused } from '../../source/disk.js';
import { ConfigurationError } from '../../project/errors.js';
import type { Terminal } from '../terminal.js';

interface HostRequest {
  readonly policy: string | undefined;
  readonly limits: readonly string[];
}

/** A host in this process. Errors: `ConfigurationError`. */
export async function createHost(request: HostRequest): Promise<WasiCrypto> {
  const options = await optionsOf(request);
  return judged(() => createWasiCrypto(options));
}

/** A host for a core module, in a process of its own where that was asked for. Errors: `ConfigurationError`. */
export async function createCoreHost(
  request: HostRequest & { readonly isolated: boolean },
): Promise<WasiCrypto | IsolatedWasiCrypto> {
  if (!request.isolated) return createHost(request);
  const options = await optionsOf(request);
  const { createIsolatedWasiCrypto } = await import('../../../runtime/isolated.js');
  return judged(() => createIsolatedWasiCrypto(options));
}

async function optionsOf({ policy, limits }: HostRequest): Promise<Pick<WasiCryptoOptions, 'policy' | 'limits'>> {
  return { policy: await readPolicy(policy), limits: readLimits(limits) };
}

function judged<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (error instanceof HostConfigurationError) throw new ConfigurationError(error.message);
    // As where a system has no named pipes. The class is loaded with what throws it.
    if (error instanceof Error && error.name === 'IsolationError') throw new ConfigurationError(error.message);
    throw error;
  }
}

/** What looks like no file is a profile: the runtime judges it. */
async function readPolicy(policy: string | undefined): Promise<PolicyOptions> {
  if (policy === undefined) return {};
  if (/^[\w-]+$/.test(policy)) return { profile: policy as NonNullable<PolicyOptions['profile']> };
  let text: string;
  try {
    text = await readFile(policy, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`cannot read the policy \`${policy}\` (${whyRefused(error)})`);
  }
  try {
    return JSON.parse(text) as PolicyOptions;
  } catch (error) {
    throw new ConfigurationError(`the policy \`${policy}\` is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Names and numbers are judged by the runtime; only what is no number is judged here. */
function readLimits(limits: readonly string[]): LimitOptions {
  const entries = limits
    .flatMap((each) => each.split(','))
    .map((each) => {
      const [, name, number] = /^\s*(\w+)\s*=\s*(\d+)\s*$/.exec(each) ?? [];
      if (name === undefined || number === undefined)
        throw new ConfigurationError(
          `\`--limits ${each}\` is not name=number`,
          'for example `--limits totalBytes=1000000`',
        );
      return [name, Number(number)] as const;
    });
  const [twice] = entries.filter(([name], index) => entries.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined) throw new ConfigurationError(`the limit ${twice[0]} is given twice`);
  return Object.fromEntries(entries);
}

/** Totals, then a line for each kind of handle that is open or has cost something. */
export function showUsage({ bytes, handles, calls, cost, byKind }: Usage, terminal: Terminal): void {
  terminal.error(`used: ${calls} calls, cost ${cost}; open in the end: ${handles} handles, ${bytes} bytes`);
  for (const [kind, each] of Object.entries(byKind))
    if (each.handles > 0 || each.bytes > 0 || each.cost > 0)
      terminal.error(`  ${kind}: cost ${each.cost}, ${each.handles} handles, ${each.bytes} bytes`);
}
