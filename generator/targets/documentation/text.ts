/** Types as readers see them: one notation for both dialects, which is WIT's, with references to link. */
import type { Label, Type, TypeDecl } from '../../model/model.js';

/** The name of a declared type, where it is used. */
export interface Reference {
  readonly text: string;
  readonly decl: TypeDecl;
}

export type Text = readonly (string | Reference)[];

/** Without its references. */
export function plain(text: Text): string {
  return text.map((part) => (typeof part === 'string' ? part : part.text)).join('');
}

export function typeText(type: Type): Text {
  switch (type.kind) {
    case 'scalar':
      return [type.scalar];
    case 'bool':
    case 'string':
    case 'error-context':
      return [type.kind];
    case 'handle':
      return ['handle'];
    case 'ref':
      return [reference(type.decl)];
    case 'borrow':
      return ['borrow<', reference(type.decl), '>'];
    case 'option':
      return ['option<', ...typeText(type.payload), '>'];
    case 'list':
      return ['list<', ...typeText(type.element), ...(type.length === undefined ? [] : [`, ${type.length}`]), '>'];
    case 'buffer':
      return [type.access === 'out' ? 'out list<' : 'list<', ...typeText(type.element), '>'];
    case 'address':
      return ['address<', ...typeText(type.pointee), '>'];
    case 'tuple':
      return ['tuple<', ...separated(type.items.map(typeText)), '>'];
    case 'map':
      return ['map<', ...separated([typeText(type.key), typeText(type.value)]), '>'];
    case 'result':
      return resultText(type.ok, type.error);
    case 'future':
    case 'stream':
      return type.payload === undefined ? [type.kind] : [`${type.kind}<`, ...typeText(type.payload), '>'];
    case 'enum':
      return [`enum { ${names(type.cases)} }`];
    case 'flags':
      return [`flags { ${names(type.flags)} }`];
    case 'record':
      return ['record { ', ...separated(type.fields.map(memberText)), ' }'];
    case 'variant':
      return [
        'variant { ',
        ...separated(
          type.cases.map(({ name, payload }) =>
            payload === undefined ? [name.wire] : [`${name.wire}(`, ...typeText(payload), ')'],
          ),
        ),
        ' }',
      ];
  }
}

function resultText(ok: Type | undefined, error: Type | undefined): Text {
  if (ok === undefined && error === undefined) return ['result'];
  const parts = [ok === undefined ? ['_'] : typeText(ok), ...(error === undefined ? [] : [typeText(error)])];
  return ['result<', ...separated(parts), '>'];
}

function memberText({ name, type }: { readonly name: { readonly wire: string }; readonly type: Type }): Text {
  return [`${name.wire}: `, ...typeText(type)];
}

function reference(decl: TypeDecl): Reference {
  return { text: decl.name.wire, decl };
}

function names(labels: readonly Label[]): string {
  return labels.map(({ name }) => name.wire).join(', ');
}

function separated(texts: readonly Text[]): Text {
  return texts.flatMap((text, index) => (index === 0 ? text : [', ', ...text]));
}
