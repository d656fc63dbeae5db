/**
 * The drill for a new way of passing values: the plan has one more, and every walk over passes fails to compile
 * until it says what becomes of it. Walks that return nothing fail the linter instead, so none may have a
 * `default:`.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../shared.js';

const planFile = join(projectRoot, 'generator/abi/plan.ts');

/** A walk over passes that does not know the new one. */
interface Walk {
  /** The file, and the function that walks. */
  readonly place: string;
  readonly file: string;
  readonly fails: boolean;
  readonly returnsNothing: boolean;
  readonly hasDefault: boolean;
}

/** All walks, after `change` gave the plan something new called `newcomer`. */
function walksAfter(change: (plan: string) => string): readonly Walk[] {
  const config = join(projectRoot, 'test/tsconfig.json');
  const parsed = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    join(projectRoot, 'test'),
  );
  const host = ts.createCompilerHost(parsed.options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => (relative(path, planFile) === '' ? change(read(path) ?? '') : read(path));
  const tests = ['test/abi', 'test/abi/canonical'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(projectRoot, folder, name)),
  );
  const program = ts.createProgram([join(projectRoot, 'generator/targets/index.ts'), ...tests], parsed.options, host);
  const checker = program.getTypeChecker();
  return program
    .getSourceFiles()
    .filter(({ fileName }) => /\/(generator|test\/abi)\//.test(fileName) && !fileName.includes('/node_modules/'))
    .flatMap((source) => {
      const errors = program.getSemanticDiagnostics(source);
      return switchesIn(source)
        .filter(({ expression }) => mentionsNewcomer(checker.getTypeAtLocation(expression)))
        .map((each): Walk => {
          const walker = walkerOf(each);
          const signature = checker.getSignatureFromDeclaration(walker);
          const file = relative(projectRoot, source.fileName);
          return {
            place: `${file}: ${walker.name?.getText() ?? 'a function'}`,
            file,
            fails: errors.some(({ start = -1 }) => start >= walker.pos && start < walker.end),
            returnsNothing:
              signature !== undefined && (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Void) !== 0,
            hasDefault: each.caseBlock.clauses.some(ts.isDefaultClause),
          };
        });
    });
}

function switchesIn(source: ts.SourceFile): readonly ts.SwitchStatement[] {
  const found: ts.SwitchStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isSwitchStatement(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function mentionsNewcomer(type: ts.Type): boolean {
  return type.isUnion() ? type.types.some(mentionsNewcomer) : type.isStringLiteral() && type.value === 'newcomer';
}

function walkerOf(node: ts.Node): ts.SignatureDeclaration {
  for (let current = node.parent; ; current = current.parent) {
    if (ts.isFunctionLike(current)) return current;
  }
}

/** Gives a union of the plan one more member. A drill whose edit hit nothing would prove nothing. */
function widened(plan: string, union: string): string {
  const head = new RegExp(`export type ${union} =\\s*\\|?`);
  if (!head.test(plan)) throw new Error(`the plan has no ${union}`);
  return plan.replace(head, `export type ${union} = NewPass |`);
}

/** One more kind of number. */
function withNewSingle(plan: string): string {
  return `${widened(plan, 'SinglePass')}
export interface NewPass extends Value { readonly shape: 'single'; readonly how: 'newcomer' }\n`;
}

/** One more structure, which both ABIs pass, as parameters and as results. */
function withNewShape(plan: string): string {
  return `${['CorePass', 'OutPass', 'CanonicalPass'].reduce(widened, plan)}
export interface NewPass extends Value { readonly shape: 'newcomer'; readonly how: 'newcomer' }\n`;
}

describe.each([
  { what: 'a kind of number', change: withNewSingle },
  { what: 'a structure', change: withNewShape },
])('after $what is added to what can be passed', ({ change }) => {
  const walks = walksAfter(change);

  it('every walk that returns something fails to compile', () => {
    expect(walks.filter((each) => !each.fails && !each.returnsNothing).map(({ place }) => place)).toEqual([]);
  });

  it('no walk swallows it', () => {
    expect(walks.filter((each) => each.hasDefault).map(({ place }) => place)).toEqual([]);
  });

  it('both ABIs, all targets and both interpreters are among those that fail', () => {
    const files = new Set(walks.filter((each) => each.fails).map(({ file }) => file));
    expect([...files]).toEqual(
      expect.arrayContaining([
        'generator/targets/assemblyscript-guest/values.ts',
        'generator/targets/assemblyscript-guest/component/slots.ts',
        'generator/targets/component-host/lifting.ts',
        'generator/targets/component-host/writing.ts',
        'generator/targets/typescript-host/values.ts',
        'test/abi/interpret.ts',
        'test/abi/canonical/interpret.ts',
      ]),
    );
  });
});
