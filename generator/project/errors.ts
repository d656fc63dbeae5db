import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** A mistake in how the generator is used: an option, a path, a manifest. Its message is for people. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** What to do about it, when something can be said. */
  readonly hint: string | undefined;
  /** Of a configuration file: what is wrong in it, and where. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, hint?: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.hint = hint;
    this.diagnostics = diagnostics;
  }
}
