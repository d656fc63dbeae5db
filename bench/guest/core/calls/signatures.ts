export * from "wasi-crypto/raw/signatures";
