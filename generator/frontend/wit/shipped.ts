/**
 * The packages whose definitions come with this one. They stand in where definitions refer to them
 * and have none of their own, in `deps` or nested.
 */
import { shippedDefinitions } from '../../shipped.js';
import { shippedEntries, shippedFolder, shippedText } from '../../shipped-files.js';
import type { AstFile, AstPackageName, AstPath, AstTop } from './ast.js';

let known: ReadonlyMap<string, string> | undefined;

/** Folders, by package: those of all shipped definitions in WIT. */
function shipped(): ReadonlyMap<string, string> {
  known ??= new Map(shippedDefinitions().flatMap(packageIn));
  return known;
}

function packageIn(name: string): readonly (readonly [string, string])[] {
  const first = shippedEntries(`witx/${name}`).find((each) => each.name.endsWith('.wit'));
  const id = first && /^package ([^;]+);/m.exec(shippedText(`witx/${name}/${first.name}`))?.[1];
  return id === undefined ? [] : [[id, `${shippedFolder}/${name}`]];
}

export function keyOf({ namespace, name, version }: AstPackageName): string {
  return `${namespace}:${name}${version === undefined ? '' : `@${version.text}`}`;
}

/** The folders of those packages that some files refer to and do not declare. */
export function shippedFolders(files: readonly AstFile[]): readonly string[] {
  const declared = new Set(files.flatMap(declaredIn).map(keyOf));
  const missing = new Set(
    files
      .flatMap((file) => file.items.flatMap(packagesIn))
      .map(keyOf)
      .filter((key) => !declared.has(key)),
  );
  return [...shipped()].filter(([key]) => missing.has(key)).map(([, folder]) => folder);
}

/** What interfaces of shipped packages are called, but for their own names and versions: `wasi:crypto`. */
export function shippedPackages(): readonly string[] {
  return [...new Set([...shipped().keys()].map((key) => key.replace(/@.*$/, '')))];
}

/** The shipped packages of a name, in any version. */
export function shippedVersions(id: string): readonly string[] {
  return [...shipped().keys()].filter((key) => key.startsWith(`${id}@`));
}

function declaredIn(file: AstFile): readonly AstPackageName[] {
  return [
    ...(file.package === undefined ? [] : [file.package]),
    ...file.items.flatMap((item) => (item.kind === 'package' ? [item.id] : [])),
  ];
}

/** The packages that the paths in an item lead to. */
function packagesIn(item: AstTop): readonly AstPackageName[] {
  return pathsIn(item).flatMap((path) => path.package ?? []);
}

function pathsIn(item: AstTop): readonly AstPath[] {
  switch (item.kind) {
    case 'top-use':
      return [item.path];
    case 'package':
      return item.items.flatMap(pathsIn);
    case 'interface':
      return item.items.flatMap((each) => (each.kind === 'use' ? [each.path] : []));
    case 'world':
      return item.items.flatMap((each): readonly AstPath[] => {
        if (each.kind === 'use' || each.kind === 'include') return [each.path];
        if (each.kind !== 'extern' || each.what.kind === 'func') return [];
        return each.what.kind === 'path'
          ? [each.what.path]
          : each.what.items.flatMap((inner) => (inner.kind === 'use' ? [inner.path] : []));
      });
    case 'broken':
      return [];
  }
}
