/** Beyond this many characters nobody reads a file from end to end, and formatting takes nearly all of the time. */
const limit = 250_000;

/** Formats TypeScript. Prettier is loaded on first use, and only what this needs: the whole of it wants a disk. */
export async function formatTypeScript(text: string): Promise<string> {
  if (text.length > limit) return text;
  const [{ format }, babel, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/babel'),
    import('prettier/plugins/estree'),
  ]);
  // The name says that it is no TSX, where a single type parameter needs a comma.
  return format(text, {
    filepath: 'generated.ts',
    parser: 'babel-ts',
    plugins: [babel, estree],
    printWidth: 120,
    singleQuote: true,
    trailingComma: 'all',
  });
}
