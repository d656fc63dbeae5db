/** What may stand where a command line is being written. Shells ask by `complete -- WORDS`; see templates/completion. */
import type { Argument, Command, Option } from 'commander';
import { catalog } from '../diagnostics/catalog.js';
import { shippedNames } from '../project/spec.js';
import { shippedDefinitions } from '../shipped.js';
import { listTargets } from '../project/targets.js';

export interface Candidate {
  readonly value: string;
  readonly text: string;
}

/**
 * @param words what stands behind the name of the program; the last one is being written, and may be empty
 * @returns nothing where a file may stand, or anything at all
 */
export async function completionsOf(program: Command, words: readonly string[]): Promise<readonly Candidate[]> {
  const joined = joinEquals(words);
  const current = joined.at(-1) ?? '';
  let command = program;
  let position = 0;
  let waiting: Option | undefined;
  for (const word of joined.slice(0, -1)) {
    if (waiting !== undefined) {
      waiting = undefined;
    } else if (word.startsWith('-')) {
      const option = optionOf(command, word);
      waiting = option?.required === true && !word.includes('=') ? option : undefined;
    } else {
      const below = command.commands.find((each) => each.name() === word);
      if (below === undefined) position += 1;
      command = below ?? command;
      // What stands behind a guest is the guest's.
      if (position > 0 && command.name() === 'run') return [];
    }
  }
  if (waiting !== undefined) return startingWith(current, await valuesOf(waiting));
  if (/^-.*=/.test(current)) {
    const option = optionOf(command, current);
    const head = current.slice(0, current.indexOf('=') + 1);
    const values = option === undefined ? [] : await valuesOf(option);
    return startingWith(
      current,
      values.map(({ value, text }) => ({ value: `${head}${value}`, text })),
    );
  }
  if (current.startsWith('-')) return startingWith(current, optionsOf(command));
  if (command.commands.length > 0) return startingWith(current, commandsOf(command));
  const argument = command.registeredArguments[position];
  return argument === undefined ? [] : startingWith(current, await valuesOf(argument));
}

/** bash makes three words of `--format=json`. */
function joinEquals(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const isSplit = joined.at(-1)?.startsWith('-') === true && (word === '=' || words[index - 1] === '=');
    if (isSplit) joined[joined.length - 1] += word;
    else joined.push(word);
  }
  return joined;
}

function optionOf(command: Command, word: string): Option | undefined {
  const flag = word.replace(/=.*/, '');
  return command.options.find(({ short, long }) => short === flag || long === flag);
}

function startingWith(start: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(start));
}

function commandsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), text: each.description() }));
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', text: description }));
}

/** The values that are known of an argument, or of an option's. */
async function valuesOf(of: Argument | Option): Promise<readonly Candidate[]> {
  const plain = (values: readonly string[]): readonly Candidate[] => values.map((value) => ({ value, text: '' }));
  if (of.argChoices !== undefined) return plain(of.argChoices);
  switch (of.name()) {
    case 'definitions':
    case 'spec':
      return plain([...new Set([...shippedNames(), ...shippedDefinitions()])]);
    case 'old':
    case 'new':
      return plain(shippedDefinitions());
    case 'code':
      return plain(Object.keys(catalog));
    case 'target':
      return (await listTargets()).map(({ id, summary }) => ({ value: id, text: summary }));
    default:
      return [];
  }
}
