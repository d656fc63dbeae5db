/** A line that is too long, on several: the formatter's ways to break the forms that emitters write. */
import { endOf, find, fits, split, type Line } from './code-lines.js';

/** The lines it becomes; undefined where its form has no rule. */
export function broken(code: string, indent: number): readonly Line[] | undefined {
  const line = { code, indent };
  if (fits(line) && !mustBreak(code)) return [line];
  for (const rule of rules) {
    const laid = rule(line);
    if (laid !== undefined) return laid.every(fits) ? laid : undefined;
  }
  return undefined;
}

/** Whether it stands on several lines however short it is: a `switch`, or a call of a call that is given a function. */
function mustBreak(code: string): boolean {
  if (!code.includes('=> ')) return false;
  if (code.includes('{ switch (')) return true;
  for (const { index } of code.matchAll(/[\w$]\(/g)) {
    const end = endOf(code, index + 1);
    const given = split(code.slice(index + 2, end), ', ');
    if (given.length > 1 && (given.filter(isFunction).length > 1 || given.some(givesFunction))) return true;
  }
  return false;
}

function isFunction(code: string): boolean {
  return code.startsWith('(') && code.startsWith(' => ', (endOf(code, 0) ?? code.length) + 1);
}

function givesFunction(code: string): boolean {
  const start = /^(?:new )?[\w$.]+\(/.exec(code)?.[0].length;
  return start !== undefined && split(code.slice(start, endOf(code, start - 1)), ', ').some(isFunction);
}

type Rule = (line: Line) => readonly Line[] | undefined;

/** Lines for each of the items, one step further in, and what stands around them. */
function around(
  head: string,
  items: readonly string[],
  tail: string,
  indent: number,
  separator = ',',
  tailIndent = indent,
): readonly Line[] | undefined {
  const inner = items.map((item) => broken(`${item}${separator}`, indent + 1));
  const last = broken(tail, tailIndent);
  if (last === undefined || inner.some((each) => each === undefined)) return undefined;
  return [{ code: head, indent }, ...inner.flatMap((each) => each ?? []), ...last];
}

function imported({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^(import (?:type )?\{) (.*) (\} from '[^']*';)$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', items = '', tail = ''] = match;
  return around(head, items.split(', '), tail, indent);
}

function conditional({ code, indent }: Line): readonly Line[] | undefined {
  if (!code.startsWith('if (')) return undefined;
  const end = endOf(code, 3);
  if (end === undefined || code[end + 1] !== ' ' || code.endsWith('{')) return undefined;
  const body = broken(code.slice(end + 2), indent + 1);
  return body && [{ code: code.slice(0, end + 1), indent }, ...body];
}

/** Parameters of a declaration, a method or an arrow function whose block follows. */
function parameters({ code, indent }: Line): readonly Line[] | undefined {
  const head =
    /^(?:export function )?(?!if\b|for\b|while\b|switch\b|return\b|throw\b)[\w$]+(?:: )?(?:<[^()]*>)?\(/.exec(
      code,
    )?.[0];
  if (head === undefined) return undefined;
  const end = endOf(code, head.length - 1);
  if (end === undefined) return undefined;
  const tail = code.slice(end);
  if (!/^\)(?:: .*[;{]| \{| => \{)$/.test(tail)) return undefined;
  const given = split(code.slice(head.length, end), ', ');
  const [first = ''] = given;
  if (first === '' || (given.length === 1 && /: (?:\{|readonly \[)/.test(first))) return undefined;
  return around(head, given, tail, indent);
}

/** What a function returns, behind parameters that are broken already. */
function returnedType({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^\): \{ (.*) \}( \{|;)$/.exec(code);
  if (match !== null) return around('): {', split(match[1] ?? '', '; '), `}${match[2] ?? ''}`, indent, ';');
  const records = /^\): (Record<.*>) \{$/.exec(code)?.[1];
  if (records === undefined) return undefined;
  const parts = split(records, ' & ');
  return parts.flatMap((part, index) => {
    const [before, at] = index === 0 ? ['): ', indent] : ['', indent + 1];
    const after = index === parts.length - 1 ? ' {' : ' &';
    const whole = { code: `${before}${part}${after}`, indent: at };
    if (fits(whole)) return [{ ...whole, base: indent }];
    const [keys = '', value = ''] = split(part.slice('Record<'.length, -1), ', ');
    const names = split(keys, ' | ').map((name) => `| ${name}`);
    return [
      { code: `${before}Record<`, indent: at },
      ...names.map((name, each) => ({ code: `${name}${each === names.length - 1 ? ',' : ''}`, indent: at + 1 })),
      { code: value, indent: at + 1 },
      { code: `>${after}`, indent: at, base: indent },
    ];
  });
}

/** An object of types, as a member of another. */
function typeObject({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^((?:readonly )?[\w$]+\??: \{) (.*) (\}(?: & [^{}&]*)?;)$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', items = '', tail = ''] = match;
  const end = endOf(code, head.length - 1);
  if (end !== code.length - tail.length) return undefined;
  // What stands behind it is broken instead, where its beginning fits.
  if (tail.includes('<') && fits({ code: code.slice(0, code.indexOf('<', end) + 1), indent })) return undefined;
  return around(head, split(items, '; '), tail, indent, ';');
}

/** `name: (…) => value,`: the value goes to a line of its own. */
function arrow({ code, indent }: Line): readonly Line[] | undefined {
  const head = /^[\w$]+: (?:<[\w$]+>)?\(/.exec(code)?.[0];
  const end = head === undefined ? undefined : endOf(code, head.length - 1);
  if (end === undefined || !code.startsWith(' => ', end + 1)) return undefined;
  const value = code.slice(end + 5);
  if (!/^[\w$.]+\(.*\),$/.test(value) || find(value, ' ') !== -1) return undefined;
  const first = { code: code.slice(0, end + 4), indent };
  if (!fits(first)) return around(head ?? '', split(code.slice(head?.length, end), ', '), `) => ${value}`, indent);
  const laid = broken(value, indent + 1);
  return laid && [first, ...laid];
}

/** A function that returns a function, whose block follows. */
function arrows({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^([\w$]+:) (\([\w$, ]*\) =>) (\(.*\) => \{)$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', first = '', second = ''] = match;
  const joined = { code: `${first} ${second}`, indent: indent + 1 };
  if (fits(joined)) return [{ code: head, indent }, joined];
  const apart = { code: second, indent: indent + 1 };
  const last = fits(apart) ? [apart] : around('(', split(second.slice(1, -6), ', '), ') => {', indent + 1);
  return last && [{ code: head, indent }, { code: first, indent: indent + 1 }, ...last];
}

/** An object, alone or as the last argument of a call. */
function object({ code, indent }: Line): readonly Line[] | undefined {
  const head =
    /^(?:return |export const [\w$]+: [^={]* = |const [\w$]+(?:: [^={]*)? = |[\w$]+: |)(?:[\w$.]+\((?:[\w$.]+, )*)?\{ /.exec(
      code,
    )?.[0];
  if (head === undefined) return undefined;
  const end = endOf(code, head.length - 2);
  if (end === undefined || !/^\)?(?: as const)?[;,]$/.test(code.slice(end + 1))) return undefined;
  return around(head.trimEnd(), split(code.slice(head.length, end - 1), ', '), code.slice(end), indent);
}

/** A member of what a call returned. */
function chain({ code, indent }: Line): readonly Line[] | undefined {
  const [, head, room = '', insert = ''] = /^(return from\.[\w$]+)(\.room\(.*?\))(\.insert\(.*\);)$/.exec(code) ?? [];
  if (head === undefined) return undefined;
  return [
    { code: head, indent },
    { code: room, indent: indent + 1 },
    { code: insert, indent: indent + 1 },
  ];
}

/** What can stand behind other arguments, or alone, though it has several lines. */
function isHugged(code: string): boolean {
  return /^[[{]/.test(code) || (isFunction(code) && !code.startsWith('(() => { switch ('));
}

/** A tuple. */
function tuple({ code, indent }: Line): readonly Line[] | undefined {
  const items = /^\[(.*)\] as const,$/.exec(code)?.[1];
  return items === undefined ? undefined : around('[', split(items, ', '), '] as const,', indent);
}

/** A call whose arguments do not fit, where neither the first nor the last is a function or an object. */
function call({ code, indent }: Line): readonly Line[] | undefined {
  const head = /^(?:return |throw |const [\w$]+ = |(?:[\w$]+|'[^']*'): |\.\.\.)?(?:new )?[\w$]+(?:\.[\w$]+)?\(/.exec(
    code,
  )?.[0];
  if (head === undefined) return undefined;
  const end = endOf(code, head.length - 1);
  if (end === undefined || !/^[;,]$/.test(code.slice(end + 1))) return undefined;
  const given = split(code.slice(head.length, end), ', ');
  const [first = '', last = ''] = [given[0], given.at(-1)];
  // What ends in `as const` never stands behind others.
  if (!last.endsWith(' as const') && [first, last].some(isHugged)) return undefined;
  return around(head, given, code.slice(end), indent);
}

/** A call whose last argument is a function, where that does not stand behind the others. */
function callOfFunction({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^([\w$.]+\()(.*, )(\([\w$, ]*\) => \{)$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', others = '', last = ''] = match;
  return around(head, split(others.slice(0, -2), ', '), last, indent, ',', indent + 1);
}

/** A function among arguments or properties: the value goes to a line of its own. */
function lambda({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^((?:(?:[\w$]+|'[^']*'): )?\([\w$, ]*\) =>) ([^({].*,)$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', value = ''] = match;
  const laid = broken(value, indent + 1);
  return laid && [{ code: head, indent }, ...laid];
}

/** A `switch` that is a value. */
function choice({ code, indent }: Line): readonly Line[] | undefined {
  const match =
    /^((?:const [\w$]+ = |return )?\(\(\) => \{) (switch \(.*\) \{) ((?:case|default).*;) \} \}\)\(\)([,;])$/.exec(
      code,
    );
  if (match === null) return undefined;
  const [, head = '', over = '', cases = '', end = ''] = match;
  const lines = split(cases.slice(0, -1), '; ').map((each) => {
    const colon = each.indexOf(': ');
    const value = broken(`${each.slice(colon + 2)};`, indent + 3);
    return value && [{ code: each.slice(0, colon + 1), indent: indent + 2 }, ...value];
  });
  if (lines.some((each) => each === undefined)) return undefined;
  return [
    { code: head, indent },
    { code: over, indent: indent + 1 },
    ...lines.flatMap((each) => each ?? []),
    { code: '}', indent: indent + 1 },
    { code: `})()${end}`, indent },
  ];
}

/** One of two values. */
function ternary({ code, indent }: Line): readonly Line[] | undefined {
  const [, assigned, returned = '', value = '', end = ''] =
    /^(?:(const [\w$]+ =|[\w$]+:(?= [\w$.]+ === )) |(return ))?(.*)([,;])$/.exec(code) ?? [];
  const [test = '', rest = '', more] = split(value, ' ? ');
  const [yes = '', no = '', other] = split(rest, ' : ');
  if (no === '' || more !== undefined || other !== undefined) return undefined;
  if (assigned !== undefined)
    return [
      { code: assigned, indent },
      { code: value + end, indent: indent + 1 },
    ];
  return [
    { code: returned + test, indent },
    { code: `? ${yes}`, indent: indent + 1 },
    { code: `: ${no}${end}`, indent: indent + 1 },
  ];
}

/** A list of what a function makes of its items: where that is a call, it stands behind the other arguments. */
function listed({ code, indent }: Line): readonly Line[] | undefined {
  const match =
    /^((?:const [\w$]+ = |return )?[\w$.]+\([^()]*(?:\([^()]*\)[^()]*)*\([\w$, ]*\) =>) ([\w$.]+\(.*\))(\)[,;])$/.exec(
      code,
    );
  if (match === null) return undefined;
  const [, head = '', value = '', tail = ''] = match;
  if (!isFunction(`${head.slice(head.lastIndexOf('('))} 0`) || endOf(value, value.indexOf('(')) !== value.length - 1)
    return undefined;
  return around(head, [value], tail, indent);
}

function union({ code, indent }: Line): readonly Line[] | undefined {
  const match = /^(export type [^=]* =) (.*);$/.exec(code);
  if (match === null) return undefined;
  const [, head = '', type = ''] = match;
  const members = split(type, ' | ');
  if (members.length < 2) return undefined;
  const joined = { code: `${type};`, indent: indent + 1 };
  if (fits(joined)) return [{ code: head, indent }, joined];
  return [
    { code: head, indent },
    ...members.map((each, index) => ({
      code: `| ${each}${index === members.length - 1 ? ';' : ''}`,
      indent: indent + 1,
    })),
  ];
}

const rules: readonly Rule[] = [
  imported,
  conditional,
  returnedType,
  parameters,
  typeObject,
  arrows,
  arrow,
  choice,
  chain,
  tuple,
  object,
  callOfFunction,
  listed,
  call,
  ternary,
  lambda,
  union,
];
