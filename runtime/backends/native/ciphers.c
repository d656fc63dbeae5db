/* Authenticated encryption with associated data. */
#include <stdlib.h>
#include <string.h>

#include "library.h"

#define TAG_SIZE 16
/* EVP_CipherUpdate takes an int. */
#define PIECE ((size_t)1 << 30)

/* Other modes pad, buffer, wrap or need the length first: they write elsewhere and otherwise than what follows expects. */
static bool is_one_of_ours(const EVP_CIPHER *cipher) {
  int mode = EVP_CIPHER_get_mode(cipher);
  return (EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0 &&
         (mode == EVP_CIPH_GCM_MODE || mode == EVP_CIPH_STREAM_CIPHER);
}

/* cipherFind(name): the number of a cipher, or FAILED where this OpenSSL has none of that name */
napi_value cipher_find(napi_env env, napi_callback_info info) {
  call call;
  char name[sizeof((cipher *)0)->name];
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_name(&call, 0, name, sizeof name)) return call_end(&call, BAD_ARGUMENT);
  library *lib = call.lib;
  for (uint32_t index = 0; index < lib->cipher_count; index += 1)
    if (strcmp(lib->ciphers[index].name, name) == 0) return call_end(&call, index);
  if (lib->cipher_count == MOST_CIPHERS) return call_end(&call, NO_MEMORY);
  EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, name, NULL);
  if (fetched == NULL || !is_one_of_ours(fetched)) {
    EVP_CIPHER_free(fetched);
    return call_end(&call, failed());
  }
  cipher *found = &lib->ciphers[lib->cipher_count];
  found->cipher = fetched;
  found->key_size = (size_t)EVP_CIPHER_get_key_length(fetched);
  found->nonce_size = (size_t)EVP_CIPHER_get_iv_length(fetched);
  memcpy(found->name, name, sizeof name);
  lib->cipher_count += 1;
  return call_end(&call, lib->cipher_count - 1);
}

typedef struct {
  /* Its key schedule is made. */
  EVP_CIPHER_CTX *context;
  size_t nonce_size;
} aead_key;

void cipher_key_free(void *object) {
  aead_key *key = object;
  EVP_CIPHER_CTX_free(key->context);
  free(key);
}

/* cipherKey(cipher, key): a key of a cipher */
napi_value cipher_key(napi_env env, napi_callback_info info) {
  call call;
  bytes raw;
  double number;
  if (!call_begin(env, info, &call)) return NULL;
  if (call.lib->cipher_count == 0 || !read_whole(&call, 0, call.lib->cipher_count - 1, &number) ||
      !read_bytes(&call, 1, &raw))
    return call_end(&call, BAD_ARGUMENT);
  const cipher *cipher = &call.lib->ciphers[(uint32_t)number];
  if (raw.length != cipher->key_size) return call_end(&call, BAD_ARGUMENT);
  aead_key *key = calloc(1, sizeof *key);
  if (key == NULL) return call_end(&call, NO_MEMORY);
  key->nonce_size = cipher->nonce_size;
  key->context = EVP_CIPHER_CTX_new();
  bool good = key->context != NULL && EVP_CipherInit_ex2(key->context, cipher->cipher, raw.start, NULL, 1, NULL) == 1;
  double object = good ? object_add(call.lib, key, CIPHER_KEY) : failed();
  if (object < 0) cipher_key_free(key);
  return call_end(&call, object);
}

/* What sealing and opening are given. */
typedef struct {
  const aead_key *key;
  bytes nonce, associated, data, out, tag;
  /* Whether the tag stands behind the ciphertext. */
  bool attached;
} operation;

/* Reads (key, nonce, associated, data, out, tag); a tag that is not given stands behind the ciphertext. */
static enum status read_operation(const call *call, operation *operation, bool *shared) {
  napi_valuetype type;
  operation->key = object_get(call, 0, CIPHER_KEY);
  if (operation->key == NULL) return BAD_HANDLE;
  if (!read_bytes(call, 1, &operation->nonce) || operation->nonce.length != operation->key->nonce_size ||
      !read_bytes(call, 2, &operation->associated) || !read_bytes(call, 3, &operation->data) ||
      napi_typeof(call->env, call->argument[5], &type) != napi_ok)
    return BAD_ARGUMENT;
  if (!(shared == NULL ? read_bytes(call, 4, &operation->out) : read_output(call, 4, &operation->out, shared)))
    return BAD_ARGUMENT;
  operation->attached = type == napi_undefined;
  if (operation->attached) return DONE;
  return read_bytes(call, 5, &operation->tag) && operation->tag.length == TAG_SIZE ? DONE : BAD_ARGUMENT;
}

/* Everything up to the tag. OpenSSL goes wrong without an error where input and output overlap in part: the input is moved first. */
static bool transform(const operation *operation, bool seal, size_t length) {
  EVP_CIPHER_CTX *context = operation->key->context;
  const bytes associated = operation->associated;
  uint8_t *out = operation->out.start;
  const uint8_t *in = operation->data.start;
  int written;
  if (EVP_CipherInit_ex2(context, NULL, NULL, operation->nonce.start, seal, NULL) != 1) return false;
  for (size_t at = 0; at < associated.length; at += PIECE) {
    size_t size = associated.length - at < PIECE ? associated.length - at : PIECE;
    if (EVP_CipherUpdate(context, NULL, &written, associated.start + at, (int)size) != 1) return false;
  }
  if (in != out && length > 0 && overlap((bytes){(uint8_t *)in, length}, operation->out)) {
    memmove(out, in, length);
    in = out;
  }
  for (size_t at = 0; at < length; at += PIECE) {
    size_t size = length - at < PIECE ? length - at : PIECE;
    if (EVP_CipherUpdate(context, out + at, &written, in + at, (int)size) != 1 || (size_t)written != size) return false;
  }
  return true;
}

/* cipherSeal(key, nonce, associated, data, out, tag): the ciphertext, and behind it or apart its tag */
napi_value cipher_seal(napi_env env, napi_callback_info info) {
  call call;
  operation operation;
  uint8_t tag[TAG_SIZE];
  int written;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_operation(&call, &operation, NULL);
  if (status != DONE) return call_end(&call, status);
  size_t length = operation.data.length;
  if (operation.out.length != length + (operation.attached ? TAG_SIZE : 0)) return call_end(&call, BAD_ARGUMENT);
  EVP_CIPHER_CTX *context = operation.key->context;
  if (!transform(&operation, true, length) || EVP_CipherFinal_ex(context, tag, &written) != 1 || written != 0 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, tag) != 1) {
    OPENSSL_cleanse(operation.out.start, operation.out.length);
    return call_end(&call, failed());
  }
  memcpy(operation.attached ? operation.out.start + length : operation.tag.start, tag, TAG_SIZE);
  return call_end(&call, DONE);
}

/* cipherOpen(key, nonce, associated, data, out, tag): the message, if the tag is its tag; zeros otherwise */
napi_value cipher_open(napi_env env, napi_callback_info info) {
  call call;
  operation operation;
  uint8_t tag[TAG_SIZE], rest[TAG_SIZE];
  int written;
  bool shared;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_operation(&call, &operation, &shared);
  if (status != DONE) return call_end(&call, status);
  size_t length = operation.data.length;
  if (operation.attached) {
    if (length < TAG_SIZE) return call_end(&call, BAD_ARGUMENT);
    length -= TAG_SIZE;
    operation.tag = (bytes){operation.data.start + length, TAG_SIZE};
  }
  if (operation.out.length != length) return call_end(&call, BAD_ARGUMENT);
  if (shared) return call_end(&call, SHARED);
  /* A copy: the output can lie over it. */
  memcpy(tag, operation.tag.start, TAG_SIZE);
  EVP_CIPHER_CTX *context = operation.key->context;
  bool good = transform(&operation, false, length) &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1;
  /* The only failure that is left once everything before it went well is a wrong tag. */
  bool verified = good && EVP_CipherFinal_ex(context, rest, &written) == 1;
  if (verified) return call_end(&call, DONE);
  OPENSSL_cleanse(operation.out.start, operation.out.length);
  failed();
  return call_end(&call, good ? BAD_TAG : FAILED);
}
