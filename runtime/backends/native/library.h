/*
 * What the files of this library share: how calls read their arguments, the objects that calls name by numbers, and
 * what calls answer. No call keeps a pointer into JavaScript's memory, and none runs JavaScript.
 */
#ifndef WASI_CRYPTO_LIBRARY_H
#define WASI_CRYPTO_LIBRARY_H

#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "openssl.h"

/* What a call answers that failed; what succeeds answers 0 or more. `binding.ts` has the same numbers. */
enum status {
  DONE = 0,
  /* A value of the wrong type, or a range that lies outside: the host's mistake. */
  BAD_ARGUMENT = -1,
  /* A number that names no object of the kind: the host's mistake. */
  BAD_HANDLE = -2,
  BAD_TAG = -3,
  /* OpenSSL refused. */
  FAILED = -4,
  NO_MEMORY = -5,
  /* The output lies in shared memory, where nothing may stand before it was verified. */
  SHARED = -6
};

/* Bytes that JavaScript gave; valid until the call returns. */
typedef struct {
  uint8_t *start;
  size_t length;
} bytes;

static inline bool overlap(bytes left, bytes right) {
  return left.start < right.start + right.length && right.start < left.start + left.length;
}

enum kind { NO_KIND, RUNNING_DIGEST, MAC_KEY, CODE_KEY, RUNNING_CODE, CIPHER_KEY, ASYMMETRIC_KEY, MODULUS, CURVE_POINT };

typedef struct {
  void *object;
  uint32_t generation;
  enum kind kind;
  uint32_t next_free;
} slot;

#define MOST_DIGESTS 32
#define MOST_CIPHERS 16
#define KEY_TYPES 9
#define POINT_GROUPS 4

typedef struct {
  EVP_MD *md;
  char name[32];
  /* Of a digest; not asked where output has any length. */
  size_t size;
  bool any_length;
  /* Set up already: starting anew from it costs less. */
  EVP_MD_CTX *ready;
} digest;

/* What a cipher is for. */
enum purpose { NOTHING, SEALS, COUNTS, CHAINS };

typedef struct {
  EVP_CIPHER *cipher;
  /* Makes a key for each message; NULL: there is one for all. */
  EVP_CIPHER *extender;
  enum purpose purpose;
  char name[32];
  size_t key_size;
  size_t nonce_size;
} cipher;

/* Makes keys of a type, once it was asked for. */
typedef struct {
  EVP_PKEY_CTX *import;
  EVP_PKEY_CTX *generate;
} key_maker;

/* One for each thread that loads the library. */
typedef struct {
  slot *slots;
  uint32_t slot_count;
  uint32_t first_free;
  uint32_t live;
  digest digests[MOST_DIGESTS];
  uint32_t digest_count;
  /* Where copies are finished. */
  EVP_MD_CTX *scratch;
  /* Fetched once it was asked for. */
  EVP_MAC *cmac;
  EVP_MAC *blake2;
  cipher ciphers[MOST_CIPHERS];
  uint32_t cipher_count;
  key_maker makers[KEY_TYPES];
  /* Room for the powers of a base, once it was asked for; wiped. */
  uint64_t *powers;
  /* Made once they were asked for. */
  EC_GROUP *groups[POINT_GROUPS];
} library;

/* A call: its arguments, of which those that were not given are undefined. */
#define MOST_ARGUMENTS 8
typedef struct {
  napi_env env;
  library *lib;
  napi_value argument[MOST_ARGUMENTS];
} call;

bool call_begin(napi_env env, napi_callback_info info, call *call);
napi_value call_end(const call *call, double answer);

/* Each is false where the argument is something else. */
bool read_bytes(const call *call, int index, bytes *out);
/* The same, and whether another thread could see them. */
bool read_output(const call *call, int index, bytes *out, bool *shared);
bool read_whole(const call *call, int index, double most, double *out);
bool read_name(const call *call, int index, char *out, size_t size);

/* The number of a new object; NO_MEMORY, and then the object is still the caller's. */
double object_add(library *lib, void *object, enum kind kind);
/* The object of a number, or NULL. */
void *object_get(const call *call, int index, enum kind kind);
void *object_find(const library *lib, uint64_t number, enum kind kind);

/* Nothing of an error stays behind for whoever asks OpenSSL next, `node:crypto` included. */
enum status failed(void);

/* The hash function of a number, or NULL. */
const digest *read_digest(const call *call, int index);
/* The digest of one input; there is room for the longest. */
bool digest_once(const digest *digest, bytes input, uint8_t *out);

void running_digest_free(EVP_MD_CTX *context);
void mac_key_free(void *key);
void code_free(EVP_MAC_CTX *context);
void cipher_key_free(void *key);
void asymmetric_key_free(void *key);
void key_maker_end(key_maker *maker);
void modulus_free(void *object);
void point_free(void *object);

napi_value digest_find(napi_env env, napi_callback_info info);
napi_value digest_whole(napi_env env, napi_callback_info info);
napi_value digest_begin(napi_env env, napi_callback_info info);
napi_value digest_update(napi_env env, napi_callback_info info);
napi_value digest_copy(napi_env env, napi_callback_info info);
napi_value digest_read(napi_env env, napi_callback_info info);
napi_value digest_squeeze(napi_env env, napi_callback_info info);

napi_value mac_key(napi_env env, napi_callback_info info);
napi_value mac_whole(napi_env env, napi_callback_info info);
napi_value mac_begin(napi_env env, napi_callback_info info);
napi_value mac_read(napi_env env, napi_callback_info info);
napi_value mac_expand(napi_env env, napi_callback_info info);

napi_value code_key(napi_env env, napi_callback_info info);
napi_value code_key_blake2(napi_env env, napi_callback_info info);
napi_value code_whole(napi_env env, napi_callback_info info);
napi_value code_begin(napi_env env, napi_callback_info info);
napi_value code_update(napi_env env, napi_callback_info info);
napi_value code_copy(napi_env env, napi_callback_info info);
napi_value code_read(napi_env env, napi_callback_info info);

napi_value cipher_find(napi_env env, napi_callback_info info);
napi_value cipher_key(napi_env env, napi_callback_info info);
napi_value cipher_seal(napi_env env, napi_callback_info info);
napi_value cipher_open(napi_env env, napi_callback_info info);
napi_value cipher_count(napi_env env, napi_callback_info info);
napi_value cipher_chain(napi_env env, napi_callback_info info);

napi_value key_find(napi_env env, napi_callback_info info);
napi_value key_public(napi_env env, napi_callback_info info);
napi_value key_secret(napi_env env, napi_callback_info info);
napi_value key_generate(napi_env env, napi_callback_info info);
napi_value key_public_bytes(napi_env env, napi_callback_info info);
napi_value key_secret_bytes(napi_env env, napi_callback_info info);
napi_value key_sign(napi_env env, napi_callback_info info);
napi_value key_verify(napi_env env, napi_callback_info info);
napi_value key_derive(napi_env env, napi_callback_info info);

napi_value modulus_new(napi_env env, napi_callback_info info);
napi_value residue_decode(napi_env env, napi_callback_info info);
napi_value residue_reduce(napi_env env, napi_callback_info info);
napi_value residue_encode(napi_env env, napi_callback_info info);
napi_value residue_add(napi_env env, napi_callback_info info);
napi_value residue_subtract(napi_env env, napi_callback_info info);
napi_value residue_multiply(napi_env env, napi_callback_info info);
napi_value residue_power(napi_env env, napi_callback_info info);
napi_value residue_select(napi_env env, napi_callback_info info);

napi_value group_find(napi_env env, napi_callback_info info);
napi_value point_new(napi_env env, napi_callback_info info);
napi_value point_set(napi_env env, napi_callback_info info);
napi_value point_decode(napi_env env, napi_callback_info info);
napi_value point_encode(napi_env env, napi_callback_info info);
napi_value point_add(napi_env env, napi_callback_info info);
napi_value point_negate(napi_env env, napi_callback_info info);
napi_value point_multiply(napi_env env, napi_callback_info info);
napi_value point_sum(napi_env env, napi_callback_info info);
napi_value point_equal(napi_env env, napi_callback_info info);

#endif
