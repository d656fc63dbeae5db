/** The part of WebAssembly's JavaScript interface that is used here: TypeScript has it in the DOM's library only. */

export interface Memory {
  readonly buffer: ArrayBufferLike;
}

export interface Module {
  /** Only tells modules from other objects. */
  readonly [Symbol.toStringTag]: string;
}

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type ImportKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** What is imported by name, by module. */
export type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyInterface {
  compile(bytes: Uint8Array): Promise<Module>;
  instantiate(module: Module, imports: Imports): Promise<Instance>;
  readonly Module: {
    new (bytes: Uint8Array): Module;
    imports(module: Module): readonly { readonly module: string; readonly name: string; readonly kind: ImportKind }[];
  };
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum?: number;
    readonly shared?: boolean;
  }) => Memory;
  readonly Global: new (descriptor: object) => object;
  readonly Table: new (descriptor: object) => object;
  readonly CompileError: new (message: string) => Error;
  readonly LinkError: new (message: string) => Error;
  readonly RuntimeError: new (message: string) => Error;
}

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }).WebAssembly;
