/** Lines of code, some of them absent: what bodies of generated functions are made of. */
export type Lines = string | undefined | false | readonly Lines[];

/** Flattens nested lines and leaves out the absent ones. Indentation is the formatter's. */
export function lines(...parts: readonly Lines[]): readonly string[] {
  const found: string[] = [];
  const collect = (part: Lines): void => {
    if (typeof part === 'string') found.push(part);
    else if (part !== undefined && part !== false) part.forEach(collect);
  };
  parts.forEach(collect);
  return found;
}

/** A number as most languages write it in hexadecimal digits, the sign before them. */
export function hexadecimal(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
