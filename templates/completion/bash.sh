# Completes `wasi-crypto-gen` in bash. The words go to the command as they are: nothing is evaluated.
_wasi_crypto_gen() {
  local word
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    COMPREPLY+=("$word")
  done < <(wasi-crypto-gen complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}

# Where the command has nothing to say, files are completed.
complete -o default -F _wasi_crypto_gen wasi-crypto-gen
