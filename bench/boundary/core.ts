/** The loops as a core module. */
export * from "./operations";
