/** The portable guest as a component: the same operations over the calls of WIT 0.11. */
export { isSized, nameOf, operations, prepare, run } from "../operations";
export { cabi_realloc } from "calls/result";
