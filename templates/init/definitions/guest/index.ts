import { errno, greet as ask, ok, value } from 'greeting';

const name = new StaticArray<u8>(64);
const answer = new StaticArray<u8>(128);

export function nameAddress(): usize {
  return changetype<usize>(name);
}

export function answerAddress(): usize {
  return changetype<usize>(answer);
}

/** Greets whose name the host has put there; returns how long the greeting is, or an errno below 0. */
export function greet(length: i32): i32 {
  const result = ask(String.UTF8.decodeUnsafe(nameAddress(), length), answer);
  return ok(result) ? <i32>value(result) : -(<i32>errno(result));
}
