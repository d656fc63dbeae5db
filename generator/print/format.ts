/** Beyond this many characters nobody reads a file from end to end, and formatting takes nearly all of the time. */
const limit = 250_000;

/** Formats TypeScript. Prettier is loaded on first use: its import takes 30 ms. */
export async function formatTypeScript(text: string): Promise<string> {
  if (text.length > limit) return text;
  const { format } = await import('prettier');
  // The name says that it is no TSX, where a single type parameter needs a comma.
  return format(text, {
    filepath: 'generated.ts',
    parser: 'babel-ts',
    printWidth: 120,
    singleQuote: true,
    trailingComma: 'all',
  });
}
