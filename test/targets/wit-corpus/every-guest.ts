/** Many packages of guest bindings in one run of the compiler, with guests that call and export everything of them. */
import { posix } from 'node:path';
import { everyCallOf, everyExportOf } from '../assemblyscript-guest/component-every-call.js';

type Files = ReadonlyMap<string, string>;

/** The files of all, below a folder each, and an entry file that calls all there is: asc only compiles what is called. */
export function everyGuest(all: readonly Files[]): Files {
  const files = new Map<string, string>();
  const entry: string[] = [];
  for (const [number, own] of all.entries()) {
    const root = `u${number}`;
    const packages = new Set([...own.keys()].map((path) => path.split('/')[0] as string));
    const place = (path: string, text: string): void =>
      void files.set(posix.join(root, path), placed(text, path, packages));
    for (const [path, text] of own) {
      const world = /^worlds\/(.*)\.ts$/.exec(path)?.[1];
      if (world === undefined) place(path, text);
      // A world with what guests cannot export does not compile, as it should.
      if (world === undefined || text.includes('ERROR(')) continue;
      const local = `${root}_${entry.length}`;
      place(path, text.replace('from "guest"', `from "../guests/${world}"`));
      place(`guests/${world}.ts`, everyExportOf(text));
      entry.push(`import * as ${local} from "./${root}/worlds/${world}";\n${callsOf(text, local)}`);
    }
    for (const folder of packages) {
      if (folder === 'canonical' || folder === 'worlds') continue;
      place(`calls/${folder}.ts`, everyCallOf(own, folder));
      entry.push(
        `import { run as ${root}_${entry.length} } from "./${root}/calls/${folder}";\nexport { ${root}_${entry.length} };`,
      );
    }
  }
  return files.set('entry.ts', entry.join('\n'));
}

/** Imports of packages, by where they stand from a file. */
function placed(text: string, path: string, packages: ReadonlySet<string>): string {
  return text.replace(/ from "([^".][^"]*)";/g, (whole, specifier: string) => {
    if (!packages.has(specifier.split('/')[0] as string)) return whole;
    return ` from "${posix.relative(posix.dirname(path), specifier).replace(/^(?!\.)/, './')}";`;
  });
}

/** Calls of every function that a component of a world exports: they take and return core values only. */
function callsOf(world: string, local: string): string {
  const exported = new Map(
    [...world.matchAll(/^export \{ ([\w$]+) as ([\w$]+) \};$/gm)].map(([, name = '', as = '']) => [name, as]),
  );
  return [...world.matchAll(/^(?:export )?function ([\w$]+)\(([^)]*)\): /gm)]
    .map(([, name = '', params = '']) => {
      const zeros = params
        .split(',')
        .filter((each) => each.trim() !== '')
        .map(() => '0');
      return `export function ${local}_${name}(): void { ${local}.${exported.get(name) ?? name}(${zeros.join(', ')}); }`;
    })
    .join('\n');
}
