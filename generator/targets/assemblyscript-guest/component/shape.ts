/** What values of several parts consist of, and how AssemblyScript takes them apart and makes them. */
import type { Pass } from '../../../abi/plan.js';
import { InternalError } from '../../../diagnostics/diagnostic.js';
import { resolve } from '../../../model/kinds.js';
import { camel } from '../../../model/name.js';
import type { RecordType, Type, VariantType } from '../../../model/model.js';
import { Scope } from '../../../print/scope.js';
import { caseName } from '../names.js';
import { legal, reservedFields } from '../reserved.js';
import { canonical } from './canonical.js';
import { isNullable, typeText, type Site } from './values.js';

export type Shape = Product | Sum | Sequence;

/** A record or a tuple. */
export interface Product {
  readonly is: 'product';
  readonly parts: readonly (Part & { readonly member: string })[];
}

/** A value of a known type at a known place. */
export interface Part {
  readonly type: Type;
  readonly pass: Pass;
  readonly offset: number;
}

/** A variant, an option or a result. */
export interface Sum {
  readonly is: 'sum';
  readonly repr: string;
  /** The tag of a value. */
  tag(value: string): string;
  readonly cases: readonly SumCase[];
}

export interface SumCase {
  readonly payload: Part | undefined;
  /** A value of this case. */
  make(payload: string): string;
  /** Whether a value is of this case. */
  test(value: string): string;
  /** What a value of this case holds. */
  read(value: string): string;
}

/** A list. */
export interface Sequence {
  readonly is: 'sequence';
  readonly element: Type;
  readonly pass: Pass;
  readonly stride: number;
  /** Always that many, which stand here and not elsewhere. */
  readonly length: number | undefined;
}

export function shapeOf(type: Type, pass: Pass, site: Site): Shape {
  const target = resolve(type);
  switch (pass.how) {
    case 'record':
      if (target.kind === 'record')
        return product(
          pass.fields,
          target.fields.map((each) => each.type),
          fieldNames(target),
        );
      break;
    case 'tuple':
      if (target.kind === 'tuple')
        return product(
          pass.items,
          target.items,
          target.items.map((_, index) => `item${index}`),
        );
      break;
    case 'option':
      if (target.kind === 'option')
        return option(
          type,
          target.payload,
          pass.repr,
          { type: target.payload, pass: pass.payload, offset: pass.payloadOffset },
          site,
        );
      break;
    case 'variant': {
      const part = (index: number, payload: Type | undefined): Part | undefined => {
        const own = pass.cases[index]?.pass;
        return payload === undefined || own === undefined
          ? undefined
          : { type: payload, pass: own, offset: pass.payloadOffset };
      };
      if (target.kind === 'variant')
        return variant(
          target,
          pass.repr,
          target.cases.map((each, index) => part(index, each.payload)),
          typeText(type, site),
        );
      if (target.kind === 'result') return result(type, pass.repr, part(0, target.ok), part(1, target.error), site);
      break;
    }
    case 'list':
      if (target.kind === 'list')
        return {
          is: 'sequence',
          element: target.element,
          pass: pass.element,
          stride: pass.stride,
          length: pass.length,
        };
      break;
    default:
  }
  throw new InternalError(`a \`${target.kind}\` is passed as \`${pass.how}\``);
}

function product(
  placed: readonly { readonly pass: Pass; readonly offset: number }[],
  types: readonly Type[],
  members: readonly string[],
): Product {
  return {
    is: 'product',
    parts: placed.map(({ pass, offset }, index) => ({
      pass,
      offset,
      type: types[index] as Type,
      member: members[index] as string,
    })),
  };
}

function option(type: Type, payload: Type, repr: string, part: Part, site: Site): Sum {
  const nullable = isNullable(type);
  const option = nullable ? '' : site.file.use(canonical.Option);
  const text = nullable ? '' : typeText(payload, site);
  const isSome = (value: string): string => (nullable ? `${value} !== null` : `${value}.isSome`);
  return {
    is: 'sum',
    repr,
    tag: (value) => `<${repr}>(${isSome(value)})`,
    cases: [
      {
        payload: undefined,
        make: () => (nullable ? 'null' : `${option}.none<${text}>()`),
        test: (value) => `!(${isSome(value)})`,
        read: (value) => value,
      },
      {
        payload: part,
        make: (held) => (nullable ? held : `${option}.some<${text}>(${held})`),
        test: isSome,
        read: (value) => (nullable ? value : `${value}.value`),
      },
    ],
  };
}

function variant(target: VariantType, repr: string, parts: readonly (Part | undefined)[], text: string): Sum {
  const members = payloadNames(target);
  return {
    is: 'sum',
    repr,
    tag: (value) => `<${repr}>${value}.tag`,
    cases: target.cases.map((each, index) => ({
      payload: parts[index],
      make: (held) => `${text}.${caseName(each.name)}${parts[index] === undefined ? '' : `(${held})`}`,
      test: (value) => `${value}.tag == ${index}`,
      read: (value) => `${value}.${members[index]}`,
    })),
  };
}

function result(type: Type, repr: string, ok: Part | undefined, error: Part | undefined, site: Site): Sum {
  const text = typeText(type, site);
  const [name, types] = [text.slice(0, text.indexOf('<')), text.slice(text.indexOf('<'))];
  return {
    is: 'sum',
    repr,
    tag: (value) => `<${repr}>!${value}.isOk`,
    cases: [
      {
        payload: ok,
        make: (held) => `${name}.ok${types}(${ok === undefined ? '0' : held})`,
        test: (value) => `${value}.isOk`,
        read: (value) => `${value}.value`,
      },
      {
        payload: error,
        make: (held) => `${name}.err${types}(${error === undefined ? '0' : held})`,
        test: (value) => `!${value}.isOk`,
        read: (value) => `${value}.error`,
      },
    ],
  };
}

/** The fields of a record, by its fields. */
export function fieldNames({ fields }: RecordType): readonly string[] {
  const scope = new Scope();
  return fields.map((each) => scope.declare(legal(camel(each.name.words), reservedFields)));
}

/** What reads the payload of a variant, by its cases. */
export function payloadNames({ cases }: VariantType): readonly string[] {
  const scope = new Scope(['tag']);
  return cases.map((each) => scope.declare(legal(camel(each.name.words), reservedFields)));
}
