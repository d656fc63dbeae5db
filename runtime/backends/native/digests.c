/* Hash functions, HMAC (FIPS 198-1) and the second step of HKDF (RFC 5869). */
#include <stdlib.h>
#include <string.h>

#include "library.h"

#define MOST_BLOCK 168
/* RFC 5869, 2.3: as many codes as one byte counts. */
#define MOST_EXPANDED (255 * EVP_MAX_MD_SIZE)

/* A key of HMAC: the hash of the inner and of the outer block, which every code goes on from. */
typedef struct {
  const digest *digest;
  EVP_MD_CTX *inner;
  EVP_MD_CTX *outer;
} hmac_key;

/* OpenSSL has no name for BLAKE2b with a digest of 32 bytes, but from 3.2 on a parameter for its size. */
#define SHORTER_BLAKE2 "BLAKE2B-256"

static bool has_size(const EVP_MD *md) {
  const OSSL_PARAM *settable = EVP_MD_settable_ctx_params(md);
  return settable != NULL && OSSL_PARAM_locate_const(settable, "size") != NULL;
}

/* digestFind(name): the number of a hash function, or FAILED where this OpenSSL has none of that name */
napi_value digest_find(napi_env env, napi_callback_info info) {
  call call;
  char name[sizeof((digest *)0)->name];
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_name(&call, 0, name, sizeof name)) return call_end(&call, BAD_ARGUMENT);
  library *lib = call.lib;
  for (uint32_t index = 0; index < lib->digest_count; index += 1)
    if (strcmp(lib->digests[index].name, name) == 0) return call_end(&call, index);
  if (lib->digest_count == MOST_DIGESTS) return call_end(&call, NO_MEMORY);
  bool shorter = strcmp(name, SHORTER_BLAKE2) == 0;
  size_t shorter_size = 32;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t("size", &shorter_size), OSSL_PARAM_construct_end()};
  EVP_MD *md = EVP_MD_fetch(NULL, shorter ? "BLAKE2B-512" : name, NULL);
  EVP_MD_CTX *ready = EVP_MD_CTX_new();
  bool any_length = md != NULL && (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) != 0;
  /* OpenSSL 3.4 and later give SHAKE no size. */
  if (md == NULL || ready == NULL || (EVP_MD_get_size(md) <= 0 && !any_length) ||
      EVP_MD_get_size(md) > EVP_MAX_MD_SIZE || EVP_MD_get_block_size(md) > MOST_BLOCK ||
      (shorter && !has_size(md)) || EVP_DigestInit_ex2(ready, md, shorter ? parameters : NULL) != 1) {
    EVP_MD_CTX_free(ready);
    EVP_MD_free(md);
    return call_end(&call, failed());
  }
  digest *found = &lib->digests[lib->digest_count];
  found->md = md;
  found->ready = ready;
  found->size = any_length ? 0 : shorter ? shorter_size : (size_t)EVP_MD_get_size(md);
  found->any_length = any_length;
  memcpy(found->name, name, sizeof name);
  lib->digest_count += 1;
  return call_end(&call, lib->digest_count - 1);
}

const digest *read_digest(const call *call, int index) {
  double number;
  if (call->lib->digest_count == 0 || !read_whole(call, index, call->lib->digest_count - 1, &number)) return NULL;
  return &call->lib->digests[(uint32_t)number];
}

/*
 * Overwrites what the last input left in the block of a context that is kept: SHA-512 of 100 bytes leaves all of them
 * there. The rest of that block is padding and the length. Freed contexts are wiped by OpenSSL.
 */
static void forget_input(const digest *digest) {
  static const uint8_t zeros[MOST_BLOCK];
  if (EVP_DigestInit_ex2(digest->ready, NULL, NULL) == 1)
    EVP_DigestUpdate(digest->ready, zeros, (size_t)EVP_MD_get_block_size(digest->md) - 1);
}

bool digest_once(const digest *digest, bytes input, uint8_t *out) {
  EVP_MD_CTX *context = digest->ready;
  bool good = EVP_DigestInit_ex2(context, NULL, NULL) == 1 &&
              EVP_DigestUpdate(context, input.start, input.length) == 1 && EVP_DigestFinal_ex(context, out, NULL) == 1;
  forget_input(digest);
  return good;
}

/* Whether a digest can have so many bytes. */
static bool fits(const digest *digest, bytes out) {
  return out.length > 0 && (digest->any_length || out.length <= digest->size);
}

/* Finishes a context and writes the front of the digest. */
static enum status finish(EVP_MD_CTX *context, const digest *digest, bytes out) {
  if (digest->any_length) return EVP_DigestFinalXOF(context, out.start, out.length) == 1 ? DONE : failed();
  /* Where the size is a parameter, OpenSSL has the last word. */
  bool sure = digest->size == (size_t)EVP_MD_get_size(digest->md);
  if (sure && out.length == digest->size) return EVP_DigestFinal_ex(context, out.start, NULL) == 1 ? DONE : failed();
  uint8_t whole[EVP_MAX_MD_SIZE];
  unsigned int written;
  if (EVP_DigestFinal_ex(context, whole, &written) != 1) return failed();
  bool good = written == digest->size;
  if (good) memcpy(out.start, whole, out.length);
  OPENSSL_cleanse(whole, sizeof whole);
  return good ? DONE : FAILED;
}

/* digestWhole(digest, input, out): the front of the digest of one input */
napi_value digest_whole(napi_env env, napi_callback_info info) {
  call call;
  bytes input, out;
  if (!call_begin(env, info, &call)) return NULL;
  const digest *digest = read_digest(&call, 0);
  if (digest == NULL || !read_bytes(&call, 1, &input) || !read_bytes(&call, 2, &out) || !fits(digest, out))
    return call_end(&call, BAD_ARGUMENT);
  EVP_MD_CTX *context = digest->ready;
  enum status status = FAILED;
  if (EVP_DigestInit_ex2(context, NULL, NULL) == 1 && EVP_DigestUpdate(context, input.start, input.length) == 1)
    status = finish(context, digest, out);
  forget_input(digest);
  return call_end(&call, status == DONE ? DONE : failed());
}

void running_digest_free(EVP_MD_CTX *context) { EVP_MD_CTX_free(context); }

static double add_copy(library *lib, const EVP_MD_CTX *from) {
  EVP_MD_CTX *copy = EVP_MD_CTX_new();
  if (copy == NULL) return NO_MEMORY;
  if (EVP_MD_CTX_copy_ex(copy, from) != 1) {
    EVP_MD_CTX_free(copy);
    return failed();
  }
  double number = object_add(lib, copy, RUNNING_DIGEST);
  if (number < 0) EVP_MD_CTX_free(copy);
  return number;
}

/* digestBegin(digest): a running digest */
napi_value digest_begin(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  const digest *digest = read_digest(&call, 0);
  if (digest == NULL) return call_end(&call, BAD_ARGUMENT);
  if (EVP_DigestInit_ex2(digest->ready, NULL, NULL) != 1) return call_end(&call, failed());
  return call_end(&call, add_copy(call.lib, digest->ready));
}

/* digestUpdate(running, input) */
napi_value digest_update(napi_env env, napi_callback_info info) {
  call call;
  bytes input;
  if (!call_begin(env, info, &call)) return NULL;
  EVP_MD_CTX *running = object_get(&call, 0, RUNNING_DIGEST);
  if (running == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &input)) return call_end(&call, BAD_ARGUMENT);
  return call_end(&call, EVP_DigestUpdate(running, input.start, input.length) == 1 ? DONE : failed());
}

/* digestCopy(running): another one that goes on from the same point */
napi_value digest_copy(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  const EVP_MD_CTX *running = object_get(&call, 0, RUNNING_DIGEST);
  return call_end(&call, running == NULL ? BAD_HANDLE : add_copy(call.lib, running));
}

/* Whether a running digest is one of this hash function: another writes more than there is room for. */
static bool runs(const EVP_MD_CTX *running, const digest *digest) { return EVP_MD_CTX_get0_md(running) == digest->md; }

/* digestRead(digest, running, out): the front of the digest so far; the running one goes on */
napi_value digest_read(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  const digest *digest = read_digest(&call, 0);
  const EVP_MD_CTX *running = object_get(&call, 1, RUNNING_DIGEST);
  if (running == NULL) return call_end(&call, BAD_HANDLE);
  if (digest == NULL || !runs(running, digest) || !read_bytes(&call, 2, &out) || !fits(digest, out))
    return call_end(&call, BAD_ARGUMENT);
  if (EVP_MD_CTX_copy_ex(call.lib->scratch, running) != 1) return call_end(&call, failed());
  enum status status = finish(call.lib->scratch, digest, out);
  EVP_MD_CTX_reset(call.lib->scratch);
  return call_end(&call, status);
}

/*
 * digestSqueeze(running, out): the next output of a function that has any length, which takes no more input; FAILED where
 * this OpenSSL can only give it from the beginning
 */
napi_value digest_squeeze(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  EVP_MD_CTX *running = object_get(&call, 0, RUNNING_DIGEST);
  if (running == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &out) || out.length == 0) return call_end(&call, BAD_ARGUMENT);
  if (EVP_DigestSqueeze == NULL) return call_end(&call, FAILED);
  return call_end(&call, EVP_DigestSqueeze(running, out.start, out.length) == 1 ? DONE : failed());
}

void mac_key_free(void *object) {
  hmac_key *key = object;
  EVP_MD_CTX_free(key->inner);
  EVP_MD_CTX_free(key->outer);
  free(key);
}

/* The state of a hash after a block of the key and a pad (FIPS 198-1, table 1). */
static EVP_MD_CTX *after_pad(const digest *digest, const uint8_t *block, size_t size, uint8_t pad) {
  uint8_t padded[MOST_BLOCK];
  for (size_t index = 0; index < size; index += 1) padded[index] = block[index] ^ pad;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context != NULL &&
      (EVP_DigestInit_ex2(context, digest->md, NULL) != 1 || EVP_DigestUpdate(context, padded, size) != 1)) {
    EVP_MD_CTX_free(context);
    context = NULL;
  }
  OPENSSL_cleanse(padded, sizeof padded);
  return context;
}

/* macKey(digest, key): a key of HMAC */
napi_value mac_key(napi_env env, napi_callback_info info) {
  call call;
  bytes raw;
  if (!call_begin(env, info, &call)) return NULL;
  const digest *digest = read_digest(&call, 0);
  if (digest == NULL || digest->any_length || digest->size != (size_t)EVP_MD_get_size(digest->md) ||
      !read_bytes(&call, 1, &raw))
    return call_end(&call, BAD_ARGUMENT);
  size_t size = (size_t)EVP_MD_get_block_size(digest->md);
  uint8_t block[MOST_BLOCK] = {0};
  bool good = true;
  if (raw.length > size)
    good = digest_once(digest, raw, block);
  else if (raw.length > 0)
    memcpy(block, raw.start, raw.length);
  hmac_key *key = good ? calloc(1, sizeof *key) : NULL;
  if (key != NULL) {
    key->digest = digest;
    key->inner = after_pad(digest, block, size, 0x36);
    key->outer = after_pad(digest, block, size, 0x5c);
  }
  OPENSSL_cleanse(block, sizeof block);
  if (key == NULL) return call_end(&call, failed());
  double number = key->inner == NULL || key->outer == NULL ? failed() : object_add(call.lib, key, MAC_KEY);
  if (number < 0) mac_key_free(key);
  return call_end(&call, number);
}

/* The outer hash, from a context that holds the inner one and is used for both. */
static enum status mac_finish(const hmac_key *key, EVP_MD_CTX *context, bytes out) {
  uint8_t inner[EVP_MAX_MD_SIZE];
  enum status status = FAILED;
  if (EVP_DigestFinal_ex(context, inner, NULL) == 1 && EVP_MD_CTX_copy_ex(context, key->outer) == 1 &&
      EVP_DigestUpdate(context, inner, key->digest->size) == 1)
    status = finish(context, key->digest, out);
  OPENSSL_cleanse(inner, sizeof inner);
  EVP_MD_CTX_reset(context);
  return status == DONE ? DONE : failed();
}

/* macWhole(key, input, out): the code of one input */
napi_value mac_whole(napi_env env, napi_callback_info info) {
  call call;
  bytes input, out;
  if (!call_begin(env, info, &call)) return NULL;
  const hmac_key *key = object_get(&call, 0, MAC_KEY);
  if (key == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &input) || !read_bytes(&call, 2, &out) || out.length != key->digest->size)
    return call_end(&call, BAD_ARGUMENT);
  EVP_MD_CTX *scratch = call.lib->scratch;
  if (EVP_MD_CTX_copy_ex(scratch, key->inner) != 1 || EVP_DigestUpdate(scratch, input.start, input.length) != 1)
    return call_end(&call, failed());
  return call_end(&call, mac_finish(key, scratch, out));
}

/* macBegin(key): a running digest of the inner hash */
napi_value mac_begin(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  const hmac_key *key = object_get(&call, 0, MAC_KEY);
  return call_end(&call, key == NULL ? BAD_HANDLE : add_copy(call.lib, key->inner));
}

/* macRead(key, running, out): the code so far; the running one goes on */
napi_value mac_read(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  const hmac_key *key = object_get(&call, 0, MAC_KEY);
  const EVP_MD_CTX *running = object_get(&call, 1, RUNNING_DIGEST);
  if (key == NULL || running == NULL) return call_end(&call, BAD_HANDLE);
  if (!runs(running, key->digest) || !read_bytes(&call, 2, &out) || out.length != key->digest->size)
    return call_end(&call, BAD_ARGUMENT);
  if (EVP_MD_CTX_copy_ex(call.lib->scratch, running) != 1) return call_end(&call, failed());
  return call_end(&call, mac_finish(key, call.lib->scratch, out));
}

/* Every block reads the information anew: the output must not lie over it. */
static enum status expand(EVP_MD_CTX *scratch, const hmac_key *key, bytes input, bytes out) {
  uint8_t block[EVP_MAX_MD_SIZE];
  enum status status = DONE;
  uint8_t counter = 1;
  size_t size = key->digest->size;
  for (size_t start = 0; start < out.length && status == DONE; start += size, counter += 1) {
    size_t wanted = out.length - start < size ? out.length - start : size;
    if (EVP_MD_CTX_copy_ex(scratch, key->inner) != 1 || (counter > 1 && EVP_DigestUpdate(scratch, block, size) != 1) ||
        EVP_DigestUpdate(scratch, input.start, input.length) != 1 || EVP_DigestUpdate(scratch, &counter, 1) != 1)
      status = failed();
    else
      status = mac_finish(key, scratch, (bytes){block, size});
    if (status == DONE) memcpy(out.start + start, block, wanted);
  }
  OPENSSL_cleanse(block, sizeof block);
  return status;
}

/* macExpand(key, info, out): RFC 5869, 2.3; up to 255 blocks */
napi_value mac_expand(napi_env env, napi_callback_info info) {
  call call;
  bytes input, out;
  uint8_t aside[MOST_EXPANDED];
  if (!call_begin(env, info, &call)) return NULL;
  const hmac_key *key = object_get(&call, 0, MAC_KEY);
  if (key == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &input) || !read_bytes(&call, 2, &out) || out.length > 255 * key->digest->size)
    return call_end(&call, BAD_ARGUMENT);
  bool apart = !overlap(input, out);
  enum status status = expand(call.lib->scratch, key, input, apart ? out : (bytes){aside, out.length});
  if (status == DONE && !apart) memcpy(out.start, aside, out.length);
  if (status != DONE) OPENSSL_cleanse(out.start, out.length);
  if (!apart) OPENSSL_cleanse(aside, out.length);
  return call_end(&call, status);
}
