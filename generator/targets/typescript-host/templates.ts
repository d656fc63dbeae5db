/** What generated files may import from the templates: checked against the real files by a test. */
import { shared, sharedFiles, type, value } from '../typescript/templates.js';

/** The template files. */
export const templateFiles = sharedFiles;

export const template = {
  ...shared,
  errnoOf: value('errnoOf', 'failure'),
  trapOf: value('trapOf', 'failure'),
  GuestMemory: value('GuestMemory', 'memory'),
  GuestMemoryType: type('GuestMemory', 'memory'),
  MemoryRange: type('MemoryRange', 'memory'),
  flagsOf: value('flagsOf', 'values'),
  wideFlagsOf: value('wideFlagsOf', 'values'),
} as const;
