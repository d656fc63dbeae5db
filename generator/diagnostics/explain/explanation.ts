/** What a diagnostic means, with an example that has it and one that does not. Tests run both. */
export interface Explanation {
  /** One sentence or two, without the names of a case at hand. */
  readonly meaning: string;
  readonly wrong: Example;
  readonly right: Example;
}

export interface Example {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What to run in their folder. */
  readonly command: string;
}

/** Definitions in one WITX file. */
export function inWitx(meaning: string, wrong: string, right: string): Explanation {
  return { meaning, wrong: inFile('app.witx', wrong), right: inFile('app.witx', right) };
}

/** Definitions in one WIT file. */
export function inWit(meaning: string, wrong: string, right: string): Explanation {
  return { meaning, wrong: inFile('app.wit', wrong), right: inFile('app.wit', right) };
}

/** The one output of a configuration in JSON. */
export function inConfig(meaning: string, wrong: string, right: string): Explanation {
  const example = (text: string): Example => ({
    files: [
      { path: 'wasi-crypto.config.json', text },
      { path: 'app.witx', text: '(typename $size u32)' },
    ],
    command: 'wasi-crypto-gen generate',
  });
  return { meaning, wrong: example(wrong), right: example(right) };
}

/** Files and a command: a line `--- path` begins a file, the last line is the command. */
export function inFiles(meaning: string, wrong: string, right: string): Explanation {
  return { meaning, wrong: fromText(wrong), right: fromText(right) };
}

function inFile(path: string, text: string): Example {
  return { files: [{ path, text }], command: `wasi-crypto-gen generate ${path}` };
}

function fromText(text: string): Example {
  const lines = text.split('\n');
  const files = lines
    .slice(0, -1)
    .join('\n')
    .split(/^--- /m)
    .slice(1)
    .map((part) => {
      const [path = '', ...rest] = part.split('\n');
      return { path, text: rest.join('\n').trimEnd() };
    });
  return { files, command: lines.at(-1) ?? '' };
}
