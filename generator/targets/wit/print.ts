/** Prints what a WIT file says. */
import type {
  AstBody,
  AstCase,
  AstExtern,
  AstField,
  AstFile,
  AstFunc,
  AstGate,
  AstGates,
  AstInterface,
  AstLabel,
  AstMember,
  AstPackageName,
  AstPath,
  AstTop,
  AstType,
  AstUse,
  AstUsedName,
  AstWorld,
  AstWorldItem,
} from '../../frontend/wit/ast.js';
import { forbidden, isReserved } from '../../frontend/wit/tokens.js';
import type { Name } from '../../model/model.js';

/** Longer items have a line for each of their parts. */
const width = 100;

/** @param notes comments for the top */
export function printFile(file: AstFile, notes: readonly string[]): string {
  const { package: id } = file;
  const head = id === undefined ? [] : [...docLines(id.docs), `package ${packageText(id)};`];
  const blocks = [noteLines(notes), head, ...file.items.map(topLines)].filter((each) => each.length > 0);
  return `${blocks.map((each) => each.join('\n')).join('\n\n')}\n`;
}

/** Lines of comments; what would be a comment of another kind is in one: it could be docs, or never end. */
function noteLines(notes: readonly string[]): readonly string[] {
  return notes
    .flatMap((each) => each.split(/\r\n?|\n/))
    .map((line) => (/^\/\/(?!\/)/.test(line) ? line : `// ${line}`.trimEnd()).replace(forbidden, '\ufffd'));
}

function topLines(item: AstTop): readonly string[] {
  switch (item.kind) {
    case 'interface':
      return interfaceLines(item);
    case 'world':
      return worldLines(item);
    case 'top-use':
      return [`use ${pathText(item.path)} as ${text(item.local)};`];
    case 'package':
      return [...docLines(item.id.docs), `package ${packageText(item.id)} {`, ...apart(item.items.map(topLines)), '}'];
    case 'broken':
      return [];
  }
}

function interfaceLines({ name, docs, gates, items }: AstInterface): readonly string[] {
  return [...before(docs, gates), `interface ${text(name)} {`, ...apart(items.map(memberLines)), '}'];
}

function worldLines({ name, docs, gates, items }: AstWorld): readonly string[] {
  return [...before(docs, gates), `world ${text(name)} {`, ...indented(items.flatMap(worldItemLines)), '}'];
}

function worldItemLines(item: AstWorldItem): readonly string[] {
  switch (item.kind) {
    case 'extern':
      return [...before(item.docs, item.gates), ...externLines(item)];
    case 'include': {
      const renames = item.renames.length === 0 ? ';' : ` with { ${item.renames.map(usedText).join(', ')} }`;
      return [...gateLines(item.gates), `include ${pathText(item.path)}${renames}`];
    }
    case 'use':
    case 'type':
    case 'broken':
      return memberLines(item);
  }
}

function externLines({ direction, what }: AstExtern): readonly string[] {
  switch (what.kind) {
    case 'func':
      return funcLines(what.func, `${direction} `);
    case 'inline':
      return [`${direction} ${text(what.name)}: interface {`, ...apart(what.items.map(memberLines)), '}'];
    case 'path':
      return [`${direction} ${what.name === undefined ? '' : `${text(what.name)}: `}${pathText(what.path)};`];
  }
}

function memberLines(item: AstMember): readonly string[] {
  switch (item.kind) {
    case 'use':
      return useLines(item);
    case 'type':
      return [...before(item.docs, item.gates), ...bodyLines(text(item.name), item.body)];
    case 'func':
      return [...before(item.docs, item.gates), ...funcLines(item)];
    case 'broken':
      return [];
  }
}

function useLines({ path, names, gates }: AstUse): readonly string[] {
  const all = names.map(usedText);
  const line = `use ${pathText(path)}.{${all.join(', ')}};`;
  return [...gateLines(gates), ...(fits(line) ? [line] : [`use ${pathText(path)}.{`, ...listed(all), '};'])];
}

function usedText({ name, local }: AstUsedName): string {
  return name.wire === local.wire ? text(name) : `${text(name)} as ${text(local)}`;
}

function bodyLines(name: string, body: AstBody): readonly string[] {
  switch (body.kind) {
    case 'alias':
      return [`type ${name} = ${typeText(body.type)};`];
    case 'record':
      return [`record ${name} {`, ...indented(body.fields.flatMap(fieldLines)), '}'];
    case 'flags':
      return [`flags ${name} {`, ...indented(body.flags.flatMap(labelLines)), '}'];
    case 'enum':
      return [`enum ${name} {`, ...indented(body.cases.flatMap(labelLines)), '}'];
    case 'variant':
      return [`variant ${name} {`, ...indented(body.cases.flatMap(caseLines)), '}'];
    case 'resource':
      return body.funcs.length === 0
        ? [`resource ${name};`]
        : [`resource ${name} {`, ...apart(body.funcs.map(memberLines)), '}'];
  }
}

function fieldLines({ name, docs, type }: AstField): readonly string[] {
  return [...docLines(docs), `${text(name)}: ${typeText(type)},`];
}

function labelLines({ name, docs }: AstLabel): readonly string[] {
  return [...docLines(docs), `${text(name)},`];
}

function caseLines({ name, docs, payload }: AstCase): readonly string[] {
  return [...docLines(docs), `${text(name)}${payload === undefined ? '' : `(${typeText(payload)})`},`];
}

function funcLines(func: AstFunc, lead = ''): readonly string[] {
  const { form, name, params, result } = func;
  const keywords = `${form === 'static' ? 'static ' : ''}${func.async ? 'async ' : ''}func`;
  const head = form === 'constructor' ? 'constructor' : `${lead}${text(name)}: ${keywords}`;
  const tail = result === undefined ? ';' : ` -> ${typeText(result)};`;
  const line = `${head}(${params.map((each) => `${text(each.name)}: ${typeText(each.type)}`).join(', ')})${tail}`;
  if (fits(line) && params.every(({ docs }) => docs === '')) return [line];
  return [`${head}(`, ...indented(params.flatMap(fieldLines)), `)${tail}`];
}

/** A type where it is used. */
export function typeText(type: AstType): string {
  switch (type.kind) {
    case 'name':
      return text(type.name);
    case 'builtin':
      return type.word;
    case 'error-context':
      return type.kind;
    case 'list':
      return `list<${typeText(type.element)}${type.length === undefined ? '' : `, ${type.length.text}`}>`;
    case 'option':
      return `option<${typeText(type.payload)}>`;
    case 'result':
      if (type.error !== undefined)
        return `result<${type.ok === undefined ? '_' : typeText(type.ok)}, ${typeText(type.error)}>`;
      return type.ok === undefined ? 'result' : `result<${typeText(type.ok)}>`;
    case 'tuple':
      return `tuple<${type.items.map(typeText).join(', ')}>`;
    case 'map':
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'future':
    case 'stream':
      return type.payload === undefined ? type.kind : `${type.kind}<${typeText(type.payload)}>`;
    case 'own':
    case 'borrow':
      return `${type.kind}<${text(type.name)}>`;
  }
}

function packageText({ namespace, name, version }: AstPackageName): string {
  return `${escaped(namespace)}:${escaped(name)}${version === undefined ? '' : `@${version.text}`}`;
}

function pathText({ package: other, name }: AstPath): string {
  if (other === undefined) return text(name);
  const version = other.version === undefined ? '' : `@${other.version.text}`;
  return `${escaped(other.namespace)}:${escaped(other.name)}/${text(name)}${version}`;
}

function text(name: Name): string {
  return escaped(name.wire);
}

function escaped(word: string): string {
  return isReserved(word) ? `%${word}` : word;
}

function before(docs: string, gates: AstGates): readonly string[] {
  return [...docLines(docs), ...gateLines(gates)];
}

function docLines(docs: string): readonly string[] {
  const content = docs.replace(forbidden, '\ufffd').replaceAll('\r', '\ufffd').trim();
  return content === '' ? [] : content.split('\n').map((line) => `/// ${line}`.trimEnd());
}

function gateLines(gates: AstGates): readonly string[] {
  return gates.map(gateText);
}

function gateText(gate: AstGate): string {
  switch (gate.kind) {
    case 'since':
    case 'deprecated':
      return `@${gate.kind}(version = ${gate.version})`;
    case 'unstable':
      return `@unstable(feature = ${escaped(gate.feature)})`;
    case 'external-id':
      return `@external-id(${quoted(gate.id)})`;
  }
}

function quoted(text: string): string {
  const code = (char: string): string => `\\u{${char.charCodeAt(0).toString(16)}}`;
  return `"${text
    .replace(/["\\]/g, '\\$&')
    .replace(forbidden, code)
    .replace(/[\t\r\n]/g, code)}"`;
}

/** Words separated by commas, as many on a line as fit. */
function listed(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 4 <= width) lines[lines.length - 1] = `${last} ${word},`;
    else lines.push(`${word},`);
  }
  return indented(lines);
}

/** Items of a block, an empty line between them. */
function apart(items: readonly (readonly string[])[]): readonly string[] {
  return indented(items.filter((each) => each.length > 0).flatMap((each, at) => (at === 0 ? each : ['', ...each])));
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}

function fits(line: string): boolean {
  return line.length + 2 <= width;
}
