export * from "wasi-crypto/raw/symmetric";
