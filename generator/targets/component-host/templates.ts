/** What generated files may import from the templates: checked against the real files by a test. */
import { shared, sharedFiles, type, value, type TemplateFile } from '../typescript/templates.js';

/** The template files; those of core modules are the same there. */
export const templateFiles: readonly TemplateFile[] = [
  ...sharedFiles,
  ...['bits', 'guest', 'lowering', 'objects', 'resources', 'results', 'tables', 'trap'].map((name) => ({
    folder: 'component-host',
    name,
  })),
];

export const template = {
  ...shared,
  HostUsageError: value('HostUsageError', 'failure'),
  f32Of: value('f32Of', 'bits'),
  f64Of: value('f64Of', 'bits'),
  i32Of: value('i32Of', 'bits'),
  Gate: value('Gate', 'guest'),
  Take: type('Take', 'guest'),
  JsFunction: type('JsFunction', 'lowering'),
  Lowering: value('Lowering', 'lowering'),
  Objects: type('Objects', 'objects'),
  Owned: value('Owned', 'objects'),
  FindTable: type('FindTable', 'tables'),
  KindTable: value('KindTable', 'tables'),
  ONLY_KIND: value('ONLY_KIND', 'resources'),
  ResourceClass: type('ResourceClass', 'resources'),
  ResourceKind: value('ResourceKind', 'resources'),
  Result: type('Result', 'results'),
  Option: type('Option', 'results'),
  Answers: type('Answers', 'results'),
  answersOf: value('answersOf', 'results'),
  present: value('present', 'results'),
  numbersOf: value('numbersOf', 'results'),
  caseAt: value('caseAt', 'results'),
  numberOf: value('numberOf', 'results'),
  numberOfTag: value('numberOfTag', 'results'),
} as const;
