// Which folder may import which. Each list is ordered from the ground up: what stands in it imports what stands
// before it, never what comes after. Types count: a circle of types is a circle for whoever has to read it.

/** Rules for a list of places: a place imports nothing that comes after it. */
function layers(root, places) {
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
  'model',
  'frontend',
  'abi',
  'print',
  'targets',
  'generate.ts',
  'project',
  'components',
  'index.ts',
  'cli',
];

const runtime = [
  'contracts',
  'failures.ts',
  'bytes.ts',
  'encodings',
  'backends',
  'objects',
  'algorithms',
  'policy.ts',
  'registry.ts',
  'context.ts',
  'interfaces',
  'hosts',
  'index.ts',
  'component.ts',
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no circles',
      comment: 'Nobody can read, test or move one of the files alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layers('generator', generator),
    ...layers('runtime', runtime),
    {
      name: 'targets know no siblings',
      comment: 'What two targets share stands beneath both.',
      severity: 'error',
      from: { path: '^generator/targets/(typescript-host|component-host|assemblyscript-guest)/' },
      to: {
        path: '^generator/targets/(typescript-host|component-host|assemblyscript-guest)/',
        pathNot: '^generator/targets/$1/',
      },
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
