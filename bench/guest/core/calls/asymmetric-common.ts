export * from "wasi-crypto/raw/asymmetric-common";
