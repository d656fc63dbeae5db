# Completes `wasi-crypto-gen` in fish, beside files.
complete -c wasi-crypto-gen -a '(wasi-crypto-gen complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
