/**
 * The drill for a new way of passing values: the plan has one more, and every walk over passes fails to compile
 * until it says what becomes of it. Walks that return nothing fail the linter instead, so none may have a
 * `default:`; and none may ask by comparing, where what is new is silently one of the others.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../shared.js';

const planFile = join(projectRoot, 'generator/abi/plan.ts');

/** A place that decides by the structure or the kind of a pass, and does not know the new one. */
interface Place {
  /** The file, and the function. */
  readonly name: string;
  readonly file: string;
  readonly by: 'switch' | 'table' | 'comparison';
  readonly fails: boolean;
  readonly returnsNothing: boolean;
  readonly hasDefault: boolean;
}

const config = join(projectRoot, 'test/tsconfig.json');
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
  ts.sys,
  join(projectRoot, 'test'),
);
const host = ts.createCompilerHost(options);
const sources = new Map<string, ts.SourceFile | undefined>();
const tests = ['test/abi', 'test/abi/canonical'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(projectRoot, folder, name)),
);

/** All places, after `change` gave the plan something new called `newcomer`. */
function placesAfter(change: (plan: string) => string): readonly Place[] {
  const changing: ts.CompilerHost = {
    ...host,
    getSourceFile(path, languageVersion) {
      if (relative(path, planFile) === '')
        return ts.createSourceFile(path, change(ts.sys.readFile(path) ?? ''), languageVersion);
      if (!sources.has(path)) sources.set(path, host.getSourceFile(path, languageVersion));
      return sources.get(path);
    },
  };
  const program = ts.createProgram([join(projectRoot, 'generator/targets/index.ts'), ...tests], options, changing);
  const checker = program.getTypeChecker();
  const asksNewcomer = (node: ts.Node): boolean => mentionsNewcomer(checker.getTypeAtLocation(node));
  return program
    .getSourceFiles()
    .filter(({ fileName }) => /\/(generator|test\/abi)\//.test(fileName) && !fileName.includes('/node_modules/'))
    .flatMap((source) => {
      const errors = program.getSemanticDiagnostics(source);
      const file = relative(projectRoot, source.fileName);
      return nodesOf(source).flatMap((node): readonly Place[] => {
        const by = decision(node, asksNewcomer);
        if (by === undefined) return [];
        const decider = functionOf(node);
        const signature = checker.getSignatureFromDeclaration(decider);
        return [
          {
            name: `${file}: ${decider.name?.getText() ?? 'a function'}`,
            file,
            by,
            fails: errors.some(({ start = -1 }) => start >= decider.pos && start < decider.end),
            returnsNothing:
              signature !== undefined && (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Void) !== 0,
            hasDefault: ts.isSwitchStatement(node) && node.caseBlock.clauses.some(ts.isDefaultClause),
          },
        ];
      });
    });
}

/** How a node decides by what satisfies a condition, if it does. */
function decision(node: ts.Node, asks: (node: ts.Node) => boolean): Place['by'] | undefined {
  if (ts.isSwitchStatement(node) && asks(node.expression)) return 'switch';
  if (ts.isElementAccessExpression(node) && asks(node.argumentExpression)) return 'table';
  if (ts.isBinaryExpression(node) && isComparison(node) && (asks(node.left) || asks(node.right))) return 'comparison';
  return ts.isCallExpression(node) && node.arguments.some(asks) ? 'comparison' : undefined;
}

function isComparison({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.EqualsEqualsEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

function nodesOf(source: ts.SourceFile): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function mentionsNewcomer(type: ts.Type): boolean {
  return type.isUnion() ? type.types.some(mentionsNewcomer) : type.isStringLiteral() && type.value === 'newcomer';
}

function functionOf(node: ts.Node): ts.SignatureDeclaration {
  for (let current = node.parent; ; current = current.parent) {
    if (ts.isFunctionLike(current)) return current;
  }
}

/** Gives unions of the plan one more member. A drill whose edit hit nothing would prove nothing. */
function widened(plan: string, unions: readonly string[], member: (union: string) => string): string {
  return unions.reduce((text, union) => {
    const head = new RegExp(`export type ${union}(<Part>)? =\\s*\\|?`);
    if (!head.test(text)) throw new Error(`the plan has no ${union}`);
    return text.replace(head, `$& ${member(union)} |`);
  }, plan);
}

const all = ['CorePass', 'OutPass', 'CanonicalPass'];

const drills = [
  {
    what: 'a number',
    change: (plan: string) =>
      `${widened(plan, ['SinglePass'], () => 'NewPass')}
      export interface NewPass extends Value { readonly shape: 'single'; readonly how: 'newcomer' }`,
  },
  ...['Product', 'Sum'].map((structure) => ({
    what: `a ${structure.toLowerCase()}`,
    change: (plan: string) =>
      `${widened(
        widened(plan, all, (union) => `NewPass<${union}>`),
        [`${structure}Pass`],
        () => 'NewPass<Part>',
      )}
      export interface NewPass<Part> extends ${structure}<Part> { readonly how: 'newcomer' }`,
  })),
  {
    what: 'a structure',
    change: (plan: string) =>
      `${widened(plan, all, () => 'NewPass')}
      export interface NewPass extends Value { readonly shape: 'newcomer'; readonly how: 'newcomer' }`,
  },
].map((drill) => ({ ...drill, places: placesAfter(drill.change) }));

function namesOf(places: readonly Place[]): readonly string[] {
  return places.map(({ name, by }) => `${name} (${by})`);
}

describe.each(drills)('after $what is added to what can be passed', ({ places }) => {
  it('every walk that returns something fails to compile', () => {
    const walks = places.filter(({ by }) => by !== 'comparison');
    expect(namesOf(walks.filter((each) => !each.fails && !each.returnsNothing))).toEqual([]);
  });

  it('no walk swallows it', () => {
    expect(namesOf(places.filter((each) => each.hasDefault))).toEqual([]);
  });

  it('the generator asks for no kind by comparing', () => {
    expect(namesOf(places.filter(({ by, file }) => by === 'comparison' && file.startsWith('generator/')))).toEqual([]);
  });
});

// A file that needs its walk no more leaves this list. A new one is found without it.
it('both ABIs, all targets and both interpreters are among what fails', () => {
  const files = new Set(drills.flatMap(({ places }) => places.filter((each) => each.fails).map(({ file }) => file)));
  expect([...files]).toEqual(
    expect.arrayContaining([
      'generator/abi/canonical.ts',
      'generator/abi/layout.ts',
      'generator/abi/preview1.ts',
      'generator/abi/shape.ts',
      'generator/targets/assemblyscript-guest/call.ts',
      'generator/targets/assemblyscript-guest/component/call.ts',
      'generator/targets/assemblyscript-guest/component/codecs.ts',
      'generator/targets/assemblyscript-guest/component/errno.ts',
      'generator/targets/assemblyscript-guest/component/parts.ts',
      'generator/targets/assemblyscript-guest/component/slots.ts',
      'generator/targets/assemblyscript-guest/component/values.ts',
      'generator/targets/assemblyscript-guest/component/world-file.ts',
      'generator/targets/assemblyscript-guest/shapes.ts',
      'generator/targets/assemblyscript-guest/spelling.ts',
      'generator/targets/assemblyscript-guest/values.ts',
      'generator/targets/component-host/function.ts',
      'generator/targets/component-host/lifting.ts',
      'generator/targets/component-host/writing.ts',
      'generator/targets/typescript-host/module-file.ts',
      'generator/targets/typescript-host/values.ts',
      'generator/targets/typescript/products.ts',
      'test/abi/calls.ts',
      'test/abi/canonical/interpret.ts',
      'test/abi/canonical/values.ts',
      'test/abi/interpret.ts',
      'test/abi/print-plan.ts',
    ]),
  );
});
