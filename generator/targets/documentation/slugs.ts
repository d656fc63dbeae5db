/** Anchors of headings, as GitHub and GitLab make them. */
export class Slugs {
  readonly #counts = new Map<string, number>();

  /** Of the next heading of a page. */
  next(text: string): string {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = this.#counts.get(slug) ?? 0;
    this.#counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  }
}
