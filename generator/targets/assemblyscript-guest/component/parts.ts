/** How AssemblyScript takes values of several parts apart, and makes them. */
import type { CanonicalPass, OptionPass, ResultPass, SumPass, VariantPass } from '../../../abi/plan.js';
import { camel } from '../../../model/name.js';
import type { Name } from '../../../model/model.js';
import { Scope } from '../../../print/scope.js';
import { caseNames } from '../names.js';
import { legal, reservedFields } from '../reserved.js';
import { canonical } from './canonical.js';
import { isNullable, typeText, type Site } from './values.js';

/** A variant, an option or a result. */
export interface SumText {
  /** The tag of a value. */
  tag(value: string): string;
  /** By their tags. */
  readonly cases: readonly CaseText[];
}

export interface CaseText {
  /** A value of this case. */
  make(payload: string): string;
  /** Whether a value is of this case. */
  test(value: string): string;
  /** What a value of this case holds. */
  read(value: string): string;
}

/** @param text the type of the values, under its own name */
export function sumText(pass: SumPass<CanonicalPass>, text: string, site: Site): SumText {
  switch (pass.how) {
    case 'option':
      return optionText(pass, site);
    case 'variant':
      return variantText(pass, text);
    case 'result':
      return resultText(pass, text);
  }
}

function optionText({ type, repr, some }: OptionPass<CanonicalPass>, site: Site): SumText {
  const nullable = isNullable(type);
  const option = nullable ? '' : site.file.use(canonical.Option);
  const text = nullable ? '' : typeText(some.pass.type, site);
  const isSome = (value: string): string => (nullable ? `${value} !== null` : `${value}.isSome`);
  return {
    tag: (value) => `<${repr}>(${isSome(value)})`,
    cases: [
      {
        make: () => (nullable ? 'null' : `${option}.none<${text}>()`),
        test: (value) => `!(${isSome(value)})`,
        read: (value) => value,
      },
      {
        make: (held) => (nullable ? held : `${option}.some<${text}>(${held})`),
        test: isSome,
        read: (value) => (nullable ? value : `${value}.value`),
      },
    ],
  };
}

function variantText({ repr, cases }: VariantPass<CanonicalPass>, text: string): SumText {
  const members = payloadNames(cases);
  const made = caseNames(cases);
  return {
    tag: (value) => `<${repr}>${value}.tag`,
    cases: cases.map(({ tag, pass }) => ({
      make: (held) => `${text}.${made[tag]}${pass === undefined ? '' : `(${held})`}`,
      test: (value) => `${value}.tag == ${tag}`,
      read: (value) => `${value}.${members[tag]}`,
    })),
  };
}

function resultText({ repr, ok, error }: ResultPass<CanonicalPass>, text: string): SumText {
  const [name, types] = [text.slice(0, text.indexOf('<')), text.slice(text.indexOf('<'))];
  return {
    tag: (value) => `<${repr}>!${value}.isOk`,
    cases: [
      {
        make: (held) => `${name}.ok${types}(${ok.pass === undefined ? '0' : held})`,
        test: (value) => `${value}.isOk`,
        read: (value) => `${value}.value`,
      },
      {
        make: (held) => `${name}.err${types}(${error.pass === undefined ? '0' : held})`,
        test: (value) => `!${value}.isOk`,
        read: (value) => `${value}.error`,
      },
    ],
  };
}

interface Named {
  readonly name: Pick<Name, 'words'>;
}

/** The fields of a record, or the items of a tuple. */
export function fieldNames(fields: readonly Named[]): readonly string[] {
  const scope = new Scope();
  return fields.map((each) => scope.declare(legal(camel(each.name.words), reservedFields)));
}

/** What reads the payload of a variant, by its cases. */
export function payloadNames(cases: readonly Named[]): readonly string[] {
  const scope = new Scope(['tag']);
  return cases.map((each) => scope.declare(legal(camel(each.name.words), reservedFields)));
}
