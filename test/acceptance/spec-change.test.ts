/**
 * The drill for a new revision of the proposal: definitions change, everything is generated anew, and
 * what the runtime lacks shows as a type error in the file that must change, while it still links.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { assemblyscriptGuest } from '../../generator/targets/assemblyscript-guest/index.js';
import { typescriptHost } from '../../generator/targets/typescript-host/index.js';
import { emit, plannedUnit, typeErrors } from '../generated.js';
import { projectRoot } from '../shared.js';
import { compile, instantiate, runtimes } from '../targets/assemblyscript-guest/asc.js';
import { RuntimeProgram } from './runtime-program.js';

let folder: string;
let program: RuntimeProgram;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wasi-crypto-gen-drill-')));
  program = new RuntimeProgram(folder);
  changeDefinitions(join(projectRoot, 'witx/0.10'), join(folder, 'witx'));
  for (const part of ['runtime', 'templates']) cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  // The components' side of the runtime, and the extension: they stay as they are.
  for (const part of ['0.11/component-host', 'extension-0.1/witx/typescript-host', 'extension-0.1/wit/component-host'])
    cpSync(join(projectRoot, 'generated', part), join(folder, 'generated', part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const host = await emit(typescriptHost, plannedUnit('0.10', join(folder, 'witx')));
  for (const [path, text] of host) write(join(folder, 'generated/0.10/typescript-host', path), text);
});

/** A new function, a new handle kind, a new enum case, a renamed parameter and a removed function. */
function changeDefinitions(from: string, to: string): void {
  const changes: Readonly<Record<string, (text: string) => string>> = {
    'wasi_ephemeral_crypto_common.witx': (text) =>
      replaced(
        replaced(text, /( *)\$expired\)/, '$1$expired\n$1$quota_exceeded)'),
        /( *)\(typename \$symmetric_tag \(handle \$handle\)\)\n/,
        '$&$1(typename $password_pot (handle $handle))\n',
      ),
    'wasi_ephemeral_crypto_symmetric.witx': (text) =>
      replaced(
        replaced(
          replaced(text, /\(param \$alg_str string\)/, '(param $target_algorithm string)'),
          /\(@interface func \(export "symmetric_state_ratchet"\)[^]*?\n\n/,
          '',
        ),
        /\)\s*$/,
        `

  ;;; Reads how many bytes are left.
  (@interface func (export "symmetric_state_budget")
    (param $handle $symmetric_state)
    (param $label string)
    (result $error (expected $u64 (error $crypto_errno)))
  )
  (@interface func (export "password_pot_open")
    (param $size $size)
    (result $error (expected $password_pot (error $crypto_errno)))
  )
  (@interface func (export "password_pot_close")
    (param $handle $password_pot)
    (result $error (expected (error $crypto_errno)))
  )
)
`,
      ),
  };
  for (const name of readdirSync(from))
    write(join(to, name), (changes[name] ?? ((text) => text))(readFileSync(join(from, name), 'utf8')));
}

/** A drill whose edit hit nothing would prove nothing. */
function replaced(text: string, pattern: RegExp, by: string): string {
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error(`nothing matches ${pattern.source}`);
  return changed;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('after the definitions changed', () => {
  it('the host bindings compile under the strictest options', async () => {
    expect(typeErrors(await emit(typescriptHost, plannedUnit('0.10', join(folder, 'witx'))))).toEqual([]);
  });

  it.each(runtimes)(
    'a guest of the new bindings compiles with the %s runtime and reaches what is new',
    async (runtime) => {
      const generated = await emit(assemblyscriptGuest, plannedUnit('0.10', join(folder, 'witx')));
      const compiled = await compile(
        generated,
        `import { CryptoErrno, errno, hash, Out, PasswordPot, SymmetricState, value } from "wasi-crypto";
      export function all(digest: usize): i32 {
        const buffer = new StaticArray<u8>(32);
        const budget = new Out<u64>();
        if (errno(PasswordPot.open(5)) != CryptoErrno.Success) return 1;
        if (SymmetricState.of(7).budget("label", budget) != CryptoErrno.QuotaExceeded) return 2;
        return hash("SHA-256", buffer, buffer) == CryptoErrno.NotImplemented ? 0 : 3;
      }`,
        ['--runtime', runtime],
      );
      expect(compiled.messages).toEqual('');
      const calls: string[] = [];
      const answer = (name: string, errno: number) => () => {
        calls.push(name);
        return errno;
      };
      const guest = await instantiate(compiled, {
        wasi_ephemeral_crypto_symmetric: {
          password_pot_open: answer('open', 0),
          symmetric_state_budget: answer('budget', 31),
          symmetric_state_open: answer('hash', 2),
          symmetric_state_absorb: answer('absorb', 0),
          symmetric_state_squeeze: answer('squeeze', 0),
          symmetric_state_close: answer('close', 0),
        },
      });
      expect(guest.exports['all']?.()).toBe(0);
      expect(calls).toEqual(['open', 'budget', 'hash']);
    },
  );

  it('the type checker names the one runtime file that must change, and there the missing functions and the missing kind', () => {
    const found = program.problems();
    expect([...new Set(found.map((each) => each.file))]).toEqual(['runtime/hosts/preview1.ts']);
    const named = found.map(
      (each) => /Property 'passwordPot' is missing|: symmetricStateBudget, passwordPotOpen$/.exec(each.text)?.[0],
    );
    expect(new Set(named)).toEqual(
      new Set(["Property 'passwordPot' is missing", ': symmetricStateBudget, passwordPotOpen']),
    );
  });

  it('the runtime still links, and new functions answer not_implemented', async () => {
    program.emit();
    const { createWasiCrypto } = (await import(
      pathToFileURL(join(folder, 'dist/runtime/index.js')).href
    )) as typeof import('../../runtime/index.js');
    const host = createWasiCrypto();
    const memory = new WebAssembly.Memory({ initial: 1 });
    host.attach(memory);
    const imports = host.imports.wasi_ephemeral_crypto_symmetric as unknown as Readonly<
      Record<string, (...core: (number | bigint)[]) => number>
    >;
    const view = new DataView(memory.buffer);
    new TextEncoder().encodeInto('SHA-256', new Uint8Array(memory.buffer, 64));
    view.setUint8(16, 1);
    view.setUint8(32, 1);
    expect(imports['symmetric_state_open']?.(64, 7, 16, 32, 8)).toBe(0);
    const state = view.getUint32(8, true);
    expect(imports['symmetric_state_budget']?.(state, 64, 7, 8)).toBe(2);
    expect(imports['password_pot_open']?.(1, 8)).toBe(2);
    expect(imports['password_pot_close']?.(1)).toBe(15);
    expect(imports['symmetric_state_ratchet']).toBeUndefined();
    expect(imports['symmetric_state_close']?.(state)).toBe(0);
    host.close();
  });
});
