import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import Progress from './progress.js';

/** What replaces modules, or depends on which is loaded first, measures the heap, counts native objects, or chooses the guests of all readers of vectors: each needs a process of its own. */
const isolated = [
  'test/components/transpile.test.ts',
  'test/native/hostile.test.ts',
  'test/native/memory.test.ts',
  'test/print/layout.test.ts',
  'test/runtime/component/configured.test.ts',
  'test/runtime/flat-memory.test.ts',
  'test/runtime/kept-input.test.ts',
  'test/vectors/component-default.test.ts',
  'test/vectors/isolated.test.ts',
];

/** Of those below, the ones that replace modules. */
const alone = [
  'test/workflows/scripts.test.ts',
  'test/acceptance/new-option.test.ts',
  'test/acceptance/new-target.test.ts',
  'test/acceptance/reserved-names.test.ts',
  'test/components/componentize.test.ts',
];

/** Whole projects: examples, guests' packages, drills that change a copy of this one; and what is long: fuzzing of the parsers, hostile components, both ABIs against interpreters, scans of memory, backends against each other by random calls, the ledger's names of tests, the `openssl` command, what is explained, builds of the native library, large definitions, typescript-eslint on what is generated. Not part of `npm test`. */
const acceptance = [
  'test/abi/agreement.test.ts',
  'test/abi/canonical/agreement.test.ts',
  'test/acceptance/*.test.ts',
  'test/components/any-wit.test.ts',
  'test/components/componentize.test.ts',
  'test/components/end-to-end.test.ts',
  'test/components/guest-resources.test.ts',
  'test/components/run.test.ts',
  'test/diagnostics/explain.test.ts',
  'test/e2e/guest-recipes.test.ts',
  'test/engines/engines.test.ts',
  'test/frontend/fuzz.test.ts',
  'test/frontend/wit/fuzz.test.ts',
  'test/fuzz/component-hostile.test.ts',
  'test/native/agreement.test.ts',
  'test/native/key-agreement.test.ts',
  'test/native/options.test.ts',
  'test/residue/residue.test.ts',
  'test/stores/*.test.ts',
  'test/runtime/decisions.test.ts',
  'test/runtime/asymmetric/openssl-command.test.ts',
  'test/runtime/stack-end.test.ts',
  'test/targets/assemblyscript-guest/component-compiles.test.ts',
  'test/targets/c-guest/compiles.test.ts',
  'test/targets/lint.test.ts',
  'test/targets/scale.test.ts',
  'test/targets/wit-corpus.test.ts',
  // All vectors once more; `npm test` has a sample of them through components.
  'test/vectors/component-fast.test.ts',
  'test/vectors/extension-component.test.ts',
  // Measurements among them.
  'test/workflows/scripts.test.ts',
];

/**
 * What a further run of tests leaves out. They are left out by a mode, since projects that exclude files of their own
 * do not hear of `--exclude`.
 */
const leftOutBy: Readonly<Record<string, readonly string[]>> = {
  // For another Node. What parses, plans and prints is one JavaScript for every Node, and so are compilers: drills and
  // tests of these say the same on each. So do components that call what core modules call as well.
  host: [
    'test/{abi,acceptance,changes,diagnostics,engines,frontend,model,print,site,targets,workflows}/**',
    'test/cli/{arguments,check,choices,config,diff,files,generate,init,inspect,manifest,proofs,recipe,watch,wrong-uses}.test.ts',
    'test/components/{any-wit,command-line,componentize,guest-imports,guest-resources,kebab-exports,tools,wit-bundle}.test.ts',
    'test/e2e/guest-recipes.test.ts',
    'test/fuzz/{component,component-hostile}.test.ts',
    'test/native/{memory,options}.test.ts',
    'test/runtime/decisions.test.ts',
    // Servers and commands of their own.
    'test/runtime/asymmetric/openssl-command.test.ts',
    'test/stores/postgres.test.ts',
    'test/vectors/{component-default,component-fast,extension-component}.test.ts',
  ],
  // For other primitives below the same host: how calls arrive is the same, and so are stores of keys.
  primitives: [
    'test/runtime/{component,managed}/**',
    'test/fuzz/component.test.ts',
    'test/vectors/{component-default,isolated}.test.ts',
  ],
};

/** Folders whose files compile guests and start processes, those with the longest files first, so that no core waits for the last of them. */
const slow = ['acceptance', 'residue', 'stores', 'e2e', 'components', 'targets', 'abi', 'fuzz'];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const folder = slow.findIndex((each) => moduleId.includes(`/test/${each}/`));
      return folder < 0 ? slow.length : folder;
    };
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}

const common = {
  // Compilers (tsc, asc) and command-line processes run inside tests.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Tests of commands change the working folder, which threads cannot.
  pool: 'forks',
} as const;

export default defineConfig(({ mode }) => {
  const leftOut = [...(leftOutBy[mode] ?? [])];
  return {
    test: {
      globalSetup: fileURLToPath(new URL('temporary.ts', import.meta.url)),
      // Without this Vitest leaves a core to itself, which is idle while tests run. Here, not in the projects: there
      // `--maxWorkers` would not count.
      maxWorkers: availableParallelism(),
      sequence: { sequencer: SlowFirst },
      slowTestThreshold: 5_000,
      reporters: [new Progress()],
      projects: [
        // One process for many files: compilers, printers and guests are loaded and made once (measured: a third of the time).
        {
          test: {
            ...common,
            name: 'shared',
            include: ['test/**/*.test.ts'],
            // `npm run fips` has what these need.
            exclude: [...isolated, ...acceptance, ...leftOut, 'test/fips/*.test.ts'],
            isolate: false,
          },
        },
        { test: { ...common, name: 'isolated', include: isolated, exclude: leftOut } },
        {
          test: {
            ...common,
            name: 'acceptance',
            include: acceptance,
            exclude: [...alone, ...leftOut],
            isolate: false,
          },
        },
        { test: { ...common, name: 'acceptance-alone', include: alone, exclude: leftOut } },
      ],
    },
  };
});
