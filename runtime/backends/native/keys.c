/* Keys of signatures and of Diffie-Hellman, and what they are for. */
#include <stdlib.h>
#include <string.h>

#include "library.h"

/* How OpenSSL takes keys: as plain octets, as a point and a scalar, or as RSA's numbers. */
enum form { OCTETS, POINT, NUMBERS };

static const struct {
  const char *name;
  /* Of keys as a whole; a curve's name beside it. */
  const char *algorithm;
  const char *group;
  enum form form;
  bool signs;
  /* Of a secret, and of what an exchange gives; RSA's are of many sizes. */
  size_t secret_size;
  size_t public_size;
} types[KEY_TYPES] = {
    {"ed25519", "ED25519", NULL, OCTETS, true, 32, 32},
    {"ed448", "ED448", NULL, OCTETS, true, 57, 57},
    {"x25519", "X25519", NULL, OCTETS, false, 32, 32},
    {"x448", "X448", NULL, OCTETS, false, 56, 56},
    {"prime256v1", "EC", "prime256v1", POINT, true, 32, 65},
    {"secp384r1", "EC", "secp384r1", POINT, true, 48, 97},
    {"secp521r1", "EC", "secp521r1", POINT, true, 66, 133},
    {"secp256k1", "EC", "secp256k1", POINT, true, 32, 65},
    {"rsa", "RSA", NULL, NUMBERS, true, 0, 0},
};

#define MOST_SECRET 66
#define UNCOMPRESSED 4
/* Tags of DER. */
#define INTEGER 0x02
#define SEQUENCE 0x30
#define LEAST_MODULUS 128
#define MOST_MODULUS 2048
#define MOST_EXPONENT 8
#define NO_SALT (-1)

/* Made once for each type: what is set up in it already costs nothing later. */
static bool key_maker_begin(key_maker *maker, size_t type) {
  EVP_PKEY_CTX *import = EVP_PKEY_CTX_new_from_name(NULL, types[type].algorithm, NULL);
  EVP_PKEY_CTX *generate = EVP_PKEY_CTX_new_from_name(NULL, types[type].algorithm, NULL);
  bool good = import != NULL && EVP_PKEY_fromdata_init(import) == 1 && generate != NULL &&
              EVP_PKEY_keygen_init(generate) == 1 &&
              (types[type].group == NULL || EVP_PKEY_CTX_set_group_name(generate, types[type].group) == 1);
  if (good) {
    maker->import = import;
    maker->generate = generate;
  } else {
    EVP_PKEY_CTX_free(import);
    EVP_PKEY_CTX_free(generate);
  }
  return good;
}

void key_maker_end(key_maker *maker) {
  EVP_PKEY_CTX_free(maker->import);
  EVP_PKEY_CTX_free(maker->generate);
}

/* keyFind(name): the number of a type of keys, or FAILED where this OpenSSL has none of that name */
napi_value key_find(napi_env env, napi_callback_info info) {
  call call;
  char name[32];
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_name(&call, 0, name, sizeof name)) return call_end(&call, BAD_ARGUMENT);
  for (size_t type = 0; type < KEY_TYPES; type += 1) {
    if (strcmp(types[type].name, name) != 0) continue;
    key_maker *maker = &call.lib->makers[type];
    return call_end(&call, maker->import != NULL || key_maker_begin(maker, type) ? (double)type : failed());
  }
  return call_end(&call, FAILED);
}

typedef struct {
  EVP_PKEY *key;
  size_t type;
  bool secret;
  /* Set up for what the key was last used for; `digest` and `salt` belong to it. */
  EVP_PKEY_CTX *context;
  const digest *digest;
  double salt;
  /* The same for signatures that hash by themselves. */
  EVP_MD_CTX *whole;
} asymmetric_key;

void asymmetric_key_free(void *object) {
  asymmetric_key *key = object;
  EVP_MD_CTX_free(key->whole);
  EVP_PKEY_CTX_free(key->context);
  EVP_PKEY_free(key->key);
  free(key);
}

/* The number of a new object; the key is its own from now on, whatever the answer. */
static double key_add(library *lib, EVP_PKEY *key, size_t type, bool secret) {
  if (key == NULL) return failed();
  asymmetric_key *object = calloc(1, sizeof *object);
  double number = NO_MEMORY;
  if (object != NULL) {
    *object = (asymmetric_key){.key = key, .type = type, .secret = secret};
    number = object_add(lib, object, ASYMMETRIC_KEY);
  }
  if (number < 0) {
    EVP_PKEY_free(key);
    free(object);
  }
  return number;
}

static bool read_type(const call *call, size_t *type) {
  double number;
  if (!read_whole(call, 0, KEY_TYPES - 1, &number)) return false;
  *type = (size_t)number;
  return call->lib->makers[*type].import != NULL;
}

/* OpenSSL takes numbers in the order of this machine's. */
static void copy_number(uint8_t *out, bytes number) {
  const uint16_t one = 1;
  bool little = *(const uint8_t *)&one == 1;
  for (size_t index = 0; index < number.length; index += 1)
    out[index] = number.start[little ? number.length - 1 - index : index];
}

static EVP_PKEY *import(EVP_PKEY_CTX *context, int selection, OSSL_PARAM *params) {
  EVP_PKEY *key = NULL;
  if (EVP_PKEY_fromdata(context, &key, selection, params) == 1) return key;
  EVP_PKEY_free(key);
  return NULL;
}

/* A point, and its scalar if there is one. OpenSSL checks that the point is on the curve, not that they belong together. */
static EVP_PKEY *import_point(EVP_PKEY_CTX *context, const char *group, bytes point, const bytes *scalar) {
  uint8_t number[MOST_SECRET];
  OSSL_PARAM params[4], *next = params;
  if (point.start[0] != UNCOMPRESSED) return NULL;
  *next++ = OSSL_PARAM_construct_utf8_string("group", (char *)group, 0);
  *next++ = OSSL_PARAM_construct_octet_string("pub", point.start, point.length);
  if (scalar != NULL) {
    copy_number(number, *scalar);
    *next++ = OSSL_PARAM_construct_BN("priv", number, scalar->length);
  }
  *next = OSSL_PARAM_construct_end();
  EVP_PKEY *key = import(context, scalar == NULL ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params);
  if (scalar != NULL) OPENSSL_cleanse(number, sizeof number);
  return key;
}

/* RFC 8017, A.1.2, by OpenSSL's names. */
static const char *const rsa_numbers[] = {"n", "e", "d", "rsa-factor1", "rsa-factor2", "rsa-exponent1", "rsa-exponent2",
                                          "rsa-coefficient1"};
#define RSA_NUMBERS (sizeof rsa_numbers / sizeof *rsa_numbers)

/* The contents of the next element of DER, which leaves the rest. */
static bool read_element(bytes *rest, uint8_t tag, bytes *contents) {
  if (rest->length < 2 || rest->start[0] != tag) return false;
  size_t length = rest->start[1], head = 2;
  if (length > 0x80) {
    size_t more = length - 0x80;
    if (more > 2 || rest->length < head + more) return false;
    for (length = 0; head < 2 + more; head += 1) length = length << 8 | rest->start[head];
  }
  if (length > rest->length - head) return false;
  *contents = (bytes){rest->start + head, length};
  *rest = (bytes){rest->start + head + length, rest->length - head - length};
  return true;
}

/* RSAPrivateKey in DER. Not by d2i_PrivateKey: OpenSSL's decoder frees a copy of all numbers unwiped (found in memory). */
static EVP_PKEY *import_rsa(EVP_PKEY_CTX *context, bytes der) {
  uint8_t numbers[8 * MOST_MODULUS];
  OSSL_PARAM params[RSA_NUMBERS + 1];
  bytes rest, number;
  size_t used = 0;
  if (der.length > sizeof numbers || !read_element(&der, SEQUENCE, &rest) || !read_element(&rest, INTEGER, &number))
    return NULL;
  for (size_t index = 0; index < RSA_NUMBERS; index += 1) {
    if (!read_element(&rest, INTEGER, &number) || number.length == 0) {
      OPENSSL_cleanse(numbers, used);
      return NULL;
    }
    copy_number(numbers + used, number);
    params[index] = OSSL_PARAM_construct_BN(rsa_numbers[index], numbers + used, number.length);
    used += number.length;
  }
  params[RSA_NUMBERS] = OSSL_PARAM_construct_end();
  EVP_PKEY *key = import(context, EVP_PKEY_KEYPAIR, params);
  OPENSSL_cleanse(numbers, used);
  return key;
}

/* keyPublic(type, bytes, exponent): a public key: octets, an uncompressed point, or RSA's modulus and exponent */
napi_value key_public(napi_env env, napi_callback_info info) {
  call call;
  size_t type;
  bytes raw, exponent;
  EVP_PKEY *key = NULL;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_type(&call, &type) || !read_bytes(&call, 1, &raw)) return call_end(&call, BAD_ARGUMENT);
  EVP_PKEY_CTX *context = call.lib->makers[type].import;
  if (types[type].form == NUMBERS) {
    uint8_t n[MOST_MODULUS], e[MOST_EXPONENT];
    if (!read_bytes(&call, 2, &exponent) || raw.length < LEAST_MODULUS || raw.length > MOST_MODULUS ||
        exponent.length == 0 || exponent.length > MOST_EXPONENT)
      return call_end(&call, BAD_ARGUMENT);
    copy_number(n, raw);
    copy_number(e, exponent);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_BN("n", n, raw.length), OSSL_PARAM_construct_BN("e", e, exponent.length),
                           OSSL_PARAM_construct_end()};
    key = import(context, EVP_PKEY_PUBLIC_KEY, params);
  } else {
    if (raw.length != types[type].public_size) return call_end(&call, BAD_ARGUMENT);
    key = types[type].form == POINT
              ? import_point(context, types[type].group, raw, NULL)
              : EVP_PKEY_new_raw_public_key_ex(NULL, types[type].algorithm, NULL, raw.start, raw.length);
  }
  return call_end(&call, key_add(call.lib, key, type, false));
}

/* keySecret(type, bytes, point): a secret key: octets, a big-endian scalar and its point, or RSAPrivateKey in DER */
napi_value key_secret(napi_env env, napi_callback_info info) {
  call call;
  size_t type;
  bytes raw, point;
  EVP_PKEY *key = NULL;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_type(&call, &type) || !read_bytes(&call, 1, &raw)) return call_end(&call, BAD_ARGUMENT);
  if (types[type].form == NUMBERS) {
    key = import_rsa(call.lib->makers[type].import, raw);
  } else {
    if (raw.length != types[type].secret_size) return call_end(&call, BAD_ARGUMENT);
    if (types[type].form == POINT) {
      if (!read_bytes(&call, 2, &point) || point.length != types[type].public_size)
        return call_end(&call, BAD_ARGUMENT);
      key = import_point(call.lib->makers[type].import, types[type].group, point, &raw);
    } else {
      key = EVP_PKEY_new_raw_private_key_ex(NULL, types[type].algorithm, NULL, raw.start, raw.length);
    }
  }
  return call_end(&call, key_add(call.lib, key, type, true));
}

/* keyGenerate(type): a new secret key, out of OpenSSL's own generator; not of RSA, which takes long */
napi_value key_generate(napi_env env, napi_callback_info info) {
  call call;
  size_t type;
  EVP_PKEY *key = NULL;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_type(&call, &type) || types[type].form == NUMBERS) return call_end(&call, BAD_ARGUMENT);
  if (EVP_PKEY_generate(call.lib->makers[type].generate, &key) != 1) {
    EVP_PKEY_free(key);
    return call_end(&call, failed());
  }
  return call_end(&call, key_add(call.lib, key, type, true));
}

/* keyPublicBytes(key, out): the public half of a key on a curve, as `keyPublic` takes it */
napi_value key_public_bytes(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  const asymmetric_key *key = object_get(&call, 0, ASYMMETRIC_KEY);
  if (key == NULL) return call_end(&call, BAD_HANDLE);
  size_t length = types[key->type].public_size;
  if (length == 0 || !read_bytes(&call, 1, &out) || out.length != length) return call_end(&call, BAD_ARGUMENT);
  bool good = types[key->type].form == POINT
                  ? EVP_PKEY_get_octet_string_param(key->key, "encoded-pub-key", out.start, length, &length) == 1
                  : EVP_PKEY_get_raw_public_key(key->key, out.start, &length) == 1;
  return call_end(&call, good && length == out.length ? DONE : failed());
}

/* keySecretBytes(key, out): how many bytes a secret key has, as `keySecret` takes it; they are written */
napi_value key_secret_bytes(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  const asymmetric_key *key = object_get(&call, 0, ASYMMETRIC_KEY);
  if (key == NULL || !key->secret) return call_end(&call, BAD_HANDLE);
  size_t length = types[key->type].secret_size;
  if (!read_bytes(&call, 1, &out) || out.length < length) return call_end(&call, BAD_ARGUMENT);
  bool good = false;
  switch (types[key->type].form) {
    case OCTETS:
      /* Not by EVP_PKEY_get_raw_private_key, which frees a copy unwiped (found in memory). */
      good = EVP_PKEY_get_octet_string_param(key->key, "priv", out.start, length, &length) == 1;
      break;
    case POINT: {
      BIGNUM *scalar = NULL;
      good = EVP_PKEY_get_bn_param(key->key, "priv", &scalar) == 1 &&
             BN_bn2binpad(scalar, out.start, (int)length) == (int)length;
      BN_clear_free(scalar);
      break;
    }
    case NUMBERS: {
      unsigned char *der = NULL;
      int size = i2d_PrivateKey(key->key, &der);
      if (size > 0 && (size_t)size > out.length) {
        CRYPTO_clear_free(der, (size_t)size, __FILE__, __LINE__);
        return call_end(&call, BAD_ARGUMENT);
      }
      good = size > 0;
      if (good) {
        length = (size_t)size;
        memcpy(out.start, der, length);
        CRYPTO_clear_free(der, length, __FILE__, __LINE__);
      }
      break;
    }
  }
  return call_end(&call, good ? (double)length : failed());
}

/* What signing and verifying are given. */
typedef struct {
  asymmetric_key *key;
  const digest *digest;
  double salt;
  bytes message, signature;
} operation;

/* Reads (key, digest, salt, message, signature): a digest where the key does not hash by itself, a salt for RSASSA-PSS. */
static enum status read_operation(const call *call, bool secret, operation *operation) {
  napi_valuetype type;
  operation->key = object_get(call, 0, ASYMMETRIC_KEY);
  if (operation->key == NULL || operation->key->secret != secret) return BAD_HANDLE;
  size_t kind = operation->key->type;
  operation->digest = types[kind].form == OCTETS ? NULL : read_digest(call, 1);
  operation->salt = NO_SALT;
  if (!types[kind].signs || (types[kind].form != OCTETS && operation->digest == NULL) ||
      napi_typeof(call->env, call->argument[2], &type) != napi_ok)
    return BAD_ARGUMENT;
  if (type != napi_undefined && (types[kind].form != NUMBERS || !read_whole(call, 2, EVP_MAX_MD_SIZE, &operation->salt)))
    return BAD_ARGUMENT;
  return read_bytes(call, 3, &operation->message) && read_bytes(call, 4, &operation->signature) ? DONE : BAD_ARGUMENT;
}

/* A key is of one algorithm, so what is set up for its first message is right for all that follow. */
static bool prepare(const operation *operation) {
  asymmetric_key *key = operation->key;
  if (key->context != NULL && key->digest == operation->digest && key->salt == operation->salt) return true;
  EVP_PKEY_CTX_free(key->context);
  key->context = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->key, NULL);
  bool good = context != NULL && (key->secret ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_init(context)) == 1;
  if (good && types[key->type].form == NUMBERS) {
    bool pss = operation->salt != NO_SALT;
    /* The digest first: PSS without one means SHA-1, which a FIPS provider refuses. */
    good = EVP_PKEY_CTX_set_signature_md(context, operation->digest->md) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1 &&
           (!pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(context, (int)operation->salt) == 1);
  }
  if (!good) {
    EVP_PKEY_CTX_free(context);
    return false;
  }
  key->context = context;
  key->digest = operation->digest;
  key->salt = operation->salt;
  return true;
}

/* The same for a key that hashes by itself: what was set up before is begun anew, without a key. */
static bool prepare_whole(asymmetric_key *key) {
  EVP_PKEY *given = NULL;
  if (key->whole == NULL) {
    key->whole = EVP_MD_CTX_new();
    given = key->key;
  }
  bool good = key->whole != NULL && (key->secret ? EVP_DigestSignInit(key->whole, NULL, NULL, NULL, given)
                                                 : EVP_DigestVerifyInit(key->whole, NULL, NULL, NULL, given)) == 1;
  if (good) return true;
  EVP_MD_CTX_free(key->whole);
  key->whole = NULL;
  return false;
}

/*
 * keySign(key, digest, salt, message, out): how long the signature is; ECDSA's are DER. Made aside: Ed25519 writes one
 * half and then reads the message again, and if that had changed, the other half would betray the key.
 */
napi_value key_sign(napi_env env, napi_callback_info info) {
  call call;
  operation operation;
  uint8_t hash[EVP_MAX_MD_SIZE], made[MOST_MODULUS];
  size_t length = sizeof made;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_operation(&call, true, &operation);
  if (status != DONE) return call_end(&call, status);
  asymmetric_key *key = operation.key;
  const bytes message = operation.message;
  int most = EVP_PKEY_get_size(key->key);
  if (most <= 0 || (size_t)most > sizeof made || operation.signature.length < (size_t)most)
    return call_end(&call, BAD_ARGUMENT);
  bool good;
  if (operation.digest == NULL) {
    good = prepare_whole(key) && EVP_DigestSign(key->whole, made, &length, message.start, message.length) == 1;
  } else {
    good = prepare(&operation) && digest_once(operation.digest, message, hash) &&
           EVP_PKEY_sign(key->context, made, &length, hash, operation.digest->size) == 1;
    OPENSSL_cleanse(hash, sizeof hash);
  }
  if (!good || length > (size_t)most) return call_end(&call, failed());
  memcpy(operation.signature.start, made, length);
  return call_end(&call, (double)length);
}

/* keyVerify(key, digest, salt, message, signature): 1 if it is a signature of the message, else 0 */
napi_value key_verify(napi_env env, napi_callback_info info) {
  call call;
  operation operation;
  uint8_t hash[EVP_MAX_MD_SIZE];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_operation(&call, false, &operation);
  if (status != DONE) return call_end(&call, status);
  asymmetric_key *key = operation.key;
  const bytes signature = operation.signature;
  int answer;
  if (operation.digest == NULL) {
    if (!prepare_whole(key)) return call_end(&call, failed());
    answer = EVP_DigestVerify(key->whole, signature.start, signature.length, operation.message.start,
                              operation.message.length);
  } else {
    if (!prepare(&operation) || !digest_once(operation.digest, operation.message, hash)) return call_end(&call, failed());
    answer = EVP_PKEY_verify(key->context, signature.start, signature.length, hash, operation.digest->size);
    OPENSSL_cleanse(hash, sizeof hash);
  }
  /* Negative where it cannot even be read. */
  if (answer != 1) failed();
  return call_end(&call, answer == 1);
}

/* keyDerive(secret, public, out): what both sides of an exchange get; zeros are refused */
napi_value key_derive(napi_env env, napi_callback_info info) {
  call call;
  bytes out;
  if (!call_begin(env, info, &call)) return NULL;
  asymmetric_key *secret = object_get(&call, 0, ASYMMETRIC_KEY);
  const asymmetric_key *peer = object_get(&call, 1, ASYMMETRIC_KEY);
  if (secret == NULL || !secret->secret || peer == NULL || peer->secret) return call_end(&call, BAD_HANDLE);
  size_t length = types[secret->type].secret_size;
  if (secret->type != peer->type || length == 0 || (types[secret->type].form == OCTETS && types[secret->type].signs) ||
      !read_bytes(&call, 2, &out) || out.length != length)
    return call_end(&call, BAD_ARGUMENT);
  /* A context that signs is of no use here; digests stand in none that derives. */
  if (secret->context == NULL || secret->digest != NULL) {
    EVP_PKEY_CTX_free(secret->context);
    secret->digest = NULL;
    secret->context = EVP_PKEY_CTX_new_from_pkey(NULL, secret->key, NULL);
    if (secret->context == NULL || EVP_PKEY_derive_init(secret->context) != 1) {
      EVP_PKEY_CTX_free(secret->context);
      secret->context = NULL;
      return call_end(&call, failed());
    }
  }
  /* Not validated again: the import found the point on its curve, which has no other subgroup; X25519 and X448 take all. */
  if (EVP_PKEY_derive_set_peer_ex(secret->context, peer->key, 0) == 1 &&
      EVP_PKEY_derive(secret->context, out.start, &length) == 1 && length == out.length)
    return call_end(&call, DONE);
  OPENSSL_cleanse(out.start, out.length);
  return call_end(&call, failed());
}
