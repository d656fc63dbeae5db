import { Command } from 'commander';
import type { FunctionDescription, PassDescription } from '../../abi/describe.js';
import type { CoreSignature } from '../../abi/plan.js';
import { spellingNote } from '../../model/spelling.js';
import { exitCodes } from '../exit-codes.js';
import { featuresOf, gatherFeatures, formatOption, gather, jsonOption } from '../options.js';
import { diagnosticsData, showDiagnostics } from '../show.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly world?: string;
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly format: 'text' | 'json';
}

const details = `
Without a function: every type, with its size, and every function, as they are read, errata applied. With
one: its core signature, and for each parameter and result how it is passed: flattened to which core
parameters, at which offset in memory, with which tags, and whose a handle is. A function goes by its
name, or with its module before \`#\`; \`_\` and \`-\` are alike.

Examples:
  $ wasi-crypto-gen inspect 0.10
  $ wasi-crypto-gen inspect 0.11 symmetric-state.squeeze
  $ wasi-crypto-gen inspect wit 'streams#input-stream.read' --json`;

export function inspectCommand(terminal: Terminal): Command {
  return new Command('inspect')
    .description('show what definitions mean, and how a function crosses the boundary')
    .argument('<definitions>', 'a revision shipped with this version, or a definition file or a folder of them')
    .argument('[function]', 'whose plan to show')
    .option('--world <name>', 'WIT: only what this world needs (default: all worlds)')
    .option(
      '--features <names>',
      'WIT: turn on `@unstable` features, separated by commas; repeat it for more',
      gatherFeatures,
    )
    .option('--all-features', 'WIT: turn on all of them')
    .option('--include <name>', 'only this interface, module or function; repeat it for more', gather)
    .option('--exclude <name>', 'not this one; repeat it for more', gather)
    .addOption(formatOption())
    .addOption(jsonOption())
    .allowExcessArguments(false)
    .addHelpText('after', details)
    .action(async (spec: string, func: string | undefined, flags: Flags) => {
      terminal.json = flags.format === 'json';
      const { inspectDefinitions } = await import('../../project/inspect.js');
      const { world, include, exclude } = flags;
      const { text, surface, functions, diagnostics } = inspectDefinitions({
        spec,
        func,
        world,
        include,
        exclude,
        features: featuresOf(flags),
      });
      if (terminal.json)
        terminal.data({
          ok: surface !== undefined,
          ...(func === undefined && { model: surface ?? null }),
          functions,
          diagnostics: await diagnosticsData(diagnostics),
        });
      else {
        await showDiagnostics(diagnostics, { errorsOnly: true }, terminal);
        if (surface === undefined) terminal.complain('the definitions have errors');
        else if (func === undefined)
          showModel(
            text,
            surface.modules.map(({ name }) => name),
            terminal,
          );
        else for (const each of functions) showFunction(each, terminal);
      }
      terminal.exitCode = surface === undefined ? exitCodes.definitions : exitCodes.ok;
    });
}

function showModel(text: string, modules: readonly string[], terminal: Terminal): void {
  terminal.write(text);
  for (const note of modules.flatMap((each) => spellingNote(each) ?? [])) terminal.out(`\nnote: ${note}`);
}

function showFunction(described: FunctionDescription, terminal: Terminal): void {
  const { bold, dim } = terminal.outColors;
  const { module, name, core, exported, why, params, results, errno, allocates } = described;
  terminal.out(bold(`${module}#${name}`));
  const note = spellingNote(module);
  if (note !== undefined) terminal.out(dim(`  ${note}`));
  if (core === null) {
    terminal.out(`  no core function: ${why ?? ''}`);
    return;
  }
  terminal.out(`  core ${signature(core)}`);
  if (exported !== null && signature(exported) !== signature(core))
    terminal.out(`  core, exported ${signature(exported)}`);
  for (const { name: param, flat, offset, ...pass } of params) {
    const where =
      offset === undefined ? (flat.length === 0 ? 'no core parameters' : flat.join(', ')) : `memory, offset ${offset}`;
    terminal.out(`  param ${param}: ${headOf(pass)} ${dim(`<- ${where}`)}`);
    showParts(pass, '    ', terminal);
  }
  for (const { at, ...pass } of results) {
    terminal.out(`  result: ${headOf(pass)} ${dim(at === 'returned' ? '-> returned' : `-> memory at ${at}`)}`);
    showParts(pass, '    ', terminal);
  }
  if (errno !== null) terminal.out(`  returns errno ${errno}: 0, or no result is written`);
  if (allocates !== null && (allocates.import || allocates.export)) {
    const who = [allocates.import && 'whoever imports it', allocates.export && 'whoever exports it'].filter(Boolean);
    terminal.out(`  ${who.join(' and ')} needs cabi_realloc`);
  }
}

function signature({ params, result }: CoreSignature): string {
  const list = params.map(({ name, type }) => `${name}: ${type}`).join(', ');
  return `(${list})${result === undefined ? '' : ` -> ${result}`}`;
}

function headOf({ how, type, size, align, repr, ownership, access, stride, payloadOffset }: PassDescription): string {
  const facts = [
    `${size} bytes, aligned to ${align}`,
    ownership === undefined ? undefined : ownership === 'own' ? 'goes over to the callee' : 'lent for the call',
    access === undefined ? undefined : access === 'in' ? 'the callee reads it' : 'the callee fills it',
    stride === undefined ? undefined : `an element each ${stride} bytes`,
    repr === undefined ? undefined : `tag ${repr}`,
    payloadOffset === undefined ? undefined : `payload at ${payloadOffset}`,
  ];
  return `${how === type ? how : `${how} ${type}`} (${facts.filter((each) => each !== undefined).join('; ')})`;
}

function showParts({ how, parts = [], cases = [] }: PassDescription, indent: string, terminal: Terminal): void {
  for (const { name, offset, ...part } of parts) {
    terminal.out(`${indent}+${offset} ${name}: ${headOf(part)}`);
    showParts(part, `${indent}  `, terminal);
  }
  if (how === 'enum' || how === 'flags') {
    terminal.out(`${indent}${cases.map(({ name, tag }) => `${tag} ${name}`).join(', ')}`);
    return;
  }
  for (const { name, tag, holds } of cases) {
    terminal.out(`${indent}${tag} ${name}${holds === undefined ? '' : `: ${headOf(holds)}`}`);
    if (holds !== undefined) showParts(holds, `${indent}  `, terminal);
  }
}
