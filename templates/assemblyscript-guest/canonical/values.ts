/** Values that definitions have and AssemblyScript has not: `option` of what is no object, and `result`. */

/** What stands for a case of a `result` that has no value: any number will do. */
export type None = u8;

/** A number, or another value that cannot be null, or none. */
@final
export class Option<T> {
  private constructor(
    /** Whether there is a value. */
    readonly isSome: bool,
    private held: T,
  ) {}

  static some<T>(value: T): Option<T> {
    return new Option<T>(true, value);
  }

  static none<T>(): Option<T> {
    return new Option<T>(false, nothing<T>());
  }

  /** The value. If there is none, the guest is aborted. */
  get value(): T {
    if (!this.isSome) throw new Error("there is no value");
    return this.held;
  }
}

/** What came out: a value, or why there is none. */
@final
export class Result<T, E> {
  private constructor(
    /** Whether there is a value. */
    readonly isOk: bool,
    private held: T,
    private failure: E,
  ) {}

  static ok<T, E>(value: T): Result<T, E> {
    return new Result<T, E>(true, value, nothing<E>());
  }

  static err<T, E>(error: E): Result<T, E> {
    return new Result<T, E>(false, nothing<T>(), error);
  }

  /** The value. If it went wrong, the guest is aborted. */
  get value(): T {
    if (!this.isOk) throw new Error("it went wrong: there is an error in place of a value");
    return this.held;
  }

  /** Why there is no value. If there is one, the guest is aborted. */
  get error(): E {
    if (this.isOk) throw new Error("it went well: there is no error");
    return this.failure;
  }
}

/** What stands in a place that is never read. */
function nothing<T>(): T {
  if (isReference<T>()) return changetype<T>(<usize>0);
  return <T>0;
}
