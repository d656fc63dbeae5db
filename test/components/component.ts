/** Small components for tests, made of core modules in text format. */
import { loadJco, type Jco } from '../../generator/components/jco.js';

/** What tests use of jco besides. */
interface Parser {
  parse(text: string): Promise<Uint8Array>;
}

export const jco = (await loadJco()).api as Jco & Parser;

/** A component of a module in text format. */
export async function componentOf(module: string, wit: string, world: string): Promise<Uint8Array> {
  const binary = await jco.parse(module);
  const described = await jco.componentEmbed({
    binary,
    witSource: wit,
    world,
    stringEncoding: 'utf8',
    features: { tag: 'list', val: [] },
  });
  return jco.componentNew(described, null);
}

/** It logs a number, and returns the number after it. */
export async function counter(): Promise<Uint8Array> {
  const module = `(module
    (import "test:app/host@1.0.0" "log" (func $log (param i32)))
    (func (export "count-on") (param $from i32) (result i32)
      (call $log (local.get $from))
      (i32.add (local.get $from) (i32.const 1))))`;
  const wit = `package test:app@1.0.0;
    interface host { log: func(number: u32); }
    world counter { import host; export count-on: func(%from: u32) -> u32; }`;
  return componentOf(module, wit, 'counter');
}

/** It imports from wasi-crypto, and from the rest of WASI. */
export async function cryptographer(): Promise<Uint8Array> {
  const module = `(module
    (import "wasi:crypto/host@0.11.0" "drop-it" (func $drop))
    (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
    (func (export "run") (call $drop) (drop (call $random))))`;
  const wit = `package test:app;
    world cryptographer { import wasi:crypto/host@0.11.0; import wasi:random/random@0.2.0; export run: func(); }
    package wasi:crypto@0.11.0 { interface host { drop-it: func(); } }
    package wasi:random@0.2.0 { interface random { get-random-u64: func() -> u64; } }`;
  return componentOf(module, wit, 'cryptographer');
}
