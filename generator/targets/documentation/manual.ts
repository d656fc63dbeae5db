/**
 * Definitions as a reader's manual: a page for each module and world, with everything that documentation says, as
 * data. Targets only spell it.
 */
import type { AppliedErratum, Dialect } from '../../model/model.js';
import type { SourceFile } from '../../source/source.js';
import type { Docs } from './docs.js';
import type { Place, Places } from './places.js';
import type { Text } from './text.js';

export interface Manual {
  /** What the definitions are called in banners: the revision, the packages or the folder. */
  readonly label: string;
  readonly title: string;
  readonly dialect: Dialect;
  /** Those asked for first. */
  readonly packages: readonly PackageEntry[];
  readonly errata: readonly AppliedErratum[];
  readonly places: Places;
}

export interface PackageEntry {
  /** `wasi:crypto@0.11.0`; WITX: the revision, or what the folder or file is called. */
  readonly name: string;
  readonly docs: string;
  /** It is here because others need it. */
  readonly isDependency: boolean;
  readonly pages: readonly Page[];
}

export interface Page {
  readonly kind: 'module' | 'interface' | 'types' | 'world';
  /** Its file, without an ending. */
  readonly slug: string;
  /** The anchors of its headings. */
  readonly headings: ReadonlyMap<string, string>;
  readonly name: string;
  /** How guests import it: WIT: `wasi:io/streams@0.2.0`. */
  readonly id: string;
  /** The name in the other dialect, if it has one. */
  readonly elsewhere: string | undefined;
  readonly docs: string;
  /** What else there is to know: whose spelling it is, since when it is there. A sentence each, without a stop. */
  readonly notes: readonly string[];
  /** Absent for what stands in no single file. */
  readonly source: SourceFile | undefined;
  readonly uses: readonly Linked[];
  /** Of worlds. */
  readonly imports: readonly Linked[];
  readonly exports: readonly Linked[];
  readonly types: readonly TypeEntry[];
  readonly functions: readonly FunctionEntry[];
}

/** A name, and where it is documented. */
export interface Linked {
  readonly name: string;
  readonly place: Place | undefined;
}

export interface TypeEntry {
  readonly name: string;
  readonly anchor: string;
  readonly elsewhere: string | undefined;
  readonly docs: string;
  readonly notes: readonly string[];
  /** `enum`, `record`, `handle`; for another name of a type `type`. */
  readonly kind: string;
  /** What it stands for, where it has no members. */
  readonly is: Text | undefined;
  /** The integer that holds the tag or the flags. */
  readonly repr: string | undefined;
  /** Bytes in memory; absent where the ABI has no such value. */
  readonly size: number | undefined;
  readonly align: number | undefined;
  /** Of variants: where each case has what it holds. */
  readonly payloadOffset: number | undefined;
  /** What the numbers of its members are. */
  readonly numbers: 'tag' | 'bit' | 'offset' | undefined;
  readonly members: readonly Member[];
  readonly constants: readonly { readonly name: string; readonly value: string; readonly docs: string }[];
}

export interface Member {
  readonly name: string;
  /** A tag, a mask in hexadecimal digits or an offset; absent where the ABI has no such value. */
  readonly number: string | undefined;
  readonly type: Text | undefined;
  readonly docs: string;
}

export interface FunctionEntry {
  /** As people say it: `pollable.ready`. */
  readonly name: string;
  /** As the ABI has it: `[method]pollable.ready`. */
  readonly wire: string;
  readonly anchor: string;
  readonly elsewhere: string | undefined;
  readonly docs: Docs;
  readonly notes: readonly string[];
  readonly params: readonly ParamEntry[];
  readonly results: readonly ResultEntry[];
  /** The type of its error, if it can fail. */
  readonly error: Text | undefined;
  /** In WebAssembly's text format; undefined: the ABI has none, and `why` says why not. */
  readonly core: string | undefined;
  readonly why: string | undefined;
}

export interface ParamEntry {
  readonly name: string;
  readonly type: Text;
  readonly docs: string;
  /** The names of the core parameters that carry it. */
  readonly core: readonly string[];
  /** There, where all parameters stand in memory. */
  readonly offset: number | undefined;
}

export interface ResultEntry {
  readonly type: Text;
  /** The core parameter that says where it is to be written; undefined: it is returned. */
  readonly at: string | undefined;
}
