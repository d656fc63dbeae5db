/**
 * What parsers say. Chevrotain's own messages list token sequences, so its provider is used to
 * record what was expected, and the sentences are made here.
 */
import type { IParserErrorMessageProvider, IToken, TokenType } from 'chevrotain';

export interface Expectation {
  readonly expected: readonly TokenType[];
  /** In place of a list of tokens: `a type`. */
  readonly description: string | undefined;
  /** The rule that failed. */
  readonly rule: string;
}

export class ExpectationRecorder implements IParserErrorMessageProvider {
  #last: Expectation | undefined;

  /** What the last error expected. */
  take(): Expectation {
    const last = this.#last ?? { expected: [], description: undefined, rule: '' };
    this.#last = undefined;
    return last;
  }

  #record(expected: readonly TokenType[], rule: string, description?: string): string {
    this.#last ??= { expected, description, rule };
    return '';
  }

  buildMismatchTokenMessage(options: { expected: TokenType; ruleName: string }): string {
    return this.#record([options.expected], options.ruleName);
  }

  buildNotAllInputParsedMessage(options: { ruleName: string }): string {
    return this.#record([], options.ruleName);
  }

  buildNoViableAltMessage(options: {
    expectedPathsPerAlt: TokenType[][][];
    actual: IToken[];
    customUserDescription?: string;
    ruleName: string;
  }): string {
    return this.#record(
      firstTokens(options.expectedPathsPerAlt.flat()),
      options.ruleName,
      options.customUserDescription,
    );
  }

  buildEarlyExitMessage(options: {
    expectedIterationPaths: TokenType[][];
    customUserDescription?: string;
    ruleName: string;
  }): string {
    return this.#record(firstTokens(options.expectedIterationPaths), options.ruleName, options.customUserDescription);
  }
}

function firstTokens(paths: readonly TokenType[][]): TokenType[] {
  return [...new Set(paths.flatMap((path) => path.slice(0, 1)))];
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(choices: readonly string[]): string {
  if (choices.length <= 1) return choices.join('');
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;
}

export function describeExpected(expectation: Expectation): string {
  if (expectation.description !== undefined) return expectation.description;
  return anyOf(expectation.expected.map((type) => type.LABEL ?? type.name)) || 'nothing more';
}
