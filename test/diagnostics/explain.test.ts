/** Every explanation is true: its wrong example has the diagnostic, its right one has none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { catalog, type Code } from '../../generator/diagnostics/catalog.js';
import { explanations, type Example } from '../../generator/diagnostics/explain/index.js';
import { it, wasiCryptoGen } from '../cli/command-line.js';

interface Outcome {
  readonly diagnostics?: readonly { readonly code: string }[];
  readonly folders?: readonly { readonly diagnostics: readonly { readonly code: string }[] }[];
  readonly error?: { readonly message: string; readonly diagnostics?: readonly { readonly code: string }[] };
}

/** The codes that an example gives, and what stops it otherwise. */
async function codesOf(folder: string, { files, command }: Example): Promise<readonly string[]> {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const [, ...args] = command.split(' ');
  const { stdout } = await wasiCryptoGen([...args, '--json'], { cwd: folder });
  const { diagnostics = [], folders = [], error } = JSON.parse(stdout) as Outcome;
  const found = [...diagnostics, ...folders.flatMap((each) => each.diagnostics), ...(error?.diagnostics ?? [])];
  if (error !== undefined && found.length === 0) throw new Error(error.message);
  return [...new Set(found.map(({ code }) => code))];
}

const codes = Object.keys(catalog) as readonly Code[];
/** Programs get this one, whose tests show it; and this one needs a tool that is not installed. */
const elsewhere: readonly Code[] = ['target-without-dialect', 'untested-tool'];
const runnable = codes.filter((code) => !elsewhere.includes(code));

const severityOf = (code: string): string | undefined =>
  codes.flatMap((each) => (each === code ? catalog[each].severity : []))[0];

describe('an example that is called wrong has the diagnostic', () => {
  it.for(runnable)('%s', async (code, { folder }) => {
    expect(await codesOf(folder, explanations[code].wrong)).toContain(code);
  });
});

describe('an example that is called right has it no more, and no error', () => {
  it.for(runnable)('%s', async (code, { folder }) => {
    const found = await codesOf(folder, explanations[code].right);
    expect(found.filter((each) => each === code || severityOf(each) === 'error')).toEqual([]);
  });
});

describe('explain', () => {
  it('takes a code as the diagnostic shows it', async () => {
    const { code, stdout } = await wasiCryptoGen(['explain', 'error[unknown-name]']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^error\[unknown-name\]\nNothing of this name .*\n\nWrong\n\n  app\.witx:\n/);
    expect(stdout).toMatch(/\nRight\n[^]*\$ wasi-crypto-gen generate app\.witx\n$/);
  });

  it('lists every code with its meaning', async () => {
    const { stdout } = await wasiCryptoGen(['explain']);
    expect(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(' ')[0]),
    ).toEqual(codes);
    const { stdout: json } = await wasiCryptoGen(['explain', '--json']);
    expect((JSON.parse(json) as readonly { readonly code: string }[]).map(({ code }) => code)).toEqual(codes);
  });

  it('suggests the code that a misspelt one is like', async () => {
    const { code, stderr } = await wasiCryptoGen(['explain', 'unknwon-name']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean `unknown-name`?');
  });

  it('cuts examples that count to a limit', async () => {
    const { stdout } = await wasiCryptoGen(['explain', 'type-too-deep']);
    expect(stdout.split('\n').length).toBeLessThan(40);
  });
});
