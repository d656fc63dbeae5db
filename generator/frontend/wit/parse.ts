/** From the text of a WIT file to its AST. */
import type { IToken, TokenType } from 'chevrotain';
import type { DiagnosticBag } from '../../diagnostics/diagnostic.js';
import { closest } from '../../diagnostics/suggest.js';
import type { Name } from '../../model/model.js';
import { nameOf } from '../../model/name.js';
import type { SourceFile } from '../../source/source.js';
import { ExpectationRecorder, type Expectation } from '../messages.js';
import type {
  AstBroken,
  AstFile,
  AstFunc,
  AstGates,
  AstMember,
  AstPackage,
  AstPackageName,
  AstTop,
  AstWorldItem,
} from './ast.js';
import { ItemCutter } from './cut.js';
import { attachDocs } from './docs.js';
import type { ParseContext } from './grammar-types.js';
import { WitParser, type Parsed } from './grammar.js';
import { asLabel, isLabel } from './literals.js';
import { misplaced, type ItemKind } from './places.js';
import { contents, funcShape, nativeGeneric, nativeItem, nativeType, wordsFor, type Place } from './shapes.js';
import {
  Arrow,
  Colon,
  Equals,
  Id,
  LAngle,
  LBrace,
  lex,
  LParen,
  makeKeyword,
  RAngle,
  RBrace,
  Semicolon,
  spanOf,
  wordOf,
  type Flaw,
} from './tokens.js';
import { reportUnexpected } from './unexpected.js';

/** Types nested deeper are refused by the reference parser too. */
const nestingLimit = 99;

let parser: { readonly grammar: WitParser; readonly expectations: ExpectationRecorder } | undefined;

/** Built once, when first needed: chevrotain studies the grammar for some milliseconds. */
function theParser(): NonNullable<typeof parser> {
  if (parser === undefined) {
    const expectations = new ExpectationRecorder();
    parser = { grammar: new WitParser(expectations), expectations };
  }
  return parser;
}

/** An item of any place, with its own items if it has some. */
type Item = AstTop | AstMember | AstWorldItem | { readonly kind: 'header'; readonly id: AstPackageName };

const broken = (declares: AstBroken['declares'], name?: Name): AstBroken => ({ kind: 'broken', declares, name });

class FileParser {
  readonly #file: SourceFile;
  readonly #bag: DiagnosticBag;
  readonly #context: ParseContext;
  readonly #tokens: readonly IToken[];
  readonly #flaws: readonly Flaw[];
  /** The flaws that make an item unreadable, in order, and how many of them have been passed. */
  readonly #blockers: readonly Flaw[];
  #passed = 0;
  readonly #cutter: ItemCutter;
  /** Keywords whose spelling was corrected: they are not reported again when they stand in a wrong place too. */
  readonly #corrected = new Set<IToken>();
  #at = 0;

  constructor(file: SourceFile, bag: DiagnosticBag) {
    this.#file = file;
    this.#bag = bag;
    const { tokens, comments, flaws } = lex(file.text);
    this.#tokens = tokens;
    this.#flaws = flaws;
    this.#blockers = flaws
      .filter(({ kind }) => kind !== 'comment' && kind !== 'forbidden')
      .toSorted((a, b) => a.start - b.start);
    this.#reportFlaws();
    this.#checkWords();
    this.#cutter = new ItemCutter(file.text, tokens);
    this.#context = {
      file,
      docs: attachDocs(
        comments,
        tokens.map((each) => each.startOffset),
      ),
      bag,
    };
  }

  parse(): AstFile {
    const items = this.#items('file', undefined);
    const header = items.find((item) => item.kind === 'header');
    return {
      package: header?.id,
      items: items.filter((item) => item.kind !== 'header') as readonly Item[] as readonly AstTop[],
    };
  }

  /** Each character is reported once: a file with a wrong kind of line end has it on every line. */
  #reportFlaws(): void {
    const seen = new Set<string>();
    for (const { kind, start, end } of this.#flaws) {
      const span = { file: this.#file, start, end };
      const text = this.#file.text.slice(start, end);
      if (kind === 'string') {
        this.#bag.report('unterminated-string', span, {});
      } else if (kind === 'comment') {
        this.#bag.report(
          'unterminated-comment',
          span,
          {},
          { hint: 'block comments nest: every `/*` needs its own `*/`' },
        );
      } else if (!seen.has(text)) {
        seen.add(text);
        const hint = text === '\r' ? 'lines end with a line feed, alone or after a carriage return' : undefined;
        if (kind === 'forbidden') this.#bag.report('forbidden-character', span, { text: codePoint(text) });
        else
          this.#bag.report(
            'unexpected-character',
            span,
            { text: /^[\x21-\x7e]+$/.test(text) ? `\`${text}\`` : `character ${codePoint(text)}` },
            { hint },
          );
      }
    }
  }

  /** Corrects misspelt keywords, so that the grammar can go on, and looks at names. */
  #checkWords(): void {
    const badNames = new Set<string>();
    this.#tokens.forEach((token, at) => {
      if (token.tokenType !== Id) return;
      const meant = nativeWord(at, this.#tokens) ?? closest(token.image, wordsFor(at, this.#tokens));
      const name = token.image.replace(/^%/, '');
      // Where a type stands, that there is no such type says enough.
      const isType = nativeType(name) !== undefined && typeLeads.has(this.#tokens[at - 1]?.tokenType);
      if (meant !== undefined) {
        this.#bag.report(
          'misspelt-keyword',
          spanOf(this.#file, token),
          { found: token.image },
          { hint: `did you mean \`${meant}\`?` },
        );
        makeKeyword(token, meant);
        this.#corrected.add(token);
      } else if (!isLabel(name) && !isType && !badNames.has(name)) {
        badNames.add(name);
        this.#bag.report('bad-name', spanOf(this.#file, token), { name: token.image }, { hint: nameHint(name) });
      }
    });
  }

  /** The items up to the brace that closes `open`, or to the end of the file. */
  #items(place: Place, open: IToken | undefined): readonly Item[] {
    const items: Item[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      if (token.tokenType === RBrace) {
        this.#at += 1;
        if (open !== undefined) return items;
        this.#bag.report('unbalanced-brace', spanOf(this.#file, token), { side: 'close' });
      } else if (open !== undefined && this.#isOutside(place)) {
        this.#bag.report('unbalanced-brace', spanOf(this.#file, open), { side: 'open' });
        return items;
      } else if (token.tokenType === Semicolon) {
        this.#at += 1;
        this.#bag.report(
          'unexpected-token',
          spanOf(this.#file, token),
          { expected: 'an item', found: '`;`' },
          { hint: 'items that end with `}` take no `;`, others one' },
        );
      } else {
        items.push(this.#item(place, items.length === 0));
      }
    }
    if (open !== undefined) this.#bag.report('unbalanced-brace', spanOf(this.#file, open), { side: 'open' });
    return items;
  }

  /** Whether what follows can stand only outside this place, in a file that closes too few braces. */
  #isOutside(place: Place): boolean {
    if (place === 'file' || !this.#cutter.lacksClosing) return false;
    const word = wordOf(this.#tokens[this.#cutter.head(this.#at)]);
    if (word === 'package') return true;
    if (word === 'interface' || word === 'world') return place !== 'package';
    return place === 'resource' && word !== undefined && word !== 'constructor';
  }

  #item(place: Place, isFirst: boolean): Item {
    const start = this.#at;
    const head = this.#cutter.head(start);
    if (this.#cutter.isPrefix(head)) return this.#prefix(head);
    const end = Math.max(this.#cutter.end(start), start + 1);
    this.#at = end;
    const tokens = this.#tokens.slice(start, end);
    const unknown = this.#tokens[head + 1]?.tokenType === Id ? this.#tokens[head] : undefined;
    if (unknown?.tokenType === Id) {
      const meant = nativeItem(unknown.image);
      const shape = this.#tokens[head + 2]?.tokenType === LParen ? funcShape : `here may stand ${contents[place]}`;
      this.#bag.report(
        'misspelt-keyword',
        spanOf(this.#file, unknown),
        { found: unknown.image },
        { hint: meant === undefined ? shape : `WIT has \`${meant}\`` },
      );
      return this.#broken(undefined, tokens, head - start + 1);
    }
    const open = tokens.at(-1);
    const opens = open?.tokenType === LBrace;
    const parsed =
      this.#isFlawed(tokens) || this.#isTooDeep(tokens) ? undefined : this.#run(tokens, start, head - start, place);
    if (parsed === undefined && open?.tokenType === Semicolon) this.#at = this.#cutter.afterRest(end);
    if (!opens) return this.#finish(parsed, place, isFirst, tokens, head - start);
    const inner = this.#placeInside(tokens, head - start, place);
    // What stands in the wrong place is reported as a whole.
    if (inner === undefined) this.#at = this.#cutter.afterBlock(end);
    const items = inner === undefined ? [] : this.#items(inner, open);
    return this.#finish(parsed, place, isFirst, tokens, head - start, items);
  }

  /** `default world`: a word that means nothing, before an item that may be good. */
  #prefix(head: number): AstBroken {
    const token = this.#tokens[head];
    this.#at = head + 1;
    if (token !== undefined) {
      const hint = `remove it: nothing stands before \`${this.#tokens[head + 1]?.image ?? ''}\` but gates`;
      this.#bag.report('misspelt-keyword', spanOf(this.#file, token), { found: token.image }, { hint });
    }
    return broken('nothing');
  }

  /** What the braces at the end of a head hold; `undefined` when it cannot stand here, so that nothing nests without end. */
  #placeInside(tokens: readonly IToken[], head: number, place: Place): Place | undefined {
    const block = blocks.get(wordOf(tokens[head]));
    return block === undefined || misplaced(block.kind, place, '', false) !== undefined ? undefined : block.inner;
  }

  /** Items come in order, and so do flaws: those before an item are done with. */
  #isFlawed(tokens: readonly IToken[]): boolean {
    const [start, end] = [tokens[0]?.startOffset ?? 0, tokens.at(-1)?.startOffset ?? 0];
    while ((this.#blockers[this.#passed]?.start ?? Number.POSITIVE_INFINITY) < start) this.#passed += 1;
    return (this.#blockers[this.#passed]?.start ?? Number.POSITIVE_INFINITY) <= end;
  }

  #isTooDeep(tokens: readonly IToken[]): boolean {
    let depth = 0;
    for (const token of tokens) {
      if (token.tokenType === LAngle) depth += 1;
      else if (token.tokenType === RAngle) depth -= 1;
      if (depth <= nestingLimit) continue;
      this.#bag.report(
        'nesting-too-deep',
        spanOf(this.#file, token),
        { what: 'types', limit: nestingLimit },
        { hint: 'give the inner types names with `type`' },
      );
      return true;
    }
    return false;
  }

  #run(tokens: readonly IToken[], start: number, head: number, place: Place): Parsed | undefined {
    const { grammar, expectations } = theParser();
    grammar.context = this.#context;
    grammar.input = [...tokens];
    const result = grammar.item();
    const error = grammar.errors[0];
    const expectation: Expectation = expectations.take();
    if (error === undefined) return result;
    const found = tokens.indexOf(error.token);
    const at = found < 0 ? tokens.length : found;
    const token = this.#tokens[start + at];
    if (token === undefined || !this.#corrected.has(token)) {
      const then = this.#tokens[start + at + 1];
      reportUnexpected({ file: this.#file, bag: this.#bag, tokens, at, next: token, then, head, place, expectation });
    }
    return undefined;
  }

  /** The item, if it may stand here. */
  #finish(
    parsed: Parsed | undefined,
    place: Place,
    isFirst: boolean,
    tokens: readonly IToken[],
    head: number,
    items: readonly Item[] = [],
  ): Item {
    if (parsed === undefined || parsed.kind === 'broken') return this.#broken(parsed?.name, tokens, head);
    const first = tokens[head];
    const span = first === undefined ? undefined : spanOf(this.#file, first);
    const kind = kindOf(parsed);
    const wrong = misplaced(kind, place, declaredName(parsed), isFirst);
    if (wrong !== undefined) {
      this.#bag.report('misplaced-form', span, { form: wrong.form, place: wrong.place }, { hint: wrong.hint });
      return this.#broken(undefined, tokens, head);
    }
    if (kind === 'top-use' || kind === 'header' || kind === 'package') this.#refuseGates(parsed, kind);
    return complete(parsed, items) ?? this.#broken(undefined, tokens, head);
  }

  #refuseGates(parsed: Parsed, kind: ItemKind): void {
    const gates: AstGates = 'gates' in parsed ? parsed.gates : [];
    const [gate] = gates;
    if (gate === undefined) return;
    const place = kind === 'top-use' ? 'before a `use` of this kind' : 'before `package`';
    this.#bag.report(
      'misplaced-form',
      gate.span,
      { form: 'a gate', place },
      { hint: 'gates stand before interfaces, worlds and the items inside them' },
    );
  }

  /** What an item that cannot be parsed would have declared. */
  #broken(name: Name | undefined, tokens: readonly IToken[], head: number): AstBroken {
    if (name !== undefined) return broken('name', name);
    const word = wordOf(tokens[head]);
    if (word === 'use' || word === 'include') return broken('any');
    const token = word === undefined ? tokens[head] : tokens[head + 1];
    if (token?.tokenType !== Id) return broken(word === undefined ? 'nothing' : 'any');
    return broken('name', nameOf(token.image.replace(/^%/, ''), spanOf(this.#file, token)));
  }
}

/** What the keyword of an item with braces makes of it, and of what stands between them. */
const blocks: ReadonlyMap<string | undefined, { readonly kind: ItemKind; readonly inner: Place }> = new Map([
  ['interface', { kind: 'interface', inner: 'interface' }],
  ['world', { kind: 'world', inner: 'world' }],
  ['package', { kind: 'package', inner: 'package' }],
  ['resource', { kind: 'type', inner: 'resource' }],
  ['import', { kind: 'extern', inner: 'interface' }],
  ['export', { kind: 'extern', inner: 'interface' }],
]);

function declaredName(parsed: Parsed): string {
  if (parsed.kind === 'extern') return parsed.direction;
  return 'name' in parsed && parsed.name !== undefined ? parsed.name.wire : '';
}

function kindOf(parsed: Parsed): ItemKind {
  switch (parsed.kind) {
    case 'use':
      return parsed.names === undefined ? 'top-use' : 'use';
    case 'package':
      return parsed.opens ? 'package' : 'header';
    case 'func':
      return parsed.form === 'plain' ? 'func' : parsed.form;
    case 'broken':
      return 'func';
    case 'interface':
    case 'world':
    case 'type':
    case 'extern':
    case 'include':
      return parsed.kind;
  }
}

/** Puts the items of a container into it. */
function complete(parsed: Parsed, items: readonly Item[]): Item | undefined {
  switch (parsed.kind) {
    case 'use':
      if (parsed.names === undefined)
        return { kind: 'top-use', path: parsed.path, local: parsed.local ?? parsed.path.name };
      return { kind: 'use', path: parsed.path, names: parsed.names, gates: parsed.gates };
    case 'package':
      return parsed.opens
        ? ({ kind: 'package', id: parsed.id, items: items as readonly AstTop[] } satisfies AstPackage)
        : { kind: 'header', id: parsed.id };
    case 'interface':
      return { ...parsed, kind: 'interface', items: items as readonly AstMember[] };
    case 'world':
      return { ...parsed, kind: 'world', items: items as readonly AstWorldItem[] };
    case 'type':
      return parsed.body.kind === 'resource'
        ? { ...parsed, body: { kind: 'resource', funcs: items as readonly (AstFunc | AstBroken)[] } }
        : parsed;
    case 'extern':
      return parsed.what.kind === 'inline'
        ? { ...parsed, what: { ...parsed.what, items: items as readonly AstMember[] } }
        : parsed;
    case 'broken':
      return undefined;
    case 'func':
    case 'include':
      return parsed;
  }
}

function nameHint(name: string): string {
  if (name.endsWith('?')) return 'what is optional is written `option<type>`';
  const better = asLabel(name);
  if (better === undefined) return 'names are words of letters and digits with `-` between them: `red-green`, `HTTP-2`';
  return `write \`${better}\`: words are all small or all capital letters, with \`-\` between them`;
}

/** What a type may stand after. */
const typeLeads: ReadonlySet<TokenType | undefined> = new Set([Colon, Arrow, LAngle, Equals]);

/** `Vec<u8>`: the keyword for a type of another language that takes others. */
function nativeWord(at: number, tokens: readonly IToken[]): string | undefined {
  return tokens[at + 1]?.tokenType === LAngle ? nativeGeneric(tokens[at]?.image ?? '') : undefined;
}

function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

export function parseWit(file: SourceFile, bag: DiagnosticBag): AstFile {
  return new FileParser(file, bag).parse();
}
