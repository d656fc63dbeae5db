export * from "wasi-crypto/raw/common";
