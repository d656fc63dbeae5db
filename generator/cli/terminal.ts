/** The process's streams and exit code, with colours where they can be seen. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export class Terminal {
  readonly outColors = colorsFor(process.stdout);
  readonly errorColors = colorsFor(process.stderr);
  /** Set by commands with `--format json`: errors then are JSON too. */
  json = false;

  constructor() {
    // A reader that has seen enough (`… | head`) is no error: what follows is dropped, the exit code stays.
    const ignoreClosedPipe = (error: NodeJS.ErrnoException): void => {
      if (error.code !== 'EPIPE') throw error;
    };
    process.stdout.on('error', ignoreClosedPipe);
    process.stderr.on('error', ignoreClosedPipe);
  }

  out(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  error(text: string): void {
    process.stderr.write(`${text}\n`);
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

  set exitCode(code: number) {
    process.exitCode = code;
  }
}

/** picocolors' own test (its default, also for `undefined`) says yes in every CI, where output often goes to a file. */
function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
  return picocolors.createColors(!refused && (forced || (stream.isTTY === true && TERM !== 'dumb')));
}
