/** The C floor: OpenSSL's own calls in a loop in C (`floor/floor.c`), as contestants. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { aeadInput, messageOf, sealed, TAG_BYTES } from './inputs.js';
import type { Contestant } from './rounds.js';

export const FLOOR = 'C floor';

type Floor = (
  name: string,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  message: Uint8Array,
  out: Uint8Array,
  count: number,
) => boolean;

const none = new Uint8Array(0);
let loaded: Floor | undefined;

/** Undefined where there is no C compiler. */
function floor(): Floor | undefined {
  if (loaded !== undefined) return loaded;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers') as {
    readonly include_dir: string;
  };
  const file = `${root}.tmp/floor.node`;
  mkdirSync(`${root}.tmp`, { recursive: true });
  const { status } = spawnSync(
    'cc',
    [
      '-O2',
      '-fPIC',
      '-shared',
      `-I${headers}`,
      `-I${root}runtime/backends/native`,
      `${root}bench/floor/floor.c`,
      '-o',
      file,
    ],
    { stdio: 'inherit' },
  );
  if (status !== 0) return undefined;
  const module: { exports: { readonly floor?: Floor } } = { exports: {} };
  process.dlopen(module, file, constants.dlopen.RTLD_NOW);
  loaded = module.exports.floor;
  return loaded;
}

/** The floor of hashing and of sealing; other operations have none here. Throws unless its result is right. */
export function floorOf(operation: string, length: number): Contestant | undefined {
  const run = floor();
  const message = messageOf(length);
  if (run === undefined) return undefined;
  if (operation === 'SHA-256' || operation === 'SHA-512') {
    const out = new Uint8Array(64);
    return contestant((count) => run(operation.replace('-', ''), none, none, none, message, out, count));
  }
  if (!operation.includes(' encrypt')) return undefined;
  const input = aeadInput(operation);
  const out = new Uint8Array(length + TAG_BYTES);
  const once = contestant((count) => run(input.cipher, input.key, input.nonce, input.associated, message, out, count));
  once.run(1);
  if (Buffer.compare(out, sealed(input, message)) !== 0) throw new Error(`the floor of ${operation} is wrong`);
  return once;
}

function contestant(run: (count: number) => boolean): Contestant {
  return {
    name: FLOOR,
    run(count) {
      if (!run(count)) throw new Error('OpenSSL refused');
    },
  };
}
