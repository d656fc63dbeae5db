/** How the host gets memory: for texts and lists that it returns, or passes to what the component exports. */

/**
 * Makes, or resizes, a block of memory (CanonicalABI.md, `cabi_realloc`). The heap aligns everything to 16
 * bytes. A block without bytes is only an address, which is never freed.
 */
export function cabi_realloc(block: usize, oldSize: usize, align: usize, size: usize): usize {
  if (size == 0) {
    if (oldSize != 0) heap.free(block);
    return align;
  }
  return oldSize == 0 ? heap.alloc(size) : heap.realloc(block, size);
}

/** Frees a block that the host made. It is overwritten: it may be secret. */
export function discard(block: usize, size: usize): void {
  if (size == 0) return;
  memory.fill(block, 0, size);
  heap.free(block);
}
