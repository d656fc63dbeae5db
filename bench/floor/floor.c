/*
 * What OpenSSL itself takes: the calls that every caller has to make, in a loop in C. Key schedules are kept; each turn
 * sets the nonce, adds associated data and one message, and gets the tag. No JavaScript runs in between.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <string.h>

#include "openssl.h"

#define TAG 16

static uint8_t *bytes_of(napi_env env, napi_value value, size_t *length) {
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, NULL, length, &data, NULL, NULL) != napi_ok) return NULL;
  return data;
}

static bool seal(EVP_CIPHER_CTX *context, const uint8_t *nonce, const uint8_t *extra, int extras, const uint8_t *in, int length,
                 uint8_t *out) {
  int written;
  return EVP_CipherInit_ex2(context, NULL, NULL, nonce, 1, NULL) == 1 &&
         (extras == 0 || EVP_CipherUpdate(context, NULL, &written, extra, extras) == 1) &&
         EVP_CipherUpdate(context, out, &written, in, length) == 1 &&
         EVP_CipherFinal_ex(context, out + written, &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, out + length) == 1;
}

static bool hash(EVP_MD_CTX *context, const uint8_t *in, size_t length, uint8_t *out) {
  return EVP_DigestInit_ex2(context, NULL, NULL) == 1 && EVP_DigestUpdate(context, in, length) == 1 &&
         EVP_DigestFinal_ex(context, out, NULL) == 1;
}

/* floor(name, key, nonce, associated, message, out, count): an empty key hashes. Answers whether OpenSSL did all of it. */
static napi_value floor_of(napi_env env, napi_callback_info info) {
  napi_value arguments[7], answer = NULL;
  size_t count = 7, keys, nonces, extras, length, room;
  char name[32];
  uint32_t turns;
  bool good = false;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count != 7) return NULL;
  napi_get_value_string_latin1(env, arguments[0], name, sizeof name, NULL);
  const uint8_t *key = bytes_of(env, arguments[1], &keys), *nonce = bytes_of(env, arguments[2], &nonces);
  const uint8_t *extra = bytes_of(env, arguments[3], &extras), *message = bytes_of(env, arguments[4], &length);
  uint8_t *out = bytes_of(env, arguments[5], &room);
  if (napi_get_value_uint32(env, arguments[6], &turns) != napi_ok) return NULL;
  if (keys == 0) {
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    good = md != NULL && context != NULL && EVP_DigestInit_ex2(context, md, NULL) == 1;
    while (good && turns-- > 0) good = hash(context, message, length, out);
    EVP_MD_CTX_free(context);
    EVP_MD_free(md);
  } else {
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    good = cipher != NULL && context != NULL && room >= length + TAG &&
           EVP_CipherInit_ex2(context, cipher, key, nonce, 1, NULL) == 1;
    while (good && turns-- > 0) good = seal(context, nonce, extra, (int)extras, message, (int)length, out);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
  }
  napi_get_boolean(env, good, &answer);
  return answer;
}

NAPI_MODULE_INIT() {
  napi_value function = NULL;
  napi_create_function(env, "floor", NAPI_AUTO_LENGTH, floor_of, NULL, &function);
  napi_set_named_property(env, exports, "floor", function);
  return exports;
}
