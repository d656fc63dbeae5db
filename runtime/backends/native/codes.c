/* CMAC (SP 800-38B), and BLAKE2b with a key (RFC 7693). */
#include <stdlib.h>
#include <string.h>

#include "library.h"

#define CMAC_SIZE 16
/* The most that both leave of an input in a context that is kept. */
#define MOST_BLOCK 128

/* Over other ciphers it is not tried, and in other modes it is no CMAC. */
static bool is_one_of_ours(const char *name) {
  return strcmp(name, "AES-128-CBC") == 0 || strcmp(name, "AES-256-CBC") == 0;
}

void code_free(EVP_MAC_CTX *context) { EVP_MAC_CTX_free(context); }

/* codeKey(cipher, key): a key of CMAC over AES, named as in CBC mode; FAILED where this OpenSSL has no such CMAC */
napi_value code_key(napi_env env, napi_callback_info info) {
  call call;
  char name[32];
  bytes raw;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_name(&call, 0, name, sizeof name) || !read_bytes(&call, 1, &raw) || raw.length == 0)
    return call_end(&call, BAD_ARGUMENT);
  if (!is_one_of_ours(name)) return call_end(&call, FAILED);
  library *lib = call.lib;
  if (lib->cmac == NULL) lib->cmac = EVP_MAC_fetch(NULL, "CMAC", NULL);
  EVP_MAC_CTX *context = lib->cmac == NULL ? NULL : EVP_MAC_CTX_new(lib->cmac);
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("cipher", name, 0), OSSL_PARAM_construct_end()};
  bool good = context != NULL && EVP_MAC_init(context, raw.start, raw.length, parameters) == 1 &&
              EVP_MAC_CTX_get_mac_size(context) == CMAC_SIZE;
  double number = good ? object_add(lib, context, CODE_KEY) : failed();
  if (number < 0) code_free(context);
  return call_end(&call, number);
}

/* codeKeyBlake2(size, key): a key of BLAKE2b with codes of so many bytes; FAILED where this OpenSSL has none */
napi_value code_key_blake2(napi_env env, napi_callback_info info) {
  call call;
  bytes raw;
  double number;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_whole(&call, 0, EVP_MAX_MD_SIZE, &number) || number == 0 || !read_bytes(&call, 1, &raw) || raw.length == 0)
    return call_end(&call, BAD_ARGUMENT);
  library *lib = call.lib;
  if (lib->blake2 == NULL) lib->blake2 = EVP_MAC_fetch(NULL, "BLAKE2BMAC", NULL);
  EVP_MAC_CTX *context = lib->blake2 == NULL ? NULL : EVP_MAC_CTX_new(lib->blake2);
  size_t size = (size_t)number;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_size_t("size", &size), OSSL_PARAM_construct_end()};
  bool good = context != NULL && EVP_MAC_init(context, raw.start, raw.length, parameters) == 1 &&
              EVP_MAC_CTX_get_mac_size(context) == size;
  double object = good ? object_add(lib, context, CODE_KEY) : failed();
  if (object < 0) code_free(context);
  return call_end(&call, object);
}

/* Overwrites the last block of the last input, which stays in a context that is kept. */
static void forget_input(EVP_MAC_CTX *key) {
  static const uint8_t zeros[MOST_BLOCK];
  if (EVP_MAC_init(key, NULL, 0, NULL) == 1) EVP_MAC_update(key, zeros, sizeof zeros);
}

/* codeWhole(key, input, out): the code of one input */
napi_value code_whole(napi_env env, napi_callback_info info) {
  call call;
  bytes input, out;
  if (!call_begin(env, info, &call)) return NULL;
  EVP_MAC_CTX *key = object_get(&call, 0, CODE_KEY);
  if (key == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &input) || !read_bytes(&call, 2, &out) || out.length != EVP_MAC_CTX_get_mac_size(key))
    return call_end(&call, BAD_ARGUMENT);
  size_t written;
  /* Without a key it starts anew with the one that it has. */
  bool good = EVP_MAC_init(key, NULL, 0, NULL) == 1 && EVP_MAC_update(key, input.start, input.length) == 1 &&
              EVP_MAC_final(key, out.start, &written, out.length) == 1;
  forget_input(key);
  return call_end(&call, good ? DONE : failed());
}

static double add_copy(library *lib, const EVP_MAC_CTX *from, bool anew) {
  EVP_MAC_CTX *copy = EVP_MAC_CTX_dup(from);
  bool good = copy != NULL && (!anew || EVP_MAC_init(copy, NULL, 0, NULL) == 1);
  double number = good ? object_add(lib, copy, RUNNING_CODE) : failed();
  if (number < 0) code_free(copy);
  return number;
}

/* codeBegin(key): a running code */
napi_value code_begin(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  const EVP_MAC_CTX *key = object_get(&call, 0, CODE_KEY);
  return call_end(&call, key == NULL ? BAD_HANDLE : add_copy(call.lib, key, true));
}

/* codeUpdate(running, input) */
napi_value code_update(napi_env env, napi_callback_info info) {
  call call;
  bytes input;
  if (!call_begin(env, info, &call)) return NULL;
  EVP_MAC_CTX *running = object_get(&call, 0, RUNNING_CODE);
  if (running == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &input)) return call_end(&call, BAD_ARGUMENT);
  return call_end(&call, EVP_MAC_update(running, input.start, input.length) == 1 ? DONE : failed());
}

/* codeCopy(running): another one that goes on from the same point */
napi_value code_copy(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  const EVP_MAC_CTX *running = object_get(&call, 0, RUNNING_CODE);
  return call_end(&call, running == NULL ? BAD_HANDLE : add_copy(call.lib, running, false));
}

/* codeRead(running, out): the code so far; the running one goes on */
napi_value code_read(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  EVP_MAC_CTX *running = object_get(&call, 0, RUNNING_CODE);
  if (running == NULL) return call_end(&call, BAD_HANDLE);
  if (!read_bytes(&call, 1, &out) || out.length != EVP_MAC_CTX_get_mac_size(running))
    return call_end(&call, BAD_ARGUMENT);
  EVP_MAC_CTX *copy = EVP_MAC_CTX_dup(running);
  size_t written;
  bool good = copy != NULL && EVP_MAC_final(copy, out.start, &written, out.length) == 1;
  code_free(copy);
  return call_end(&call, good ? DONE : failed());
}
