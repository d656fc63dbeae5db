/** `index.ts`: all interfaces at once. */
import type { PlannedUnit } from '../../abi/plan.js';
import { declareParameterCounts } from '../typescript/parameter-counts.js';
import { countsOf } from './interface-file.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import type { Interface, Names } from './names.js';
import { kindsFile, own } from './own.js';
import { propertyKey } from '../typescript/identifiers.js';
import { braced } from '../typescript/products.js';
import { template, templateFiles } from './templates.js';

export function declareIndex(planned: PlannedUnit, names: Names, file: TsFile): void {
  file.describe(
    'Host bindings of all interfaces for components that jco transpiles. Nothing here runs before `bindComponent` is called.',
  );
  // Interfaces of several packages have names in common.
  const files = [...names.typeFiles.keys(), ...names.interfaces.map((each) => each.file)].filter(
    (path) => !path.includes('/'),
  );
  for (const from of [...templateFiles.map(({ name }) => name), kindsFile, ...files].toSorted()) file.reexport(from);
  const kinds = file.use(own.Kinds);
  const generic = names.interfaces.some((each) => each.hostType.endsWith('<K>'));
  const hosts = generic ? 'Hosts<K>' : 'Hosts';
  const local = new Map(
    names.interfaces.map((each) => [each, { host: file.use(each.host), bind: file.use(each.bind) }]),
  );
  file.interface(
    own.Hosts.name,
    'The host interface of each interface.',
    names.interfaces.map((each) => ({
      name: each.property,
      text: `${local.get(each)?.host ?? ''}${each.hostType.endsWith('<K>') ? '<K>' : ''}`,
      docs: `\`${each.importedAs ?? each.module.name.wire}\``,
    })),
    generic ? { typeParameters: `<K extends ${kinds}>` } : {},
  );
  file.interface(
    own.BindOptions.name,
    'How calls are answered.',
    [
      {
        name: 'maxHandles?',
        text: 'number',
        docs: 'The greatest number of resources that may be live at once; 1 048 576 when not given.',
      },
      {
        name: 'budget?',
        text: file.use(template.HandleBudget),
        docs: 'What is left of them, where the same guest has bindings of other definitions too; then `maxHandles` does not count.',
      },
      {
        name: 'longestText?',
        text: 'number',
        docs: 'The greatest length of a text that is decoded, in bytes, or in units of UTF-16; unlimited when not given. In place of a longer one the host gets one that is longer by a character than this, whatever it says, and judges it in its own order.',
      },
      {
        name: 'onCopied?',
        text: '(bytes: Uint8Array) => void',
        docs: "Told of bytes that a method returned, once a copy of them stands in the guest's memory: whoever made them can wipe them. Nobody is told of those that `take` gave, nor on the path of jco's own bindings.",
      },
      {
        name: 'absent?',
        text: `{ readonly [I in keyof ${hosts}]?: ${file.use(own.Absent)}<${hosts}[I]> }`,
        docs: 'Methods to treat as missing, and the failure each answers.',
      },
      {
        name: 'fastPath?',
        text: 'boolean',
        docs: 'Whether components that were transpiled with `--import-bindings hybrid` call core functions; true when not given.',
      },
      {
        name: 'onError',
        text: '(error: unknown) => void',
        docs: 'Told about exceptions of the host that are neither failures nor faults; the guest sees an internal error.',
      },
      {
        name: 'fewerParameters?',
        text: 'boolean',
        docs: 'Whether methods may take fewer parameters than they are given, as those with rest parameters seem to. When not given they may not: a host that was written for earlier definitions is told so.',
      },
      {
        name: 'clears?',
        text: '(thrown: unknown) => boolean',
        docs: 'Whether what the host threw empties the buffers that the guest gave for results: they could hold half of one. When not given, exceptions that are neither failures nor faults do.',
      },
      {
        name: 'failureOf?',
        text: '(thrown: unknown) => unknown',
        docs: 'Turns what the host throws into a failure of these bindings, for a host that was written for others; what it does not know it returns as it is.',
      },
    ],
    generic ? { typeParameters: `<K extends ${kinds}>` } : {},
  );
  const options = generic ? 'BindOptions<K>' : 'BindOptions';
  const isEmpty = names.interfaces.length === 0;
  const counts = names.interfaces.map((each) => ({ property: each.property, methods: countsOf(planned, each) }));
  if (!isEmpty) declareParameterCounts(own.parameterCounts, counts, file);
  file.function(
    own.bindComponent.name,
    [
      'Makes the imports of components of a host: interfaces by their names without version, as `jco transpile --instantiation`',
      'wants them. Interfaces and methods that are left out answer the errno for what is not implemented, or trap where there is none.',
    ].join('\n'),
    {
      typeParameters: [`K extends ${kinds}`],
      parameters: [
        { name: isEmpty ? '_hosts' : 'hosts', text: `{ readonly [I in keyof ${hosts}]?: Partial<${hosts}[I]> }` },
        { name: 'options', text: options },
      ],
      result: `{ handles: ${file.use(own.Handles)}<K>; imports: ${importsType(names, (each) => local.get(each)?.bind ?? '')}; close(): void }`,
    },
    lines(
      !isEmpty &&
        `if (options.fewerParameters !== true) ${file.use(template.checkParameters)}(hosts, ${own.parameterCounts.name});`,
      `const handles = ${file.use(own.createHandles)}<K>(options.budget ?? new ${file.use(template.HandleBudget)}(options.maxHandles ?? 1_048_576));`,
      !isEmpty && bindingLines(file),
      'return {',
      'handles,',
      importLines(names, (each) => local.get(each)?.bind ?? '', file),
      '/** Releases every object that components still hold. */',
      'close(): void {',
      [...names.kinds.values()].map((kind) => `handles.${kind}.closeAll(options.onError);`),
      '},',
      '};',
    ),
  );
}

function bindingLines(file: TsFile): readonly string[] {
  return [
    'const absent = options.absent ?? {};',
    `const gate = new ${file.use(template.Gate)}();`,
    `const resources = ${file.use(own.createResources)}(handles, gate);`,
    `const lowering = new ${file.use(template.Lowering)}({`,
    'enabled: options.fastPath ?? true,',
    'gate,',
    'longestText: options.longestText,',
    'onCopied: options.onCopied,',
    'reporting: {',
    'onError: options.onError,',
    'failureOf: options.failureOf ?? ((thrown) => thrown),',
    `clears: options.clears ?? ((thrown) => !${file.use(template.isSignal)}(thrown)),`,
    '},',
    'resources,',
    `tablesOf: (find) => ${file.use(own.createTables)}(handles, find),`,
    '});',
    `const binding: ${file.use(own.Binding)}<K> = { handles, resources, lowering };`,
  ];
}

/** The type of what `importLines` makes. */
function importsType(names: Names, bindOf: (each: Interface) => string): string {
  const contested = contestedOf(names);
  const typeOf = (each: Interface): string => `ReturnType<typeof ${bindOf(each)}<K>>`;
  const alone = names.interfaces.filter((each) => !contested.includes(each));
  const named = alone.flatMap((each) =>
    each.importedAs === undefined ? [] : [`${propertyKey(each.importedAs)}: ${typeOf(each)}`],
  );
  const oneOf = [...new Set(contested.flatMap(keysOf))].map((key) => {
    const types = contested
      .filter((each) => keysOf(each).includes(key))
      .map((each) => `${typeOf(each)}${each.importedAs === undefined ? `['${key}']` : ''}`);
    return `${propertyKey(key)}?: ${types.join(' | ')}`;
  });
  const spread = alone.filter((each) => each.importedAs === undefined).map(typeOf);
  return [braced([...named, ...oneOf], '; '), ...spread].join(' & ');
}

/** Those that worlds import under one name, though they are different. */
function contestedOf({ interfaces }: Names): readonly Interface[] {
  return interfaces.filter((each) =>
    interfaces.some((other) => other !== each && keysOf(other).some((key) => keysOf(each).includes(key))),
  );
}

/** Worlds may import different things under one name: those that have a host come last, and win. */
function importLines(names: Names, bindOf: (each: Interface) => string, file: TsFile): readonly string[] {
  const { interfaces } = names;
  const contested = contestedOf(names);
  const callOf = (each: Interface, host: string): string =>
    `${bindOf(each)}(${host}, absent.${each.property} ?? {}, binding)`;
  const bound = (each: Interface, host: string): string =>
    each.importedAs === undefined ? callOf(each, host) : `${propertyKey(each.importedAs)}: ${callOf(each, host)}`;
  const entry = (each: Interface): string =>
    `${each.importedAs === undefined ? '...' : ''}${bound(each, `hosts.${each.property} ?? {}`)},`;
  const entryIf = (each: Interface, isGiven: boolean): string => {
    const text = bound(each, isGiven ? `hosts.${each.property}` : '{}');
    return `...(hosts.${each.property} ${isGiven ? '!==' : '==='} undefined ? ${each.importedAs === undefined ? text : `{ ${text} }`} : {}),`;
  };
  if (interfaces.length > 0 && interfaces.every((each) => each.importedAs !== undefined && !contested.includes(each)))
    return [
      `imports: ${file.use(template.late)}({`,
      ...interfaces.map(
        (each) => `${propertyKey(each.importedAs ?? '')}: () => ${callOf(each, `hosts.${each.property} ?? {}`)},`,
      ),
      '}),',
    ];
  return [
    'imports: {',
    ...interfaces.filter((each) => !contested.includes(each)).map(entry),
    ...[false, true].flatMap((isGiven) => contested.map((each) => entryIf(each, isGiven))),
    '},',
  ];
}

/** What the import object has of an interface. */
function keysOf({ importedAs, funcs, resources }: Interface): readonly string[] {
  if (importedAs !== undefined) return [importedAs];
  return [
    ...funcs.filter(({ func }) => func.resource === undefined).map(({ wire }) => wire),
    ...resources.map(({ name }) => name.wire),
  ];
}
