/* Authenticated encryption with associated data; AES in counter mode and in CBC mode. */
#include <stdlib.h>
#include <string.h>

#include "library.h"

#define TAG_SIZE 16
/* EVP_CipherUpdate takes an int. */
#define PIECE ((size_t)1 << 30)

#define BLOCK_SIZE 16

/* XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), which OpenSSL has the parts of. */
static const char extended[] = "XChaCha20-Poly1305";
/* How much of a nonce makes the key of its message. */
#define EXTENSION_SIZE 16
#define EXTENDED_NONCE_SIZE 24
#define CHACHA_KEY_SIZE 32
#define CHACHA_BLOCK_SIZE 64

/* Other modes pad, buffer, wrap or need the length first: they write elsewhere and otherwise than what follows expects. */
static enum purpose purpose_of(const EVP_CIPHER *cipher, const char *name) {
  int mode = EVP_CIPHER_get_mode(cipher);
  if ((EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0)
    return mode == EVP_CIPH_GCM_MODE || mode == EVP_CIPH_STREAM_CIPHER ? SEALS : NOTHING;
  /* By their names: there are more in these modes, which do other things. */
  if (strcmp(name, "AES-128-CTR") == 0 || strcmp(name, "AES-256-CTR") == 0)
    return mode == EVP_CIPH_CTR_MODE ? COUNTS : NOTHING;
  if (strcmp(name, "AES-128-CBC") == 0 || strcmp(name, "AES-256-CBC") == 0)
    return mode == EVP_CIPH_CBC_MODE ? CHAINS : NOTHING;
  return NOTHING;
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
  bool extends = strcmp(name, extended) == 0;
  EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, extends ? name + 1 : name, NULL);
  EVP_CIPHER *extender = extends ? EVP_CIPHER_fetch(NULL, "ChaCha20", NULL) : NULL;
  enum purpose purpose = fetched == NULL || (extends && extender == NULL) ? NOTHING : purpose_of(fetched, name);
  if (purpose == NOTHING) {
    EVP_CIPHER_free(fetched);
    EVP_CIPHER_free(extender);
    return call_end(&call, failed());
  }
  cipher *found = &lib->ciphers[lib->cipher_count];
  found->cipher = fetched;
  found->extender = extender;
  found->purpose = purpose;
  found->key_size = (size_t)EVP_CIPHER_get_key_length(fetched);
  found->nonce_size = extends ? EXTENDED_NONCE_SIZE : (size_t)EVP_CIPHER_get_iv_length(fetched);
  memcpy(found->name, name, sizeof name);
  lib->cipher_count += 1;
  return call_end(&call, lib->cipher_count - 1);
}

typedef struct {
  /* Its key schedule is made. */
  EVP_CIPHER_CTX *context;
  /* That of blocks alone is another one for decryption. */
  EVP_CIPHER_CTX *decrypting;
  /* What makes the key of each message, which then stays in the context until the next; or NULL. */
  EVP_CIPHER_CTX *extending;
  size_t nonce_size;
  enum purpose purpose;
} cipher_key_object;

void cipher_key_free(void *object) {
  cipher_key_object *key = object;
  EVP_CIPHER_CTX_free(key->context);
  EVP_CIPHER_CTX_free(key->decrypting);
  EVP_CIPHER_CTX_free(key->extending);
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
  cipher_key_object *key = calloc(1, sizeof *key);
  if (key == NULL) return call_end(&call, NO_MEMORY);
  key->nonce_size = cipher->nonce_size;
  key->purpose = cipher->purpose;
  key->context = EVP_CIPHER_CTX_new();
  bool good = key->context != NULL && EVP_CipherInit_ex2(key->context, cipher->cipher, raw.start, NULL, 1, NULL) == 1;
  if (good && cipher->purpose == CHAINS) {
    key->decrypting = EVP_CIPHER_CTX_new();
    good = key->decrypting != NULL &&
           EVP_CipherInit_ex2(key->decrypting, cipher->cipher, raw.start, NULL, 0, NULL) == 1;
  }
  if (good && cipher->extender != NULL) {
    key->extending = EVP_CIPHER_CTX_new();
    good = key->extending != NULL &&
           EVP_CipherInit_ex2(key->extending, cipher->extender, raw.start, NULL, 1, NULL) == 1;
  }
  double object = good ? object_add(call.lib, key, CIPHER_KEY) : failed();
  if (object < 0) cipher_key_free(key);
  return call_end(&call, object);
}

/* What sealing and opening are given. */
typedef struct {
  const cipher_key_object *key;
  bytes nonce, associated, data, out, tag;
  /* Whether the tag stands behind the ciphertext. */
  bool attached;
} operation;

/* Reads (key, nonce, associated, data, out, tag); a tag that is not given stands behind the ciphertext. */
static enum status read_operation(const call *call, operation *operation, bool *shared) {
  napi_valuetype type;
  operation->key = object_get(call, 0, CIPHER_KEY);
  if (operation->key == NULL || operation->key->purpose != SEALS) return BAD_HANDLE;
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

static uint32_t read_word(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Subtracts words of 32 bits, little-endian, where they stand. */
static void subtract(uint8_t *words, const uint8_t *others) {
  for (int at = 0; at < EXTENSION_SIZE; at += 4) {
    uint32_t word = read_word(words + at) - read_word(others + at);
    for (int index = 0; index < 4; index += 1) words[at + index] = (uint8_t)(word >> (8 * index));
  }
}

/*
 * Sets the key of a message and the rest of its nonce. HChaCha20 (draft, 2.2) is the first and the last row of the state
 * after the rounds. A block of ChaCha20's stream is that state plus the one before the rounds, of which these two rows
 * are no secret.
 */
static bool extend(const cipher_key_object *key, const uint8_t *nonce, bool seal) {
  static const uint8_t zeros[CHACHA_BLOCK_SIZE];
  uint8_t block[CHACHA_BLOCK_SIZE], rest[12] = {0};
  uint8_t *last = block + CHACHA_BLOCK_SIZE - EXTENSION_SIZE;
  int written;
  memcpy(rest + 4, nonce + EXTENSION_SIZE, EXTENDED_NONCE_SIZE - EXTENSION_SIZE);
  bool good = EVP_CipherInit_ex2(key->extending, NULL, NULL, nonce, 1, NULL) == 1 &&
              EVP_CipherUpdate(key->extending, block, &written, zeros, CHACHA_BLOCK_SIZE) == 1 &&
              written == CHACHA_BLOCK_SIZE;
  if (good) {
    /* The first row before the rounds (RFC 8439, 2.3). */
    subtract(block, (const uint8_t *)"expand 32-byte k");
    subtract(last, nonce);
    memcpy(block + EXTENSION_SIZE, last, CHACHA_KEY_SIZE - EXTENSION_SIZE);
    good = EVP_CipherInit_ex2(key->context, NULL, block, rest, seal, NULL) == 1;
  }
  OPENSSL_cleanse(block, sizeof block);
  return good;
}

/* Everything up to the tag. OpenSSL goes wrong without an error where input and output overlap in part: the input is moved first. */
static bool transform(const operation *operation, bool seal, size_t length) {
  EVP_CIPHER_CTX *context = operation->key->context;
  const bytes associated = operation->associated;
  uint8_t *out = operation->out.start;
  const uint8_t *in = operation->data.start;
  int written;
  if (operation->key->extending == NULL
          ? EVP_CipherInit_ex2(context, NULL, NULL, operation->nonce.start, seal, NULL) != 1
          : !extend(operation->key, operation->nonce.start, seal))
    return false;
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

/* Encrypts or decrypts where it stands. */
static bool transform_in_place(EVP_CIPHER_CTX *context, bytes data) {
  for (size_t at = 0; at < data.length; at += PIECE) {
    size_t size = data.length - at < PIECE ? data.length - at : PIECE;
    int written;
    if (EVP_CipherUpdate(context, data.start + at, &written, data.start + at, (int)size) != 1 ||
        (size_t)written != size)
      return false;
  }
  return true;
}

/* Reads (key, block): the key of a cipher for this purpose, and one block. */
static enum status read_block(const call *call, enum purpose purpose, cipher_key_object **key, bytes *block) {
  *key = object_get(call, 0, CIPHER_KEY);
  if (*key == NULL || (*key)->purpose != purpose) return BAD_HANDLE;
  return read_bytes(call, 1, block) && block->length == BLOCK_SIZE ? DONE : BAD_ARGUMENT;
}

/* cipherCount(key, counter, skip, data): adds the stream of a counter, without its first bytes, to what stands in data */
napi_value cipher_count(napi_env env, napi_callback_info info) {
  static const uint8_t zeros[BLOCK_SIZE];
  call call;
  cipher_key_object *key;
  bytes counter, data;
  double skip;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_block(&call, COUNTS, &key, &counter);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 2, BLOCK_SIZE - 1, &skip) || !read_bytes(&call, 3, &data))
    return call_end(&call, BAD_ARGUMENT);
  uint8_t skipped[BLOCK_SIZE] = {0};
  EVP_CIPHER_CTX *context = key->context;
  bool good = EVP_CipherInit_ex2(context, NULL, NULL, counter.start, 1, NULL) == 1 &&
              transform_in_place(context, (bytes){skipped, (size_t)skip}) && transform_in_place(context, data);
  /* The stream of the last block would stay in the context. */
  int written;
  good = EVP_CipherInit_ex2(context, NULL, NULL, zeros, 1, NULL) == 1 &&
         EVP_CipherUpdate(context, skipped, &written, zeros, 1) == 1 && good;
  OPENSSL_cleanse(skipped, sizeof skipped);
  if (good) return call_end(&call, DONE);
  OPENSSL_cleanse(data.start, data.length);
  return call_end(&call, failed());
}

/* cipherChain(key, iv, encrypt, data): encrypts (1) or decrypts (0) whole blocks where they stand */
napi_value cipher_chain(napi_env env, napi_callback_info info) {
  call call;
  cipher_key_object *key;
  bytes iv, data;
  double encrypt;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_block(&call, CHAINS, &key, &iv);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 2, 1, &encrypt) || !read_bytes(&call, 3, &data) || data.length % BLOCK_SIZE != 0)
    return call_end(&call, BAD_ARGUMENT);
  EVP_CIPHER_CTX *context = encrypt == 1 ? key->context : key->decrypting;
  /* With padding it would keep the last block. */
  if (EVP_CipherInit_ex2(context, NULL, NULL, iv.start, (int)encrypt, NULL) == 1 &&
      EVP_CIPHER_CTX_set_padding(context, 0) == 1 && transform_in_place(context, data))
    return call_end(&call, DONE);
  OPENSSL_cleanse(data.start, data.length);
  return call_end(&call, failed());
}
