import type { Span } from '../source/source.js';
import { catalog, type Code, type Params, type Severity } from './catalog.js';

/** Another place that explains a diagnostic: where the first declaration stands, where a cycle goes on. */
export interface Related {
  readonly message: string;
  readonly span: Span;
}

/** One finding about the user's definitions. */
export interface Diagnostic {
  /** Stable: never renamed, never reused. See `catalog.ts`. */
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it, when something can be said. */
  readonly hint: string | undefined;
  /** Where. Only findings about whole files or options have none. */
  readonly span: Span | undefined;
  readonly related: readonly Related[];
}

export interface ReportOptions {
  /** Replaces the hint of the catalogue. */
  readonly hint?: string | undefined;
  readonly related?: readonly Related[];
}

const MAX_SUGGESTIONS = 100;

/** Collects what the stages find; user mistakes go here, never into exceptions. */
export class DiagnosticBag {
  readonly #all: Diagnostic[] = [];
  #suggested = 0;

  report<C extends Code>(code: C, span: Span | undefined, params: Params<C>, options: ReportOptions = {}): void {
    this.#all.push(diagnostic(code, span, params, options));
  }

  /**
   * A hint that has to be searched for. Whoever has a hundred of them has a mistake of another kind, and looking for
   * each among all names would take for ever.
   */
  suggest(search: () => string | undefined): string | undefined {
    this.#suggested += 1;
    return this.#suggested > MAX_SUGGESTIONS ? undefined : search();
  }

  add(found: Diagnostic): void {
    this.#all.push(found);
  }

  get all(): readonly Diagnostic[] {
    return this.#all;
  }

  get hasErrors(): boolean {
    return this.#all.some((each) => each.severity === 'error');
  }
}

export function diagnostic<C extends Code>(
  code: C,
  span: Span | undefined,
  params: Params<C>,
  options: ReportOptions = {},
): Diagnostic {
  const entry = catalog[code];
  const message = (entry.message as (params: Params<C>) => string)(params);
  const hint = options.hint ?? ('hint' in entry ? entry.hint : undefined);
  return { code, severity: entry.severity, message, hint, span, related: options.related ?? [] };
}

/** A bug of the generator itself: nothing the user's definitions can cause may end here. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
