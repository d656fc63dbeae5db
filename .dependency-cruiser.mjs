// Which folder may import which. Each list is ordered from the ground up: what stands in it imports what stands
// before it, never what comes after. Types count: a circle of types is a circle for whoever has to read it.
import { readdirSync } from 'node:fs';

/** Rules for a list of places: a place imports nothing that comes after it. What is new has no place until it is given one. */
function layers(root, places) {
  const found = readdirSync(new URL(root, import.meta.url), { withFileTypes: true })
    .filter((each) => each.isDirectory() || each.name.endsWith('.ts'))
    .map(({ name }) => name);
  const without = found.filter((name) => !places.includes(name));
  if (without.length > 0)
    throw new Error(
      `in .dependency-cruiser.mjs, \`${root}\` has no place for ${without.join(', ')}: put it after all that it imports`,
    );
  return places.slice(0, -1).map((place, index) => ({
    name: `${root}: ${place} stands below`,
    comment: `${place} must not import what builds on it: ${places.slice(index + 1).join(', ')}`,
    severity: 'error',
    from: { path: pattern(root, place) },
    to: { path: places.slice(index + 1).map((above) => pattern(root, above)) },
  }));
}

function pattern(root, place) {
  return `^${root}/${place.replaceAll('.', '\\.')}${place.endsWith('.ts') ? '$' : '/'}`;
}

const generator = [
  'source',
  'diagnostics',
  'package-root.ts',
  'shipped-files.ts',
  'shipped.ts',
  'model',
  'frontend',
  'abi',
  'changes',
  'print',
  'targets',
  'generate.ts',
  'project',
  'memory.ts',
  'components',
  'index.ts',
  'cli',
];

const runtime = [
  'blocks.ts',
  'names.ts',
  'limits.ts',
  'prices.ts',
  'failures.ts',
  'meter.ts',
  'events.ts',
  'reports.ts',
  'contracts',
  'bytes.ts',
  'random.ts',
  'encodings',
  'backends',
  'objects',
  'algorithms',
  'policy.ts',
  'registry.ts',
  'numbers',
  'secrets',
  'keys.ts',
  'context.ts',
  'options.ts',
  'default-host.ts',
  'interfaces',
  'hosts',
  'index.ts',
  'component.ts',
  'native.ts',
  'isolation',
  'isolated.ts',
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no circles',
      comment: 'Nobody can read, test or move one of the files alone.',
      severity: 'error',
      // A circle over several places breaks a rule about one of them, which says more than the circle.
      from: { path: '^((?:generator|runtime)/[^/]+|[^/]+)' },
      to: { circular: true, viaOnly: { path: '^$1(/|$)' } },
    },
    {
      name: 'templates and what is generated know no runtime',
      comment: 'They are copied to where there is none.',
      severity: 'error',
      from: { path: '^(templates|generated)/' },
      to: { path: '^runtime/' },
    },
    {
      name: 'templates know nothing that is generated',
      severity: 'error',
      from: { path: '^templates/' },
      to: { path: '^generated/' },
    },
    {
      name: 'what ships imports only what ships',
      comment: 'Tests, benchmarks and the site are not in the package.',
      severity: 'error',
      from: { path: '^(generator|runtime|templates|generated)/' },
      to: { path: '^(test|bench|examples|site)/' },
    },
    ...layers('generator', generator),
    ...layers('runtime', runtime),
    {
      name: 'targets know no siblings',
      comment: 'What several targets share stands beneath them, as typescript/ and documentation/ do.',
      severity: 'error',
      from: { path: '^generator/targets/([^/]+)/' },
      to: { path: '^generator/targets/[^/]+/', pathNot: '^generator/targets/($1|typescript|documentation)/' },
    },
    {
      name: 'the generator does not know its runtime',
      comment: 'Only commands that run guests do; definitions are data.',
      severity: 'error',
      from: { path: '^generator/', pathNot: '^generator/cli/' },
      to: { path: '^(runtime|generated)/' },
    },
    {
      name: 'the runtime does not know the generator',
      comment: 'It is installed alone.',
      severity: 'error',
      from: { path: '^(runtime|generated|templates)/' },
      to: { path: '^generator/' },
    },
    {
      name: 'the runtime speaks no revision',
      comment: 'Only hosts map names to a revision.',
      severity: 'error',
      from: { path: '^runtime/', pathNot: '^runtime/hosts/' },
      to: { path: '^generated/' },
    },
    {
      name: 'noble is loaded when it is first used',
      comment: 'Loading it takes as long as loading most of the runtime: `backends/noble.ts` does, on demand.',
      severity: 'error',
      from: { path: '^runtime/' },
      to: { path: 'node_modules/@noble/', dependencyTypesNot: ['type-only', 'type-import'] },
    },
    {
      name: 'only the command line knows the terminal',
      severity: 'error',
      from: { path: '^(generator|runtime)/', pathNot: '^generator/cli/' },
      to: { path: ['node_modules/(commander|picocolors)/'] },
    },
    {
      name: 'nothing that ships needs a development dependency',
      severity: 'error',
      from: { path: '^(generator|runtime|templates|generated)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm-optional', 'type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|cases|goldens)/' },
  },
};
