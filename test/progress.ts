/**
 * Tells file by file how far a run is, in lines that suit a terminal and a log alike. The last line sums up; a file
 * that does not load, and an error outside of tests, count as a failed test.
 */
import { DefaultReporter, type TestCase, type TestModule, type TestSpecification, type TestSuite } from 'vitest/node';

type End = Parameters<DefaultReporter['onTestRunEnd']>;

export default class Progress extends DefaultReporter {
  #files = 0;
  #done = 0;

  constructor() {
    // Vitest's table of running files would hide the lines.
    super({ summary: false });
  }

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length;
    this.#done = 0;
    super.onTestRunStart(specifications);
  }

  override onTestModuleEnd(module: TestModule): void {
    this.#done += 1;
    super.onTestModuleEnd(module);
  }

  protected override getEntityPrefix(entity: TestCase | TestModule | TestSuite): string {
    if (entity.type !== 'module') return super.getEntityPrefix(entity);
    const seconds = Math.round((performance.now() - this.start) / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return `${String(this.#done).padStart(String(this.#files).length)}/${this.#files} ${time} ${this.getStateSymbol(entity)}`;
  }

  override onTestRunEnd(...[modules, errors, reason]: End): void {
    super.onTestRunEnd(modules, errors, reason);
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string): number => states.filter((each) => each === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count('skipped') + count('pending');
    const summary = `${count('passed')} passed, ${count('failed') + broken} failed`;
    this.log(skipped === 0 ? summary : `${summary}, ${skipped} skipped`);
  }
}
