/** Anchors of headings, as GitHub and GitLab make them. */
export class Slugs {
  readonly #counts = new Map<string, number>();

  /** Of the next heading of a page. */
  next(text: string): string {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let found = slug;
    // A heading may be called as others are numbered.
    for (let count = this.#counts.get(slug) ?? 0; this.#counts.has(found); found = `${slug}-${count}`) {
      count += 1;
      this.#counts.set(slug, count);
    }
    this.#counts.set(found, 0);
    return found;
  }
}
