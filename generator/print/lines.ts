/** Lines of code, some of them absent: what bodies of generated functions are made of. */
export type Lines = string | undefined | false | readonly Lines[];

/** Flattens nested lines and leaves out the absent ones. Indentation is the formatter's. */
export function lines(...parts: readonly Lines[]): readonly string[] {
  return parts.flatMap((part) =>
    typeof part === 'string' ? [part] : part === undefined || part === false ? [] : lines(...part),
  );
}
