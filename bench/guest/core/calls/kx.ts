export * from "wasi-crypto/raw/kx";
