/** Reading definitions in tests. */
import { join } from 'node:path';
import { DiagnosticBag, type Diagnostic } from '../../generator/diagnostics/diagnostic.js';
import { render } from '../../generator/diagnostics/render.js';
import { readUnit, type ReadOptions } from '../../generator/frontend/read.js';
import type { Unit } from '../../generator/model/model.js';
import { diskReader } from '../../generator/source/disk.js';
import { memoryReader, type FileReader } from '../../generator/source/loader.js';

export interface Outcome {
  readonly unit: Unit | undefined;
  readonly found: readonly Diagnostic[];
  readonly codes: readonly string[];
}

export function readFrom(
  reader: FileReader,
  entries: readonly string[],
  options: ReadOptions & { readonly label?: string } = {},
): Outcome {
  const bag = new DiagnosticBag();
  const unit = readUnit({ label: options.label ?? 'test', entries }, reader, bag, options);
  return { unit, found: bag.all, codes: bag.all.map((each) => each.code) };
}

/** One file from a string. */
export function readText(text: string, options: ReadOptions = {}): Outcome {
  return readFrom(memoryReader(new Map([['test.witx', text]])), ['test.witx'], options);
}

/** Several files, by path; the first is the entry unless one is given. */
export function readTexts(files: Readonly<Record<string, string>>, entries = Object.keys(files).slice(0, 1)): Outcome {
  return readFrom(memoryReader(new Map(Object.entries(files))), entries);
}

/** Files on disk whose paths are shown relative to `folder`. */
export function readerIn(folder: string): FileReader {
  return {
    read: (path) => diskReader.read(join(folder, path)),
    list: (path) => diskReader.list(join(folder, path)),
    folders: (path) => diskReader.folders(join(folder, path)),
  };
}

/** A unit that must be there; what stood in its way is the failure's message. */
export function mustRead(outcome: Outcome): Unit {
  if (outcome.unit === undefined) throw new Error(outcome.found.map((each) => render(each)).join('\n\n'));
  return outcome.unit;
}
