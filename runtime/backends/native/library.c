/* Arguments, objects, and the functions that JavaScript gets. */
#include "library.h"

#include <stdlib.h>
#include <string.h>

/* A number names a slot and how often it was used: 2^24 slots, 2^29 uses; all below 2^53. */
#define SLOT_BITS 24
#define MOST_SLOTS (1u << SLOT_BITS)
#define MOST_GENERATIONS (1u << 29)
#define NO_SLOT UINT32_MAX

bool call_begin(napi_env env, napi_callback_info info, call *call) {
  size_t count = MOST_ARGUMENTS;
  void *data = NULL;
  call->env = env;
  if (napi_get_cb_info(env, info, &count, call->argument, NULL, &data) != napi_ok) return false;
  call->lib = data;
  return true;
}

napi_value call_end(const call *call, double answer) {
  napi_value value = NULL;
  napi_status status = answer >= INT32_MIN && answer <= INT32_MAX
                           ? napi_create_int32(call->env, (int32_t)answer, &value)
                           : napi_create_double(call->env, answer, &value);
  return status == napi_ok ? value : NULL;
}

bool read_bytes(const call *call, int index, bytes *out) {
  napi_typedarray_type type;
  void *start = NULL;
  if (napi_get_typedarray_info(call->env, call->argument[index], &type, &out->length, &start, NULL, NULL) != napi_ok)
    return false;
  out->start = start;
  return type == napi_uint8_array && (start != NULL || out->length == 0);
}

bool read_output(const call *call, int index, bytes *out, bool *shared) {
  napi_typedarray_type type;
  void *start = NULL;
  napi_value buffer;
  bool plain = false;
  if (napi_get_typedarray_info(call->env, call->argument[index], &type, &out->length, &start, &buffer, NULL) != napi_ok ||
      napi_is_arraybuffer(call->env, buffer, &plain) != napi_ok)
    return false;
  out->start = start;
  *shared = !plain;
  return type == napi_uint8_array && (start != NULL || out->length == 0);
}

bool read_whole(const call *call, int index, double most, double *out) {
  /* As a double: Node-API's integers wrap, and take NaN for 0. */
  double value;
  if (napi_get_value_double(call->env, call->argument[index], &value) != napi_ok) return false;
  if (!(value >= 0 && value <= most) || value != (double)(uint64_t)value) return false;
  *out = value;
  return true;
}

bool read_name(const call *call, int index, char *out, size_t size) {
  size_t length;
  if (napi_get_value_string_latin1(call->env, call->argument[index], NULL, 0, &length) != napi_ok) return false;
  if (length == 0 || length >= size) return false;
  return napi_get_value_string_latin1(call->env, call->argument[index], out, size, &length) == napi_ok;
}

static bool slots_grow(library *lib) {
  uint32_t count = lib->slot_count == 0 ? 64 : lib->slot_count * 2;
  if (count > MOST_SLOTS) return false;
  slot *grown = realloc(lib->slots, count * sizeof *grown);
  if (grown == NULL) return false;
  for (uint32_t index = lib->slot_count; index < count; index += 1)
    grown[index] = (slot){.next_free = index + 1 < count ? index + 1 : lib->first_free};
  lib->first_free = lib->slot_count;
  lib->slots = grown;
  lib->slot_count = count;
  return true;
}

double object_add(library *lib, void *object, enum kind kind) {
  if (lib->first_free == NO_SLOT && !slots_grow(lib)) return NO_MEMORY;
  uint32_t index = lib->first_free;
  slot *slot = &lib->slots[index];
  lib->first_free = slot->next_free;
  slot->object = object;
  slot->kind = kind;
  slot->generation += 1;
  lib->live += 1;
  return (double)slot->generation * MOST_SLOTS + index;
}

static slot *slot_find(const library *lib, uint64_t number) {
  uint32_t place = number & (MOST_SLOTS - 1);
  if (place >= lib->slot_count) return NULL;
  slot *slot = &lib->slots[place];
  return slot->kind != NO_KIND && slot->generation == number >> SLOT_BITS ? slot : NULL;
}

static slot *slot_get(const call *call, int index) {
  double number;
  if (!read_whole(call, index, (double)MOST_GENERATIONS * MOST_SLOTS - 1, &number)) return NULL;
  return slot_find(call->lib, (uint64_t)number);
}

void *object_get(const call *call, int index, enum kind kind) {
  slot *slot = slot_get(call, index);
  return slot != NULL && slot->kind == kind ? slot->object : NULL;
}

void *object_find(const library *lib, uint64_t number, enum kind kind) {
  slot *slot = slot_find(lib, number);
  return slot != NULL && slot->kind == kind ? slot->object : NULL;
}

static void object_end(slot *slot) {
  switch (slot->kind) {
    case RUNNING_DIGEST:
      running_digest_free(slot->object);
      break;
    case MAC_KEY:
      mac_key_free(slot->object);
      break;
    case CODE_KEY:
    case RUNNING_CODE:
      code_free(slot->object);
      break;
    case CIPHER_KEY:
      cipher_key_free(slot->object);
      break;
    case ASYMMETRIC_KEY:
      asymmetric_key_free(slot->object);
      break;
    case MODULUS:
      modulus_free(slot->object);
      break;
    case CURVE_POINT:
      point_free(slot->object);
      break;
    case NO_KIND:
      break;
  }
  slot->object = NULL;
  slot->kind = NO_KIND;
}

enum status failed(void) {
  ERR_clear_error();
  return FAILED;
}

/* release(object) */
static napi_value object_release(napi_env env, napi_callback_info info) {
  call call;
  if (!call_begin(env, info, &call)) return NULL;
  slot *slot = slot_get(&call, 0);
  if (slot == NULL) return call_end(&call, BAD_HANDLE);
  object_end(slot);
  library *lib = call.lib;
  lib->live -= 1;
  /* A slot whose generations are used up is never used again. */
  if (slot->generation < MOST_GENERATIONS - 1) {
    slot->next_free = lib->first_free;
    lib->first_free = (uint32_t)(slot - lib->slots);
  }
  return call_end(&call, DONE);
}

/* live(): how many objects there are */
static napi_value object_live(napi_env env, napi_callback_info info) {
  call call;
  return call_begin(env, info, &call) ? call_end(&call, call.lib->live) : NULL;
}

static void library_free(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  library *lib = data;
  for (uint32_t index = 0; index < lib->slot_count; index += 1) object_end(&lib->slots[index]);
  for (uint32_t index = 0; index < lib->digest_count; index += 1) {
    EVP_MD_CTX_free(lib->digests[index].ready);
    EVP_MD_free(lib->digests[index].md);
  }
  for (uint32_t index = 0; index < lib->cipher_count; index += 1) {
    EVP_CIPHER_free(lib->ciphers[index].cipher);
    EVP_CIPHER_free(lib->ciphers[index].extender);
  }
  for (size_t type = 0; type < KEY_TYPES; type += 1) key_maker_end(&lib->makers[type]);
  free(lib->powers);
  for (size_t index = 0; index < POINT_GROUPS; index += 1) EC_GROUP_free(lib->groups[index]);
  EVP_MAC_free(lib->cmac);
  EVP_MAC_free(lib->blake2);
  EVP_MD_CTX_free(lib->scratch);
  free(lib->slots);
  free(lib);
}

static const struct {
  const char *name;
  napi_callback function;
} functions[] = {
    {"release", object_release},
    {"live", object_live},
    {"digestFind", digest_find},
    {"digestWhole", digest_whole},
    {"digestBegin", digest_begin},
    {"digestUpdate", digest_update},
    {"digestCopy", digest_copy},
    {"digestRead", digest_read},
    {"digestSqueeze", digest_squeeze},
    {"macKey", mac_key},
    {"macWhole", mac_whole},
    {"macBegin", mac_begin},
    {"macRead", mac_read},
    {"macExpand", mac_expand},
    {"codeKey", code_key},
    {"codeKeyBlake2", code_key_blake2},
    {"codeWhole", code_whole},
    {"codeBegin", code_begin},
    {"codeUpdate", code_update},
    {"codeCopy", code_copy},
    {"codeRead", code_read},
    {"cipherFind", cipher_find},
    {"cipherKey", cipher_key},
    {"cipherSeal", cipher_seal},
    {"cipherOpen", cipher_open},
    {"cipherCount", cipher_count},
    {"cipherChain", cipher_chain},
    {"keyFind", key_find},
    {"keyPublic", key_public},
    {"keySecret", key_secret},
    {"keyGenerate", key_generate},
    {"keyPublicBytes", key_public_bytes},
    {"keySecretBytes", key_secret_bytes},
    {"keySign", key_sign},
    {"keyVerify", key_verify},
    {"keyDerive", key_derive},
    {"modulusNew", modulus_new},
    {"residueDecode", residue_decode},
    {"residueReduce", residue_reduce},
    {"residueEncode", residue_encode},
    {"residueAdd", residue_add},
    {"residueSubtract", residue_subtract},
    {"residueMultiply", residue_multiply},
    {"residuePower", residue_power},
    {"residueSelect", residue_select},
    {"groupFind", group_find},
    {"pointNew", point_new},
    {"pointSet", point_set},
    {"pointDecode", point_decode},
    {"pointEncode", point_encode},
    {"pointAdd", point_add},
    {"pointNegate", point_negate},
    {"pointMultiply", point_multiply},
    {"pointSum", point_sum},
    {"pointEqual", point_equal},
};

NAPI_MODULE_INIT() {
  /* Built for OpenSSL 3: another major version may mean something else by the same names. */
  if (OPENSSL_version_major() != 3) {
    napi_throw_error(env, "ERR_WASI_CRYPTO_OPENSSL", "the native backend needs OpenSSL 3");
    return NULL;
  }
  library *lib = calloc(1, sizeof *lib);
  if (lib == NULL) return NULL;
  lib->first_free = NO_SLOT;
  lib->scratch = EVP_MD_CTX_new();
  if (lib->scratch == NULL || napi_set_instance_data(env, lib, library_free, NULL) != napi_ok) {
    library_free(env, lib, NULL);
    return NULL;
  }
  for (size_t index = 0; index < sizeof functions / sizeof *functions; index += 1) {
    napi_value function;
    if (napi_create_function(env, functions[index].name, NAPI_AUTO_LENGTH, functions[index].function, lib, &function) !=
            napi_ok ||
        napi_set_named_property(env, exports, functions[index].name, function) != napi_ok)
      return NULL;
  }
  napi_value revision;
  if (napi_create_uint32(env, REVISION, &revision) != napi_ok ||
      napi_set_named_property(env, exports, "revision", revision) != napi_ok)
    return NULL;
  return exports;
}
