/** The process's streams, variables and exit code, with colours where they can be seen. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** What the command line uses of the process it is. */
export interface Surroundings {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: NodeJS.ProcessEnv;
  exitCode?: number | string | null | undefined;
}

export class Terminal {
  readonly #process: Surroundings;
  readonly outColors: Colors;
  readonly errorColors: Colors;
  /** Set by commands with `--format json`: errors then are JSON too. */
  json = false;
  /** Set by `--silent`: nothing is printed. */
  silent = false;
  /** Set by `--debug`, or by WASI_CRYPTO_GEN_DEBUG: bugs show their stack. */
  debug: boolean;

  constructor(surroundings: Surroundings) {
    this.#process = surroundings;
    const { stdout, stderr, env } = surroundings;
    this.debug = (env.WASI_CRYPTO_GEN_DEBUG ?? '') !== '';
    this.outColors = colorsFor(stdout, env);
    this.errorColors = colorsFor(stderr, env);
    // A reader that has seen enough (`… | head`) is no error: what follows is dropped, the exit code stays.
    const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
      if (error.code !== 'EPIPE') throw error;
    };
    stdout.on('error', ignoreClosedPipe);
    stderr.on('error', ignoreClosedPipe);
  }

  get env(): NodeJS.ProcessEnv {
    return this.#process.env;
  }

  /** Text as it is, without a line feed after it. */
  write(text: string): void {
    if (!this.silent) this.#process.stdout.write(text);
  }

  out(text: string): void {
    this.write(`${text}\n`);
  }

  error(text: string): void {
    if (!this.silent) this.#process.stderr.write(`${text}\n`);
  }

  /** One JSON document on standard output. */
  data(value: unknown): void {
    this.out(JSON.stringify(value, undefined, 2));
  }

  /** A message of the program itself, with what to do about it. */
  complain(message: string, hint?: string): void {
    const { red, bold, cyan } = this.errorColors;
    this.error(`${red(bold('error'))}: ${message}`);
    if (hint !== undefined) this.error(`${bold(cyan('hint'))}: ${hint}`);
  }

  /**
   * Says what takes long while it does, where a person watches; nothing of it stays.
   *
   * @param what such as `compiling guest.ts`
   */
  async during<Result>(what: string, work: () => Result | Promise<Result>): Promise<Result> {
    const { stderr, env } = this.#process;
    if (stderr.isTTY !== true || env.TERM === 'dumb' || this.silent || this.json) return work();
    stderr.write(`${what} …`);
    try {
      return await work();
    } finally {
      // To the begin of the line, which is erased (ECMA-48: CR, EL).
      stderr.write('\r\x1b[K');
    }
  }

  set exitCode(code: number) {
    this.#process.exitCode = code;
  }
}

/** picocolors' own test (its default, also for `undefined`) says yes in every CI, where output often goes to a file. */
function colorsFor(stream: OutputStream, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Colors {
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  return picocolors.createColors(!refused && (forced || (stream.isTTY === true && TERM !== 'dumb')));
}
