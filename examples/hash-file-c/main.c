// Prints the SHA-256 of files, or of the standard input, as `sha256sum` does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wasi_crypto.h"

static void expect(wasi_crypto_errno_t result, const char *what) {
  if (result == WASI_CRYPTO_ERRNO_SUCCESS) return;
  fprintf(stderr, "%s: %s\n", what, wasi_crypto_errno_name(result));
  exit(1);
}

static wasi_crypto_symmetric_state_t open_state(const char *algorithm) {
  const wasi_crypto_opt_symmetric_key_t no_key = wasi_crypto_opt_symmetric_key_none();
  const wasi_crypto_opt_options_t no_options = wasi_crypto_opt_options_none();
  wasi_crypto_symmetric_state_t state;
  expect(wasi_crypto_symmetric_state_open(algorithm, strlen(algorithm), &no_key, &no_options, &state), algorithm);
  return state;
}

/** Hands each piece to the host where it lies in memory. Whether the file could be read to its end. */
static bool hash(FILE *input, uint8_t *digest, size_t size) {
  static uint8_t piece[65536];
  const wasi_crypto_symmetric_state_t state = open_state("SHA-256");
  for (size_t count = fread(piece, 1, sizeof piece, input); count > 0; count = fread(piece, 1, sizeof piece, input))
    expect(wasi_crypto_symmetric_state_absorb(state, piece, count), "hashing");
  expect(wasi_crypto_symmetric_state_squeeze(state, digest, size), "finishing the hash");
  wasi_crypto_symmetric_state_close(state);
  return !ferror(input);
}

static bool print(FILE *input, const char *name) {
  uint8_t digest[32];
  if (input == NULL || !hash(input, digest, sizeof digest)) {
    perror(name);
    return false;
  }
  for (size_t index = 0; index < sizeof digest; index += 1) printf("%02x", digest[index]);
  printf("  %s\n", name);
  return true;
}

int main(int count, char **names) {
  if (count < 2) return print(stdin, "-") ? 0 : 1;
  bool ok = true;
  for (int index = 1; index < count; index += 1) {
    FILE *input = fopen(names[index], "rb");
    ok &= print(input, names[index]);
    if (input != NULL) fclose(input);
  }
  return ok ? 0 : 1;
}
