/**
 * Finds in the text of a configuration where a key or a value stands. TypeScript reads all of its languages, and
 * is loaded only when there is something to complain of. What the program computes has no place: then it is that of
 * the nearest literal around it.
 */
import type { ts as Typescript } from 'ts-morph';
import type { SourceFile, Span } from '../../source/source.js';
import type { KeyPath } from '../option-keys.js';

type Ts = typeof Typescript;
type Node = Typescript.Node;
type Expression = Typescript.Expression;

/** Finds places in one file. */
export interface Places {
  /** The key itself, or what stands there. */
  find(path: KeyPath, what: 'key' | 'value'): Span | undefined;
}

/** @param base the key under which the configuration stands in the file */
export async function placesIn(file: SourceFile, base: KeyPath): Promise<Places> {
  const { ts } = await import('ts-morph');
  const isJson = file.path.endsWith('.json');
  const source = isJson
    ? ts.parseJsonText(file.path, file.text)
    : ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const root = isJson ? jsonRoot(ts, source) : exported(ts, source);
  return {
    find(path, what) {
      if (root === undefined) return undefined;
      const node = nodeAt(ts, source, root, [...base, ...path], what);
      return { file, start: node.getStart(source), end: node.getEnd() };
    },
  };
}

function jsonRoot(ts: Ts, source: Typescript.SourceFile): Expression | undefined {
  const [statement] = source.statements;
  return statement !== undefined && ts.isExpressionStatement(statement) ? statement.expression : undefined;
}

/** What `export default` or `module.exports =` gives. */
function exported(ts: Ts, source: Typescript.SourceFile): Expression | undefined {
  for (const each of source.statements) {
    if (ts.isExportAssignment(each)) return each.expression;
    if (!ts.isExpressionStatement(each) || !ts.isBinaryExpression(each.expression)) continue;
    const { left, right } = each.expression;
    if (left.getText(source) === 'module.exports') return right;
  }
  return undefined;
}

function nodeAt(ts: Ts, source: Typescript.SourceFile, root: Expression, path: KeyPath, what: 'key' | 'value'): Node {
  let at: Node = root;
  for (const [index, key] of path.entries()) {
    const literal = literalOf(ts, source, at);
    const member = literal === undefined ? undefined : memberOf(ts, literal, key);
    if (member === undefined) return literal ?? at;
    if (index === path.length - 1 && what === 'key' && ts.isPropertyAssignment(member)) return member.name;
    at = ts.isPropertyAssignment(member) ? member.initializer : member;
  }
  return at;
}

/** The object or list that an expression surely is. */
function literalOf(
  ts: Ts,
  source: Typescript.SourceFile,
  node: Node,
): Typescript.ObjectLiteralExpression | Typescript.ArrayLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return node;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return literalOf(ts, source, node.expression);
  if (ts.isCallExpression(node) && node.expression.getText(source) === 'defineConfig') {
    const [config] = node.arguments;
    return config && literalOf(ts, source, config);
  }
  if (!ts.isIdentifier(node)) return undefined;
  // A constant of this file, which nobody changes as a rule.
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer !== undefined && name.getText(source) === node.text) return literalOf(ts, source, initializer);
  }
  return undefined;
}

function memberOf(
  ts: Ts,
  literal: Typescript.ObjectLiteralExpression | Typescript.ArrayLiteralExpression,
  key: string | number,
): Node | undefined {
  if (ts.isArrayLiteralExpression(literal)) {
    const before = literal.elements.slice(0, Number(key) + 1);
    return before.some((each) => ts.isSpreadElement(each)) ? undefined : literal.elements[Number(key)];
  }
  // Of two of one name the last one counts, and what is spread behind it may replace it.
  const at = literal.properties.findLastIndex(
    ({ name }) =>
      name !== undefined &&
      (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name)) &&
      name.text === String(key),
  );
  const hidden = literal.properties.slice(at).some((each) => ts.isSpreadAssignment(each));
  return at < 0 || hidden ? undefined : literal.properties[at];
}
