/**
 * The process that has the keys of an isolated host. It reads calls from its guest's process until that ends, and
 * answers each: the host in it sees a memory as large as the guest's, with what calls pass at the same addresses.
 */
import { setImmediate as otherWork } from 'node:timers/promises';
import { ConfigurationError, createWasiCrypto, type WasiCrypto, type WasiCryptoOptions } from '../index.js';
import { defaultLimits } from '../limits.js';
import { functions, partsOf, type Core } from '../hosts/core-functions.js';
import {
  CAPABILITIES,
  CLOSE,
  RETURNED,
  sentError,
  THREW,
  USAGE,
  withoutMessage,
  type Begin,
  type Begun,
  type Note,
  type SentError,
} from './messages.js';
import { PipeClosed, Pipes } from './pipes.js';
import { Mirror } from './mirror.js';

/** The file descriptors after those of every program. */
const [FROM, TO] = [3, 4];

/** A turn takes some µs. */
const CALLS_A_TURN = 1024;

type Imported = (...args: Core[]) => unknown;

const pipes = new Pipes(FROM, TO);
const notes: Note[] = [];

const begin = pipes.readValue() as Begin;
pipes.forget();
const made = await make(begin);
if ('error' in made) answer(made);
else {
  answer({ totalBytes: made.mirror.most });
  await serve(made.crypto, made.mirror);
}
// Threads of stores of keys would go on.
process.exit();

async function make(
  begin: Begin,
): Promise<{ readonly crypto: WasiCrypto; readonly mirror: Mirror } | { readonly error: SentError }> {
  try {
    const options = await optionsOf(begin);
    const crypto = createWasiCrypto(options);
    const mirror = new Mirror(options.limits?.totalBytes ?? defaultLimits.totalBytes);
    crypto.attach(mirror);
    return { crypto, mirror };
  } catch (error) {
    return { error: sentError(error) };
  }
}

function answer(begun: Begun): void {
  pipes.writeValue(begun);
  pipes.send();
}

async function optionsOf({ options, module, events }: Begin): Promise<WasiCryptoOptions> {
  const further = module === undefined ? {} : await furtherOptions(module);
  if (further.keyGeneration === 'background')
    throw new ConfigurationError(
      'invalid-option',
      "keyGeneration cannot be 'background' in an isolated host: its process does nothing between calls",
    );
  const { onError, onEvent } = further;
  return {
    ...further,
    ...options,
    onError: (error) => {
      notes.push({ error: withoutMessage(error) });
      onError?.(error);
    },
    onEvent:
      events || onEvent !== undefined
        ? (event) => {
            if (events) notes.push({ event });
            onEvent?.(event);
          }
        : undefined,
  };
}

async function furtherOptions(module: string): Promise<WasiCryptoOptions> {
  const { default: given } = (await import(module)) as { readonly default?: unknown };
  const options: unknown = typeof given === 'function' ? await (given as () => unknown)() : await given;
  if (typeof options !== 'object' || options === null)
    throw new ConfigurationError(
      'invalid-option',
      `the default export of ${module} must be options of createWasiCrypto, or a function that gives them`,
    );
  return options;
}

/** Until the guest's process closes the pipe, or has ended. */
async function serve(crypto: WasiCrypto, mirror: Mirror): Promise<void> {
  const imports = crypto.imports as Readonly<Record<string, Readonly<Record<string, Imported>>>>;
  const targets = functions.map(({ module, name }) => imports[module]?.[name] as Imported);
  try {
    for (let count = 1; ; count += 1) {
      // What waits for nobody's call has its turn: objects that were collected, threads that ended, timers of `module`.
      if (count % CALLS_A_TURN === 0) await otherWork();
      const asked = pipes.readNumber();
      if (asked === USAGE) tell(crypto.usage());
      else if (asked === CAPABILITIES) tell(crypto.capabilities());
      else if (asked === CLOSE) {
        crypto.close();
        return tell(crypto.usage());
      } else call(asked, targets[asked] as Imported, mirror);
    }
  } catch (error) {
    if (!(error instanceof PipeClosed)) throw error;
  } finally {
    crypto.close();
  }
}

function tell(value: unknown): void {
  pipes.forget();
  pipes.writeValue(value);
  pipes.send();
}

function call(index: number, target: Imported, mirror: Mirror): void {
  const args = readArguments();
  const memorySize = pipes.readNumber();
  const parts = partsOf(functions[index]?.ranges ?? [], args, memorySize);
  mirror.resize(memorySize);
  for (const part of parts) pipes.readBytes(mirror.bytes(part));
  pipes.forget();
  let status = RETURNED;
  let result = 0;
  try {
    result = Number(target(...args) ?? 0);
  } catch (error) {
    status = THREW;
    notes.push({ error: withoutMessage(error) });
  }
  pipes.writeNumber(status);
  pipes.writeNumber(result);
  pipes.writeNumber(notes.length);
  if (notes.length > 0) pipes.writeValue(notes.splice(0));
  for (const part of parts) if (part.written) pipes.writeBytes(mirror.bytes(part));
  pipes.send();
  mirror.wipe(parts);
}

function readArguments(): readonly Core[] {
  const count = pipes.readNumber();
  return Array.from({ length: count }, () => (pipes.readNumber() === 1 ? pipes.readBigint() : pipes.readNumber()));
}
