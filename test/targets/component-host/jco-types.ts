/** Host interfaces beside the types that jco makes of the same definitions, written alike. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { $init, generateTypes } from '@bytecodealliance/jco-transpile/component';
import { writeTemporary } from '../../generated.js';

/** Functions by `interface#function`, as canonical text. */
export type Signatures = ReadonlyMap<string, string>;

/** The definitions of one package as one text, with a world that imports every interface. */
function source(entry: string): string {
  const paths = statSync(entry).isDirectory()
    ? readdirSync(entry, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.wit'))
        .toSorted()
        .map((name) => join(entry, name))
    : [entry];
  const texts = paths.map((path) => readFileSync(path, 'utf8'));
  const header = /^package [^;]+;$/m;
  const interfaces = texts.flatMap((text) =>
    [...text.matchAll(/^interface ([\w-]+) /gm)].map(([, name]) => `import ${name};`),
  );
  return [
    header.exec(texts[0] ?? '')?.[0] ?? '',
    ...texts.map((text) => text.replace(header, '')),
    `world all-of-it { ${interfaces.join(' ')} }`,
  ].join('\n');
}

/** What jco says of every interface of a package. */
export async function jcoSignatures(entry: string): Promise<Signatures> {
  await $init;
  const options = {
    wit: { tag: 'source', val: source(entry) },
    world: 'all-of-it',
    features: { tag: 'all' },
    instantiation: { tag: 'sync' },
  } as const;
  const files = new Map(
    generateTypes('all', options as Parameters<typeof generateTypes>[1]).map(([name, bytes]) => [
      name,
      new TextDecoder().decode(bytes),
    ]),
  );
  const checked = check(files);
  const found = new Map<string, string>();
  for (const [name, text] of files) {
    const id = /^\/\*\* @module Interface ([^@\s]+)/m.exec(text)?.[1];
    if (id === undefined) continue;
    for (const symbol of checked.exports(name)) {
      const signature = checked.signature(symbol);
      if (signature !== undefined) found.set(`${id}#${symbol.name}`, signature);
    }
  }
  return found;
}

/** What the host interfaces of emitted bindings say. */
export function hostSignatures(files: ReadonlyMap<string, string>): Signatures {
  const checked = check(files);
  const found = new Map<string, string>();
  for (const [name, text] of files) {
    const id = /What a host of `([^`]+)` implements/.exec(text)?.[1];
    const host = id === undefined ? undefined : checked.exports(name).find((symbol) => symbol.name.endsWith('Host'));
    for (const member of host?.members?.values() ?? []) {
      const signature = checked.signature(member);
      if (signature !== undefined) found.set(`${id}#${member.name}`, signature);
    }
  }
  return found;
}

interface Checked {
  exports(file: string): readonly ts.Symbol[];
  signature(symbol: ts.Symbol): string | undefined;
}

function check(files: ReadonlyMap<string, string>): Checked {
  const folder = writeTemporary(new Map([...files, ['package.json', '{"type":"module"}']]));
  const program = ts.createProgram(
    [...files.keys()].map((path) => join(folder, path)),
    {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.d.ts'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  return {
    exports(file) {
      const module = checker.getSymbolAtLocation(program.getSourceFile(join(folder, file)) as ts.SourceFile);
      return module === undefined ? [] : checker.getExportsOfModule(module);
    },
    signature(symbol) {
      const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
      if (signature === undefined) return undefined;
      const params = signature.parameters.map(
        (param) => `${param.name}: ${written(checker.getTypeOfSymbol(param), checker)}`,
      );
      return `(${params.join(', ')}): ${written(signature.getReturnType(), checker)}`;
    },
  };
}

/** A type by its structure; resources by their names. That something is read-only does not count. */
function written(type: ts.Type, checker: ts.TypeChecker): string {
  if (type.flags & ts.TypeFlags.IndexedAccess) {
    const name = checker.typeToString((type as ts.IndexedAccessType).indexType).slice(1, -1);
    return `resource ${name}`;
  }
  if (type.isUnion()) return [...new Set(type.types.map((each) => written(each, checker)))].toSorted().join(' | ');
  if (checker.isTupleType(type))
    return `[${checker
      .getTypeArguments(type as ts.TypeReference)
      .map((each) => written(each, checker))
      .join(', ')}]`;
  if (checker.isArrayType(type))
    return `Array<${written(checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type, checker)}>`;
  const symbol = type.getSymbol();
  const isNamed = symbol !== undefined && /Array$/.test(symbol.name);
  if (isNamed) return symbol.name;
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Class)
    return `resource ${symbol.name.charAt(0).toLowerCase()}${symbol.name.slice(1)}`;
  if (type.getCallSignatures().length > 0) return 'function';
  if (type.flags & ts.TypeFlags.Object) {
    const properties = type.getProperties().map((property) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const own = written(checker.getTypeOfSymbol(property), checker);
      return `${property.name}: ${optional && !own.split(' | ').includes('undefined') ? [...own.split(' | '), 'undefined'].toSorted().join(' | ') : own}`;
    });
    return `{ ${properties.join('; ')} }`;
  }
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation).replaceAll('"', "'");
}
