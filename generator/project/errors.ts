/** A mistake in how the generator is used: an option, a path, a manifest. Its message is for people. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** What to do about it, when something can be said. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
