/** What the guest of the tests authenticates. */
export const MESSAGE = new TextEncoder().encode('a message');
