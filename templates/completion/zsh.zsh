#compdef wasi-crypto-gen
# Completes `wasi-crypto-gen` in zsh.
_wasi_crypto_gen() {
  local word text
  local -a found
  while IFS=$'\t' read -r word text; do
    found+=("${word//:/\\:}:$text")
  done < <(wasi-crypto-gen complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  # Where the command has nothing to say, files are completed.
  if (( $#found )); then
    _describe wasi-crypto-gen found
  else
    _files
  fi
}

(( $+functions[compdef] )) && compdef _wasi_crypto_gen wasi-crypto-gen
