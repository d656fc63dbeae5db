/**
 * Lays out generated TypeScript as prettier would, for the forms that emitters write: one statement, member or opening
 * of a block a line. Prettier takes most of a run's time; it remains for what has another form.
 */
import { broken } from './break-line.js';
import { bracketsOf, indented, isOther } from './code-lines.js';

/** A bracket that is open: where the line stands that opened it, and whether a `case` began in it. */
interface Open {
  readonly indent: number;
  inCase: boolean;
}

/** The laid out text; undefined where some line has a form that this does not know. */
export function layOut(text: string): string | undefined {
  if (/[\r\u2028\u2029]/.test(text)) return undefined;
  const out: string[] = [];
  const stack: Open[] = [];
  let comment: number | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^[ \t]+|[ \t]+$/g, '');
    const top = stack.at(-1);
    const inside = top === undefined ? 0 : top.indent + (top.inCase ? 2 : 1);
    if (comment !== undefined || line.startsWith('/*')) {
      // Others are left as they are.
      if (comment !== undefined && !line.startsWith('*')) return undefined;
      comment ??= inside;
      out.push(`${indented('', comment)}${line.startsWith('*') ? ' ' : ''}${line}`);
      if (line.includes('*/')) comment = undefined;
    } else if (line === '') {
      // None after what opens a block.
      if (out.at(-1) !== '' && !/[([{]$/.test(out.at(-1) ?? '')) out.push('');
    } else if (line.startsWith('//')) {
      out.push(indented(line, inside));
    } else {
      const brackets = bracketsOf(line);
      if (brackets === undefined || isOther(line)) return undefined;
      const isCase = /^(?:case .*|default):$/.test(line);
      let indent = isCase && top !== undefined ? top.indent + 1 : inside;
      const ends: number[] = [];
      for (let closed = 0; closed < brackets.closes; closed += 1) {
        const open = stack.pop();
        if (open === undefined) return undefined;
        ends.push(open.indent);
        if (closed < brackets.leads) indent = open.indent;
      }
      if (brackets.closes > brackets.leads) return undefined;
      if (brackets.leads > 0 && out.at(-1) === '') out.pop();
      const [first, second] = ends;
      if (line === '});' && first !== undefined && second !== undefined && first !== second) {
        out.push(indented('},', first), indented(');', second));
        continue;
      }
      const before = out.at(-1);
      if (
        /^\}[,;]?$/.test(line) &&
        before !== undefined &&
        before === indented(before.trim(), indent) &&
        before.endsWith('{')
      ) {
        if (indented(before.trim() + line, indent).length > 120) return undefined;
        out[out.length - 1] = before + line;
        continue;
      }
      const laid = broken(line, indent);
      if (laid === undefined) return undefined;
      out.push(...laid.map((each) => indented(each.code, each.indent)));
      const last = laid.at(-1)?.base ?? laid.at(-1)?.indent ?? indent;
      // Of several brackets, those before the last were opened by the first of the lines.
      for (let left = brackets.opens; left > 0; left -= 1)
        stack.push({ indent: left === 1 ? last : (laid[0]?.indent ?? last), inCase: false });
      if (isCase && top !== undefined) top.inCase = true;
    }
  }
  return out.join('\n');
}
