/** Guests that call everything of a package, and guests that export everything of a world, made from the signatures that were emitted. */
import { posix } from 'node:path';

/** What types are made of that are no names of the package. */
const builtin = new Set(['Array', 'StaticArray', 'Uint8Array']);

const zero = 'function zero__<T>(): T { if (isReference<T>()) return changetype<T>(<usize>0); return <T>0; }';

/** A guest that calls every method and function of a package. asc only compiles what is called. */
export function everyCallOf(files: ReadonlyMap<string, string>, folder: string): string {
  const calls: string[] = [];
  const packages = new Set([folder]);
  for (const [path, text] of files) {
    if (!path.startsWith(`${folder}/classes/`) && path !== `${folder}/functions.ts`) continue;
    // The guest extends what it implements.
    if (/^export abstract class /m.test(text)) continue;
    const imported = importsOf(text, path);
    for (const { from } of imported.values()) packages.add(from);
    const owner = /^export class (\w+)/m.exec(text)?.[1];
    const head =
      owner === undefined
        ? /^export function (\w+)(<[\w, ]+>)?\(([^{]*?)\): [^{]*\{$/gm
        : /^ {2}(?:(static) )?(\w+)(<[\w, ]+>)?\(([^{]*?)\): [^{]*\{$/gm;
    for (const match of text.matchAll(head)) {
      const [isStatic, name, types, params] =
        owner === undefined ? [undefined, match[1], match[2], match[3]] : [match[1], match[2], match[3], match[4]];
      const generic = new Set((types ?? '').match(/\w+/g));
      const qualified = (local: string): string => {
        const { from, name: original } = imported.get(local) ?? { from: folder, name: local };
        return `${namespaceOf(from)}.${original}`;
      };
      const args = split(params ?? '').map((each) =>
        argument(
          each
            .slice(each.indexOf(':') + 1)
            .replace(/ = .*$/, '')
            .trim(),
          generic,
          qualified,
        ),
      );
      const callee =
        owner === undefined
          ? qualified(name ?? '')
          : isStatic === undefined
            ? `changetype<${qualified(owner)}>(<usize>1).${name}`
            : `${qualified(owner)}.${name}`;
      calls.push(`${callee}(${args.join(', ')});`);
    }
    if (owner !== undefined) calls.push(`changetype<${namespaceOf(folder)}.${owner}>(<usize>1).handle;`);
  }
  const imports = [...packages].map((each) => `import * as ${namespaceOf(each)} from "${each}";`);
  return `${imports.join('\n')}\n${zero}\nconst bytes = new Uint8Array(1);\nexport function run(): void {\n  ${calls.join('\n  ')}\n}\n`;
}

/** What a file imports from other packages, by local name. What all packages share each exports itself. */
function importsOf(text: string, path: string): ReadonlyMap<string, { readonly from: string; readonly name: string }> {
  const found = new Map<string, { readonly from: string; readonly name: string }>();
  for (const [, names = '', specifier = ''] of text.matchAll(/^import \{([^}]*)\} from "([^"]*)";$/gm)) {
    const from = posix.join(path, '..', specifier).split('/')[0] as string;
    for (const [, name = '', local = name] of names.matchAll(/(\w+)(?: as (\w+))?/g))
      found.set(local, { from: from === 'canonical' ? (path.split('/')[0] as string) : from, name });
  }
  return found;
}

function namespaceOf(folder: string): string {
  return `all_${folder.replace(/\W/g, '_')}`;
}

function argument(type: string, generic: ReadonlySet<string>, qualified: (name: string) => string): string {
  if (generic.has(type)) return 'bytes';
  if (type === 'string') return '"text"';
  return `zero__<${type.replace(/\b[A-Z]\w*/g, (name) => (builtin.has(name) ? name : qualified(name)))}>()`;
}

/** At commas that stand in no angle brackets. */
function split(params: string): readonly string[] {
  let depth = 0;
  const parts = [''];
  for (const character of params) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((each) => each.trim()).filter((each) => each !== '');
}

/** A guest with every function that the file of a world says it calls. */
export function everyExportOf(world: string): string {
  const imports = [...world.matchAll(/^import \{[^}]*\} from "[^"]*";$/gm)].map(([line]) => line);
  const functions = [...world.matchAll(/Calls `(new )?guest\.(?:(\w+)\.)?(?:(\w+)([.#]))?(\w+)(\(.*\)): (.*)`\./g)].map(
    ([, made, namespace, owner, sign, name = '', params = '', result = '']) => ({
      namespace,
      owner: made === undefined ? owner : name,
      text:
        made === undefined
          ? `${owner === undefined ? 'export function ' : sign === '.' ? 'static ' : ''}${name}${params}: ${result} { ${result === 'void' ? '' : `return zero__<${result}>();`} }`
          : `constructor${params} { super(); }`,
      base: made === undefined ? undefined : result,
    }),
  );
  const classes = new Map<string, typeof functions>();
  for (const each of functions.filter(({ owner }) => owner !== undefined)) {
    const key = `${each.namespace} ${each.owner}`;
    classes.set(key, [...(classes.get(key) ?? []), each]);
  }
  const declared = [...classes.values()].map((members) => {
    const [first] = members;
    const base = members.map((each) => each.base).find((each) => each !== undefined);
    return {
      namespace: first?.namespace,
      text: `export class ${first?.owner}${base === undefined ? '' : ` extends ${base}`} { ${members.map(({ text }) => text).join(' ')} }`,
    };
  });
  const all = [...functions.filter(({ owner }) => owner === undefined), ...declared].map(({ namespace, text }) =>
    namespace === undefined ? text : `export namespace ${namespace} { ${text} }`,
  );
  return [...imports, zero, ...all].join('\n');
}

/** The packages of an output, by their folders. */
export function packagesOf(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.keys()].flatMap((path) => (path.endsWith('/index.ts') ? [path.slice(0, -'/index.ts'.length)] : []));
}
