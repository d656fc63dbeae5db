/** What runs elsewhere is what runs here: workflows have no step that neither `.ci/run` nor a test runs, too. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../shared.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly 'runs-on': string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const jobsOf = (name: string): Readonly<Record<string, Job>> =>
  (parse(read(`.github/workflows/${name}`)) as { readonly jobs: Readonly<Record<string, Job>> }).jobs;

const project = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

/** Single commands, those that a container runs included. */
function commandsOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ run = '' }) =>
    (/^docker run .* sh -c '([^']*)'$/.exec(run.trim())?.[1] ?? run)
      .split(/&&|\n/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );
}

/** The scripts of a command of npm; a script of nothing but scripts is these. */
function scriptsOf(command: string): readonly string[] {
  const name = /^npm (?:run )?(?:--silent )?([\w:]+)/.exec(command)?.[1];
  if (name === undefined || name === 'ci') return [];
  const parts = (project.scripts[name] ?? '').split('&&').map((each) => each.trim());
  return parts.every((each) => /^npm run [\w:]+$/.test(each)) ? parts.flatMap(scriptsOf) : [name];
}

describe('workflows', () => {
  const workflows = readdirSync(join(projectRoot, '.github/workflows'));

  it.each(workflows)('%s: every command is one that there is', (name) => {
    for (const command of Object.values(jobsOf(name)).flatMap(({ steps }) => commandsOf(steps))) {
      for (const script of scriptsOf(command)) expect(project.scripts, command).toHaveProperty([script]);
      const file = /^node (\S+)/.exec(command)?.[1];
      if (file !== undefined)
        expect(existsSync(join(projectRoot, file.replace(/^dist\/(.*)\.js$/, '$1.ts'))), command).toBe(true);
      expect(command).toMatch(/^(?:npm|node|git diff|apk add) /);
    }
  });

  it('ci.yml runs nothing that `.ci/run`, or a test, does not run here', () => {
    // `packages.test.ts` calls the tools of the first; building checks types, and `.ci/run` those of the tests.
    const otherwise = ['packages:check', 'typecheck', 'test'];
    const here = [...read('.ci/run').matchAll(/npm run --silent ([\w:]+)/g)].map(([, script]) => script);
    expect(here).toEqual(expect.arrayContaining(['generate', 'acceptance']));
    for (const command of Object.values(jobsOf('ci.yml')).flatMap(({ steps }) => commandsOf(steps))) {
      for (const script of scriptsOf(command)) expect([...here, ...otherwise], command).toContain(script);
      if (command.startsWith('node ')) expect(read('.ci/run')).toContain(command);
    }
  });

  it('ci.yml tests on three systems, and on every Node from the oldest that is supported', () => {
    const { matrix } = jobsOf('ci.yml')['test']?.strategy ?? { matrix: {} };
    expect(matrix['os']).toEqual(['ubuntu-latest', 'macos-latest', 'windows-latest']);
    expect(matrix['node']).toEqual([20, 22, 24, 26]);
    expect(project.engines.node).toMatch(/^>=20\./);
  });
});

describe('issue templates', () => {
  it('are forms with a name, a description and fields that are told apart', () => {
    const forms = readdirSync(join(projectRoot, '.github/ISSUE_TEMPLATE')).filter((each) => each !== 'config.yml');
    expect(forms.length).toBeGreaterThan(1);
    for (const each of forms) {
      const form = parse(read(`.github/ISSUE_TEMPLATE/${each}`)) as {
        readonly name: string;
        readonly description: string;
        readonly body: readonly {
          readonly type: string;
          readonly id: string;
          readonly attributes: { label: string };
        }[];
      };
      expect(form).toMatchObject({ name: expect.stringMatching(/\w/), description: expect.stringMatching(/\w/) });
      const ids = form.body.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { type, attributes } of form.body) {
        expect(type).toBe('textarea');
        expect(attributes.label).toMatch(/\w/);
      }
    }
  });
});
