/** How the evidence is written down. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { nativeObjection } from '../../runtime/backends/native/library.js';
import { createWasiCrypto } from '../../runtime/index.js';
import { projectRoot } from '../shared.js';
import type { Amount, Section } from './sections.js';

/** What the evidence is of. */
interface Subject {
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
  /** Of the sources; with a mark where they were changed since. */
  readonly commit: string;
  readonly node: string;
  readonly openssl: string;
  readonly fipsProvider: boolean;
  readonly native: string;
  readonly machine: string;
}

interface Report extends Subject {
  readonly amount: Amount;
  readonly sections: readonly Section[];
}

export function subject(): Subject {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--abbrev=40'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  const { node, openssl, fipsProvider } = createWasiCrypto().capabilities();
  return {
    date: new Date().toISOString(),
    version,
    commit: status === 0 ? stdout.trim() : 'not in a repository',
    node,
    openssl,
    fipsProvider,
    native: nativeObjection() ?? 'in use',
    machine: `${process.platform}-${process.arch}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
  };
}

export function written({ amount, sections, ...of }: Report): string {
  const failures = sections.reduce((sum, section) => sum + section.failures.length, 0);
  const head = [
    `# Evidence of ${of.date.slice(0, 10)}: ${sections.length} parts, ${failures} failures`,
    '',
    ...Object.entries({ ...of, ...amount }).map(([name, value]) => `- ${name}: ${value}`),
  ];
  return [...head, ...sections.flatMap(sectionLines), ''].join('\n');
}

function sectionLines({ title, summary, rows, failures }: Section): readonly string[] {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(Object.values(row)))];
  return [
    '',
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    `${summary}.`,
    ...failures.map((failure) => `- FAILED: ${failure}`),
    ...(rows.length === 0 ? [] : ['', ...table]),
  ];
}
