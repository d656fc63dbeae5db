/** Handles that the host has lent to an exported function, which has to give them back before it returns. */

/** How each is given back, and its number: one list for each, in the same order. */
const drops: Array<(handle: u32) => void> = [];
const handles: Array<u32> = [];

/** Takes a handle on loan. */
export function borrowed(handle: u32, drop: (handle: u32) => void): u32 {
  drops.push(drop);
  handles.push(handle);
  return handle;
}

/** Gives all of them back. */
export function returnLoans(): void {
  while (handles.length > 0) {
    const drop = drops.pop();
    drop(handles.pop());
  }
}
