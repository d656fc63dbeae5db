/** `index.ts`: all modules at once. */
import type { PlannedUnit } from '../../abi/plan.js';
import { allModules } from '../../model/kinds.js';
import { lines } from '../../print/lines.js';
import type { TsFile } from '../../print/ts-file.js';
import { propertyKey } from '../typescript/identifiers.js';
import { braced } from '../typescript/products.js';
import { declareParameterCounts } from '../typescript/parameter-counts.js';
import { countsOf } from './module-file.js';
import { typesFile, type Names } from './names.js';
import { kindsFile, own as ours, rangesFile } from './own.js';
import { template, templateFiles } from './templates.js';

export function declareIndex(planned: PlannedUnit, names: Names, file: TsFile): void {
  file.describe('The host bindings of all modules. Nothing here runs before `bind` is called.');
  const modules = allModules(planned.unit).flatMap((module) => {
    const own = names.modules.get(module);
    return own === undefined ? [] : [{ module, own }];
  });
  for (const from of [
    ...templateFiles.map(({ name }) => name),
    kindsFile,
    rangesFile,
    typesFile,
    ...modules.map(({ own }) => own.file),
  ].toSorted())
    file.reexport(from);
  const kinds = file.use(ours.Kinds);
  const hosts = modules.some(({ own }) => own.hostType.endsWith('<K>')) ? 'Hosts<K>' : 'Hosts';
  file.interface(
    ours.Hosts.name,
    'The host interface of each module.',
    modules.flatMap(({ module, own }) => {
      if (own.host === undefined) return [];
      return [
        {
          name: own.property,
          text: `${file.use(own.host)}${own.hostType.slice(own.host.name.length)}`,
          docs: `\`${module.name.wire}\``,
        },
      ];
    }),
    hosts === 'Hosts' ? {} : { typeParameters: `<K extends ${kinds}>` },
  );
  file.interface(ours.BindOptions.name, 'How calls are answered.', [
    {
      name: 'maxHandles?',
      text: 'number',
      docs: 'The greatest number of handles that may be live at once; 1 048 576 when not given.',
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
      name: 'memory?',
      text: file.use(template.GuestMemory),
      docs: 'The memory of the guest, where it has bindings of other definitions too; then `longestText` does not count.',
    },
    {
      name: 'absent?',
      text: `${file.use(ours.Binding)}<${kinds}>['absent']`,
      docs: 'Methods to treat as missing, and the errno each answers.',
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
  ]);
  const counts = modules.flatMap(({ module, own }) =>
    own.host === undefined ? [] : [{ property: own.property, methods: countsOf(planned, module, names) }],
  );
  if (counts.length > 0) declareParameterCounts(ours.parameterCounts, counts, file);
  file.function(
    ours.bind.name,
    [
      'Makes the imports of a guest of a host. Modules and methods that are left out answer the errno for what is not',
      'implemented. One call for each guest instance; attach its memory to `memory` before its first call.',
    ].join('\n'),
    {
      typeParameters: [`K extends ${kinds}`],
      parameters: [
        {
          name: modules.some(({ own }) => own.host !== undefined) ? 'hosts' : '_hosts',
          text: `{ readonly [M in keyof ${hosts}]?: Partial<${hosts}[M]> }`,
        },
        { name: 'options', text: 'BindOptions' },
      ],
      result: `{ memory: ${file.use({ ...template.GuestMemory, typeOnly: true })}; handles: ${file.use(ours.Handles)}<K>; imports: ${braced(
        modules.map(
          ({ module, own }) =>
            `${propertyKey(module.name.wire)}: ReturnType<typeof ${file.use(own.bind)}${own.host === undefined ? '' : '<K>'}>`,
        ),
        '; ',
      )}; close(): void }`,
    },
    lines(
      counts.length > 0 &&
        `if (options.fewerParameters !== true) ${file.use(template.checkParameters)}(hosts, ${ours.parameterCounts.name});`,
      `const memory = options.memory ?? new ${file.use(template.GuestMemory)}(options.longestText);`,
      `const handles = ${file.use(ours.createHandles)}<K>(options.budget ?? new ${file.use(template.HandleBudget)}(options.maxHandles ?? 1_048_576));`,
      modules.length > 0 &&
        `const binding: ${file.use(ours.Binding)}<K> = { memory, handles, absent: options.absent ?? {}, reporting: { onError: options.onError, failureOf: options.failureOf ?? ((thrown) => thrown), clears: options.clears ?? ((thrown) => !${file.use(template.isSignal)}(thrown)) } };`,
      'return {',
      'memory,',
      'handles,',
      modules.length === 0 && 'imports: {},',
      modules.length > 0 && [
        `imports: ${file.use(template.late)}({`,
        modules.map(
          ({ module, own }) =>
            `${propertyKey(module.name.wire)}: () => ${file.use(own.bind)}(${own.host === undefined ? '' : `hosts.${own.property} ?? {}, `}binding),`,
        ),
        '}),',
      ],
      '/** Releases every object the guest still holds a handle of. */',
      'close(): void {',
      [...names.kinds.values()].map((kind) => `handles.${kind}.closeAll(options.onError);`),
      '},',
      '};',
    ),
  );
}
