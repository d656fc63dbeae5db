/**
 * Interfaces and worlds as WIT text, as the reference parser prints them once it has resolved them:
 * a second way from the model to something to compare, which shares nothing with our parser.
 */
import { interfacesOf, WitWriter, worldRoots } from '../../../generator/components/wit-bundle.js';
import type { Unit, World } from '../../../generator/model/model.js';

/** By `namespace:package/name@version`: the items of an interface or world, sorted, since their order has no meaning. */
export type Blocks = ReadonlyMap<string, readonly string[]>;

/** A line and those that are indented below it. */
function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  for (const line of lines) {
    const isHead = /^ {2}[^ }]/.test(line);
    if (isHead) items.push(line);
    else if (items.length > 0) items.push(`${items.pop() ?? ''}\n${line}`);
  }
  return items.sort();
}

/** Docs are lost when a world is encoded; `@external-id` is kept in some places only. */
function isKept(line: string): boolean {
  return line.trim() !== '' && !/^\s*@external-id/.test(line);
}

/** The blocks of some printed packages. */
export function blocksOfText(texts: readonly string[]): Blocks {
  const blocks = new Map<string, readonly string[]>();
  for (const text of texts) {
    const [, id = '', version = ''] = /^package ([^@;]*)(@[^;]*)?;/m.exec(text) ?? [];
    for (const [, name = '', body = ''] of text.matchAll(/^(?:interface|world) (\S+) \{\n(.*?)^\}/gms)) {
      // `own<r>` is `r` in the model.
      const lines = body.replace(/\bown<(%?[\w-]+)>/g, '$1').split('\n');
      blocks.set(`${id}/${name}${version}`.replaceAll('%', ''), itemsOf(lines.filter(isKept)));
    }
  }
  return blocks;
}

/** A world of a unit, and all interfaces it leads to. */
export function blocksOfWorld(unit: Unit, world: World): Blocks {
  const roots = worldRoots(unit);
  const writer = WitWriter.forWorld(world, roots);
  const items = [
    ...world.imports.map((each) => writer.worldItem('import', each)),
    ...world.exports.map((each) => writer.worldItem('export', each)),
  ];
  const indented = (lines: readonly string[]): readonly string[] => itemsOf(lines.map((line) => `  ${line}`));
  return new Map([
    [world.id, indented([...writer.body(), ...items.flat()])],
    ...interfacesOf(world, roots).map(
      (module) => [module.id, indented(WitWriter.forInterface(module, roots).body())] as const,
    ),
  ]);
}
