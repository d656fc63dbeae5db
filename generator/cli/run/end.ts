/** How a guest ended that did not exit. */
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { demangled } from './demangle.js';
import { WebAssembly } from './web-assembly.js';

const shownFrames = 10;

/** Tells of a trap, with the guest's part of the stack. Returns the exit code; undefined: it is no trap. */
export async function showTrap(error: unknown, guest: string, terminal: Terminal): Promise<number | undefined> {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  const frames = framesOf(error);
  // A stack overflow is a RangeError, everything else that wasm does wrong a RuntimeError.
  const isOverflow = error instanceof RangeError && frames.length > 0;
  if (!isOverflow && !(error instanceof WebAssembly.RuntimeError)) return undefined;
  terminal.complain(`\`${guest}\` trapped: ${message}`);
  for (const { name, place } of frames.slice(0, shownFrames))
    terminal.error(`    at ${name === undefined ? place : `${await demangled(name)} (${place})`}`);
  return exitCodes.guestAborted;
}

interface Frame {
  readonly name: string | undefined;
  /** `wasm-function[12]:0x3f2` */
  readonly place: string;
}

/** The guest's part of a stack. */
function framesOf({ stack = '' }: Error): readonly Frame[] {
  const lines = stack.matchAll(/^\s*at (?:(\S.*?) \()?wasm:\/\/\S*?(wasm-function\[\d+\]:0x[0-9a-f]+)\)?$/gm);
  return [...lines].map(([, name, place = '']) => ({ name, place }));
}
