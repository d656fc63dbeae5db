/**
 * Cuts the tokens of a file into forms by their parentheses, before any grammar is asked: a
 * mistake in one form then cannot hide those in the next, and depth is limited in one place.
 */
import type { IToken } from 'chevrotain';
import type { DiagnosticBag, Related } from '../../diagnostics/diagnostic.js';
import type { SourceFile } from '../../source/source.js';
import { keywordType, LParen, RParen, spanOf } from './tokens.js';

/** Deeper than any definition, shallower than the stack. */
const depthLimit = 64;

export interface Form {
  /** From `(` to `)`; of a module only what stands before its first member. */
  readonly tokens: IToken[];
  /** The forms in a module; `undefined` for all others. */
  readonly members: Form[] | undefined;
  /** Its parentheses are wrong, which has been said: not to be parsed. */
  broken: boolean;
}

interface Open {
  readonly token: IToken;
  /** Where its matching `)` was found. */
  close: IToken | undefined;
}

interface OpenModule {
  readonly form: Form;
  readonly head: IToken[];
  readonly open: IToken;
  close: IToken | undefined;
  reported: boolean;
}

const formWords = new Set(
  (['@interface', 'import', 'module', 'resource', 'typename', 'use'] as const).map((word) => keywordType(word).name),
);
const moduleWord = keywordType('module').name;
const functionWord = keywordType('@interface').name;
/** What stands inside definitions only. */
const memberWords = new Set(
  (['param', 'result', 'field', 'case', 'export', 'error', 'empty'] as const).map((word) => keywordType(word).name),
);
const annotation = keywordType('@witx').name;
const constant = keywordType('const').name;

/** Whether the `(` at `at` opens something that never stands inside a definition. */
function opensForm(tokens: readonly IToken[], at: number): boolean {
  const word = tokens[at + 1]?.tokenType.name ?? '';
  return formWords.has(word) || (word === annotation && tokens[at + 2]?.tokenType.name === constant);
}

class FormReader {
  readonly forms: Form[] = [];
  readonly #file: SourceFile;
  readonly #tokens: readonly IToken[];
  readonly #bag: DiagnosticBag;
  #module: OpenModule | undefined;
  #closedModule: OpenModule | undefined;
  #form: IToken[] = [];
  #stack: Open[] = [];
  #pairs: Open[] = [];
  #tooDeep = false;
  #stray: IToken[] = [];

  constructor(file: SourceFile, tokens: readonly IToken[], bag: DiagnosticBag) {
    this.#file = file;
    this.#tokens = tokens;
    this.#bag = bag;
  }

  read(): void {
    this.#tokens.forEach((token, at) => {
      if (token.tokenType === LParen) this.#open(token, at);
      else if (token.tokenType === RParen) this.#close(token);
      else this.#plain(token);
    });
    this.#flushStray();
    if (this.#stack.length > 0) this.#abandonForm();
    if (this.#module !== undefined) this.#abandonModule();
  }

  #open(token: IToken, at: number): void {
    this.#flushStray();
    const starts = opensForm(this.#tokens, at);
    if (this.#stack.length > 0 && starts) this.#abandonForm();
    const word = this.#tokens[at + 1]?.tokenType.name;
    if (this.#stack.length === 0 && word === moduleWord) {
      if (this.#module !== undefined) this.#abandonModule();
      const head: IToken[] = [token];
      const form: Form = { tokens: head, members: [], broken: false };
      this.forms.push(form);
      this.#module = { form, head, open: token, close: undefined, reported: false };
      return;
    }
    if (this.#stack.length === 0 && this.#module === undefined && word === functionWord) this.#reopenModule();
    if (this.#stack.length === 0 && memberWords.has(word ?? '')) this.#reopenForm();
    const open: Open = { token, close: undefined };
    this.#stack.push(open);
    this.#pairs.push(open);
    this.#form.push(token);
    if (this.#stack.length > depthLimit && !this.#tooDeep) {
      this.#tooDeep = true;
      this.#bag.report('nesting-too-deep', spanOf(this.#file, token), { limit: depthLimit });
    }
  }

  #close(token: IToken): void {
    this.#flushStray();
    const open = this.#stack.pop();
    if (open !== undefined) {
      open.close = token;
      this.#form.push(token);
      if (this.#stack.length === 0) this.#finishForm(this.#tooDeep);
    } else if (this.#module !== undefined) {
      this.#module.close = token;
      this.#closedModule = this.#module;
      this.#module = undefined;
    } else {
      this.#bag.report(
        'unbalanced-parenthesis',
        spanOf(this.#file, token),
        { side: 'close' },
        { hint: 'remove it, or add the `(` it belongs to' },
      );
    }
  }

  #plain(token: IToken): void {
    if (this.#stack.length > 0) this.#form.push(token);
    else if (this.#module !== undefined && this.#module.form.members?.length === 0) this.#module.head.push(token);
    else this.#stray.push(token);
  }

  #finishForm(broken: boolean): void {
    const form: Form = { tokens: this.#form, members: undefined, broken };
    (this.#module?.form.members ?? this.forms).push(form);
    this.#form = [];
    this.#tooDeep = false;
  }

  /** The form at hand never ends: its innermost open parenthesis is to blame. */
  #abandonForm(): void {
    const culprit = this.#stack.at(-1)?.token;
    if (culprit !== undefined) this.#reportOpen(culprit, []);
    this.#stack = [];
    this.#finishForm(true);
  }

  /**
   * A module that never ends. When a parenthesis inside it is closed by one that is indented less
   * than its own line, that is where the missing one belongs.
   */
  #abandonModule(): void {
    const module = this.#module;
    this.#module = undefined;
    if (module === undefined || module.reported) return;
    const misfit = this.#pairs.find((pair) => pair.token.startOffset > module.open.startOffset && this.#misfits(pair));
    if (misfit?.close !== undefined) {
      for (const form of module.form.members ?? []) form.broken ||= form.tokens.includes(misfit.token);
      this.#reportOpen(misfit.token, [
        { message: 'by its indentation, this one closes something else', span: spanOf(this.#file, misfit.close) },
      ]);
    } else {
      this.#reportOpen(module.open, []);
    }
  }

  #misfits(pair: Open): boolean {
    if (pair.close === undefined) return false;
    const from = this.#file.position(pair.token.startOffset);
    const to = this.#file.position(pair.close.startOffset);
    const closing = this.#file.line(to.line);
    const indentOf = (line: string): number => line.length - line.trimStart().length;
    return (
      from.line !== to.line &&
      indentOf(closing) === to.column - 1 &&
      indentOf(closing) < indentOf(this.#file.line(from.line))
    );
  }

  /** A function after the end of a module: that module was closed too early. */
  #reopenModule(): void {
    const module = this.#closedModule;
    if (module?.close === undefined) return;
    if (!module.reported) {
      this.#bag.report(
        'unbalanced-parenthesis',
        spanOf(this.#file, module.close),
        { side: 'close' },
        {
          hint: 'it ends the module, but functions follow: there is one `)` too many before here',
          related: [{ message: 'the module begins here', span: spanOf(this.#file, module.open) }],
        },
      );
      module.reported = true;
    }
    this.#module = module;
    this.#closedModule = undefined;
    const between = this.forms.splice(this.forms.indexOf(module.form) + 1);
    module.form.members?.push(...between);
  }

  /** A parameter, field or the like where no form is open: the last one was closed too early. */
  #reopenForm(): void {
    const siblings = this.#module?.form.members ?? this.forms;
    const form = siblings.at(-1);
    const open = form?.tokens[0];
    const close = form?.tokens.at(-1);
    if (form === undefined || form.members !== undefined || form.broken || open === undefined || close === undefined)
      return;
    this.#bag.report(
      'unbalanced-parenthesis',
      spanOf(this.#file, close),
      { side: 'close' },
      {
        hint: 'it ends the form, but more of it follows: there is one `)` too many before here',
        related: [{ message: 'the form begins here', span: spanOf(this.#file, open) }],
      },
    );
    siblings.pop();
    this.#form = form.tokens.slice(0, -1);
    this.#stack = [{ token: open, close: undefined }];
  }

  #reportOpen(token: IToken, related: readonly Related[]): void {
    this.#bag.report(
      'unbalanced-parenthesis',
      spanOf(this.#file, token),
      { side: 'open' },
      { hint: 'add the missing `)`', related },
    );
  }

  #flushStray(): void {
    const [first, last] = [this.#stray[0], this.#stray.at(-1)];
    this.#stray = [];
    if (first === undefined || last === undefined) return;
    const span = spanOf(this.#file, first, last);
    const text = this.#file.text.slice(span.start, span.end);
    const found = text.length > 40 || text.includes('\n') ? 'text outside parentheses' : `\`${text}\``;
    this.#bag.report('unexpected-token', span, { expected: '`(`', found }, { hint: 'comments begin with `;;`' });
  }
}

export function readForms(file: SourceFile, tokens: readonly IToken[], bag: DiagnosticBag): readonly Form[] {
  const reader = new FormReader(file, tokens, bag);
  reader.read();
  return reader.forms;
}
