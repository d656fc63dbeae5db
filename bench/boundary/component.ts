/** The loops as a component. */
export * from "./operations";
export { cabi_realloc } from "calls/result";
