/** Names of the header: one function a role. All begin with the name of the package, since C has one scope for all. */
import { snake } from '../../model/name.js';
import { Scope } from '../../print/scope.js';

/**
 * Words of C and C++, types that the header uses, and macros of the standard library that are no constants: no parameter
 * or field may have them.
 */
export const reserved: ReadonlySet<string> = new Set(
  `alignas alignof and and_eq asm assert auto bitand bitor bool break case catch char char16_t char32_t char8_t class
  co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue decltype default
  delete do double dynamic_cast else enum errno explicit export extern false float for friend goto if inline int
  int16_t int32_t int64_t int8_t linux long math_errhandling mutable namespace new noexcept not not_eq nullptr offsetof operator or
  or_eq private protected public register reinterpret_cast requires restrict return short signed size_t sizeof static
  static_assert static_cast stderr stdin stdout struct switch template this thread_local throw true try typedef
  typeid typename typeof typeof_unqual uint16_t uint32_t uint64_t uint8_t union unix unsigned using virtual void
  volatile wchar_t while xor xor_eq`.split(/\s+/),
);

export class CNames {
  readonly #prefix: readonly string[];
  readonly #scope: Scope;

  constructor(packageName: string) {
    this.#prefix = packageName
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '');
    if (/^[0-9]/.test(packageName)) this.#prefix = ['bindings', ...this.#prefix];
    const own = ['H', 'ASSERT', 'CHECKED', 'IMPORT'].map((each) => this.#macro(each));
    this.#scope = new Scope(own);
  }

  /** The header: `wasi_crypto.h`. */
  get file(): string {
    return `${snake(this.#prefix)}.h`;
  }

  /** A macro of the header's own: `WASI_CRYPTO_H`. */
  own(name: 'H' | 'ASSERT' | 'CHECKED' | 'IMPORT'): string {
    return this.#macro(name);
  }

  /** A type: `wasi_crypto_symmetric_state_t`. */
  type(words: readonly string[]): string {
    return this.#scope.declare(`${this.#prefixed(words)}_t`);
  }

  /** The name of an enumeration, which C keeps apart from those of types and functions. */
  enumeration(words: readonly string[]): string {
    return this.#prefixed(words);
  }

  /** A function: `wasi_crypto_symmetric_state_open`. */
  func(words: readonly string[]): string {
    return this.#scope.declare(this.#prefixed(words));
  }

  /** The case of an enum, a flag or a constant: `WASI_CRYPTO_ERRNO_SUCCESS`. */
  constant(type: readonly string[], words: readonly string[]): string {
    return this.#scope.declare(this.#prefixed([...type, ...words]).toUpperCase());
  }

  /** `crypto_errno` of `wasi-crypto` is `wasi_crypto_errno`: what the two share is said once. */
  #prefixed(words: readonly string[]): string {
    const shared = Math.min(this.#prefix.length, words.length - 1);
    for (let length = shared; length > 0; length -= 1) {
      if (this.#prefix.slice(-length).every((word, index) => words[index] === word))
        return snake([...this.#prefix, ...words.slice(length)]);
    }
    return snake([...this.#prefix, ...words]);
  }

  #macro(name: string): string {
    return `${snake(this.#prefix).toUpperCase()}_${name}`;
  }
}

/** Names of parameters of one function, or of fields of one struct. */
export class Members {
  readonly #scope = new Scope();

  declare(name: string): string {
    const plain = name.replaceAll('-', '_').toLowerCase();
    const started = /^[0-9]/.test(plain) ? `_${plain}` : plain;
    return this.#scope.declare(reserved.has(started) ? `${started}_` : started);
  }
}
