/**
 * What owners are told who do not say where to: names, codes and places of errors on the console. Never their messages,
 * which can quote secret bytes. A guest that can cause errors can cause very many: they are limited, for all hosts of the
 * process together, and what is left out is counted.
 */

/** So many reports at once. */
const MOST = 20;
/** And one more each time this has passed. */
const INTERVAL_MS = 10_000;

export class ErrorReports {
  readonly #write: (text: string) => void;
  readonly #now: () => number;
  #allowed = MOST;
  #counted: number;
  #leftOut = 0;

  /** @param now milliseconds, from whenever */
  constructor(write: (text: string) => void, now: () => number) {
    this.#write = write;
    this.#now = now;
    this.#counted = now();
  }

  report(error: unknown): void {
    const now = this.#now();
    this.#allowed = Math.min(MOST, this.#allowed + (now - this.#counted) / INTERVAL_MS);
    this.#counted = now;
    if (this.#allowed < 1) {
      // Told even if nothing more goes wrong, unless the process ends before.
      if (this.#leftOut === 0) setTimeout(() => this.#tellLeftOut(), INTERVAL_MS).unref();
      this.#leftOut += 1;
      return;
    }
    this.#allowed -= 1;
    this.#write(described(error));
  }

  #tellLeftOut(): void {
    this.#write(`wasi-crypto host: ${this.#leftOut} more errors inside hosts were left out here`);
    this.#leftOut = 0;
  }
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return 'wasi-crypto host: something that is no Error was thrown inside the host';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`wasi-crypto host: ${error.name}${code} inside the host`, ...places].join('\n');
}

export const consoleReports = new ErrorReports(
  (text) => console.error(text),
  () => performance.now(),
);
