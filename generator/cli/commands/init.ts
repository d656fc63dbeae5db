import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { ConfigurationError } from '../../project/errors.js';
import { nameFor, projectTemplates, type TemplateName } from '../../project/scaffold.js';
import { exitCodes } from '../exit-codes.js';
import { formatOption, jsonOption } from '../options.js';
import { folderName } from '../show.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly template?: TemplateName;
  readonly name?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly format: 'text' | 'json';
}

const templateNames = Object.keys(projectTemplates) as TemplateName[];
const width = Math.max(...templateNames.map((each) => each.length));
const list = templateNames.map((each) => `  ${each.padEnd(width)}  ${projectTemplates[each].summary}`).join('\n');

const details = `
Templates:
${list}

Asks for what is not given; with --yes it takes what it would offer. Where nobody can answer and --yes is
not given, it ends with 2. Files that are there are never overwritten without --force.

Examples:
  $ wasi-crypto-gen init demo && cd demo && npm install && npm test
  $ wasi-crypto-gen init demo --template host --yes`;

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .description('make a new project that builds, runs and is tested as it stands')
    .argument('[folder]', 'where (default: here)')
    .addOption(new Option('--template <name>', 'what kind of project (default: guest-core)').choices(templateNames))
    .option('--name <name>', "the name of its package (default: the folder's)")
    .option('-y, --yes', 'ask nothing')
    .option('--force', 'overwrite files that are there')
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (folder: string | undefined, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { scaffold } = await import('../../project/scaffold.js');
      const answers = await answersOf(folder, flags);
      const { folder: made, files } = await scaffold({ ...answers, force: flags.force });
      if (terminal.json) terminal.data({ ok: true, folder: folderName(made), template: answers.template, files });
      else {
        const { bold, dim } = terminal.outColors;
        terminal.out(
          `${bold(folderName(made))}: ${files.length} files ${dim(projectTemplates[answers.template].summary)}`,
        );
        for (const path of files) terminal.out(`  ${path}`);
        const enter = folderName(made) === '.' ? '' : `cd ${folderName(made)} && `;
        terminal.out(`next: ${enter}npm install && npm test`);
      }
      terminal.exitCode = exitCodes.ok;
    });
}

interface Answers {
  readonly folder: string;
  readonly template: TemplateName;
  readonly name: string;
}

async function answersOf(given: string | undefined, { template, name, yes }: Flags): Promise<Answers> {
  if (yes === true) {
    const folder = given ?? '.';
    return { folder, template: template ?? 'guest-core', name: name ?? nameFor(folder) };
  }
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new ConfigurationError(
      'there is nobody to answer questions',
      'add `--yes`, and `--template` and `--name` as you want them',
    );
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<never>((_, reject) => {
    reader.once('close', () => reject(new ConfigurationError('nothing was written', 'all questions need an answer')));
  });
  // Nobody waits for it when all is answered.
  ended.catch(() => {});
  const ask = async (question: string, offered: string): Promise<string> => {
    const answer = await Promise.race([reader.question(`${question} (${offered}) `), ended]);
    return answer.trim() === '' ? offered : answer.trim();
  };
  try {
    const folder = given ?? (await ask('Folder?', '.'));
    const chosen = template ?? templateNamed(await ask(`${list}\nTemplate?`, 'guest-core'));
    return { folder, template: chosen, name: name ?? (await ask('Name of the package?', nameFor(folder))) };
  } finally {
    reader.close();
  }
}

function templateNamed(answer: string): TemplateName {
  const found = templateNames.find((each) => each === answer);
  if (found !== undefined) return found;
  throw new ConfigurationError(`there is no template \`${answer}\``, `templates are ${templateNames.join(', ')}`);
}
