/*
 * Points of the curves that OpenSSL has groups of. Scalars take a constant time by OpenSSL's own claim: it multiplies by
 * one in a ladder, or on P-256 by its own tables, whatever the flags of the number.
 */
#include <stdlib.h>
#include <string.h>

#include "library.h"

static const struct {
  const char *name;
  /* Of a coordinate and of a scalar, in bytes. */
  size_t size;
} curves[POINT_GROUPS] = {{"prime256v1", 32}, {"secp384r1", 48}, {"secp521r1", 66}, {"secp256k1", 32}};

#define MOST_SIZE 66
#define COMPRESSED 2
#define UNCOMPRESSED 4
#define X_ONLY 0

typedef struct {
  EC_POINT *value;
  size_t group;
} point;

void point_free(void *object) {
  point *point = object;
  EC_POINT_clear_free(point->value);
  free(point);
}

/* groupFind(name): the number of a group, or FAILED where this OpenSSL has none of that name */
napi_value group_find(napi_env env, napi_callback_info info) {
  call call;
  char name[32];
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_name(&call, 0, name, sizeof name)) return call_end(&call, BAD_ARGUMENT);
  for (size_t index = 0; index < POINT_GROUPS; index += 1) {
    if (strcmp(curves[index].name, name) != 0) continue;
    EC_GROUP **group = &call.lib->groups[index];
    if (*group == NULL) *group = EC_GROUP_new_by_curve_name(OBJ_sn2nid(name));
    return call_end(&call, *group == NULL ? failed() : (double)index);
  }
  return call_end(&call, FAILED);
}

/* pointNew(group): the identity */
napi_value point_new(napi_env env, napi_callback_info info) {
  call call;
  double group;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_whole(&call, 0, POINT_GROUPS - 1, &group) || call.lib->groups[(size_t)group] == NULL)
    return call_end(&call, BAD_ARGUMENT);
  point *object = calloc(1, sizeof *object);
  EC_POINT *value = EC_POINT_new(call.lib->groups[(size_t)group]);
  double number = NO_MEMORY;
  if (object != NULL && value != NULL) {
    *object = (point){.value = value, .group = (size_t)group};
    number = object_add(call.lib, object, CURVE_POINT);
  }
  if (number < 0) {
    EC_POINT_clear_free(value);
    free(object);
    ERR_clear_error();
  }
  return call_end(&call, number);
}

/* Reads points, of which the first says the group. */
#define MOST_POINTS 3
typedef struct {
  const EC_GROUP *group;
  size_t size;
  point *points[MOST_POINTS];
} operands;

static enum status read_points(const call *call, int count, operands *read) {
  for (int index = 0; index < count; index += 1) {
    read->points[index] = object_get(call, index, CURVE_POINT);
    if (read->points[index] == NULL) return BAD_HANDLE;
    if (read->points[index]->group != read->points[0]->group) return BAD_ARGUMENT;
  }
  read->group = call->lib->groups[read->points[0]->group];
  read->size = curves[read->points[0]->group].size;
  return DONE;
}

/* pointSet(to, generator): the generator where that is 1, the identity where it is 0 */
napi_value point_set(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  double generator;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 1, 1, &generator)) return call_end(&call, BAD_ARGUMENT);
  int good = generator == 1 ? EC_POINT_copy(read.points[0]->value, EC_GROUP_get0_generator(read.group))
                            : EC_POINT_set_to_infinity(read.group, read.points[0]->value);
  return call_end(&call, good == 1 ? DONE : failed());
}

/* pointDecode(to, bytes): 1, or 0 where they are no point, compressed or not; the identity is none */
napi_value point_decode(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  bytes in;
  uint8_t own[1 + 2 * MOST_SIZE];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 1, &in) || (in.length != 1 + read.size && in.length != 1 + 2 * read.size))
    return call_end(&call, BAD_ARGUMENT);
  memcpy(own, in.start, in.length);
  /* OpenSSL takes hybrid forms, too. */
  bool known = in.length == 1 + read.size ? own[0] == COMPRESSED || own[0] == COMPRESSED + 1 : own[0] == UNCOMPRESSED;
  EC_POINT *made = known ? EC_POINT_new(read.group) : NULL;
  bool good = made != NULL && EC_POINT_oct2point(read.group, made, own, in.length, NULL) == 1 &&
              EC_POINT_copy(read.points[0]->value, made) == 1;
  EC_POINT_clear_free(made);
  OPENSSL_cleanse(own, sizeof own);
  if (!good) ERR_clear_error();
  return call_end(&call, good);
}

/* pointEncode(point, form, out): 1, or 0 for the identity; `form` is 2 for compressed, 4 for uncompressed, 0 for x alone */
napi_value point_encode(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  double form;
  bytes out;
  uint8_t own[1 + 2 * MOST_SIZE];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 1, UNCOMPRESSED, &form) || (form != COMPRESSED && form != UNCOMPRESSED && form != X_ONLY) ||
      !read_bytes(&call, 2, &out))
    return call_end(&call, BAD_ARGUMENT);
  size_t length = form == UNCOMPRESSED ? 1 + 2 * read.size : 1 + read.size, skipped = form == X_ONLY ? 1 : 0;
  if (out.length != length - skipped) return call_end(&call, BAD_ARGUMENT);
  if (EC_POINT_is_at_infinity(read.group, read.points[0]->value) == 1) return call_end(&call, 0);
  /* What it leaves in a context of its own is wiped with that. */
  BN_CTX *context = BN_CTX_new();
  bool good = context != NULL &&
              EC_POINT_point2oct(read.group, read.points[0]->value, form == UNCOMPRESSED ? UNCOMPRESSED : COMPRESSED, own,
                                 length, context) == length;
  BN_CTX_free(context);
  if (good) memcpy(out.start, own + skipped, length - skipped);
  OPENSSL_cleanse(own, sizeof own);
  return call_end(&call, good ? 1 : failed());
}

/* pointAdd(to, left, right, negative): left + right, or left - right where `negative` is 1 */
napi_value point_add(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  double negative;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 3, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 3, 1, &negative)) return call_end(&call, BAD_ARGUMENT);
  EC_POINT *right = negative == 1 ? EC_POINT_dup(read.points[2]->value, read.group) : read.points[2]->value;
  bool good = right != NULL && (negative == 0 || EC_POINT_invert(read.group, right, NULL) == 1) &&
              EC_POINT_add(read.group, read.points[0]->value, read.points[1]->value, right, NULL) == 1;
  if (negative == 1) EC_POINT_clear_free(right);
  return call_end(&call, good ? DONE : failed());
}

/* pointNegate(to, point) */
napi_value point_negate(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 2, &read);
  if (status != DONE) return call_end(&call, status);
  bool good = EC_POINT_copy(read.points[0]->value, read.points[1]->value) == 1 &&
              EC_POINT_invert(read.group, read.points[0]->value, NULL) == 1;
  return call_end(&call, good ? DONE : failed());
}

/* pointMultiply(to, point, scalar): `point` undefined: the generator */
napi_value point_multiply(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  bytes scalar;
  napi_valuetype type;
  uint8_t own[MOST_SIZE];
  if (!call_begin(env, info, &call)) return NULL;
  if (napi_typeof(env, call.argument[1], &type) != napi_ok) return call_end(&call, BAD_ARGUMENT);
  enum status status = read_points(&call, type == napi_undefined ? 1 : 2, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 2, &scalar) || scalar.length != read.size) return call_end(&call, BAD_ARGUMENT);
  memcpy(own, scalar.start, read.size);
  BN_CTX *context = BN_CTX_secure_new();
  BIGNUM *number = BN_secure_new();
  bool good = false;
  if (context != NULL && number != NULL && BN_bin2bn(own, (int)read.size, number) != NULL) {
    BN_set_flags(number, BN_FLG_CONSTTIME);
    good = type == napi_undefined
               ? EC_POINT_mul(read.group, read.points[0]->value, number, NULL, NULL, context) == 1
               : EC_POINT_mul(read.group, read.points[0]->value, NULL, read.points[1]->value, number, context) == 1;
  }
  OPENSSL_cleanse(own, sizeof own);
  BN_clear_free(number);
  BN_CTX_free(context);
  return call_end(&call, good ? DONE : failed());
}

/* Of a sum; whoever calls has a price for each. */
#define MOST_TERMS 4096

/* The products of points, whose numbers stand in words of 64 bits, and scalars: all at once, in a time that depends on them. */
static enum status sum_products(const call *call, const operands *to, bytes numbers, bytes scalars) {
  size_t count = numbers.length / sizeof(uint64_t), made = 0;
  const EC_POINT **points = calloc(count + 1, sizeof *points);
  BIGNUM **factors = calloc(count + 1, sizeof *factors);
  EC_POINT *sum = EC_POINT_new(to->group);
  enum status status = points != NULL && factors != NULL && sum != NULL ? DONE : NO_MEMORY;
  for (; status == DONE && made < count; made += 1) {
    uint64_t number;
    memcpy(&number, numbers.start + made * sizeof number, sizeof number);
    const point *found = object_find(call->lib, number, CURVE_POINT);
    if (found == NULL) status = BAD_HANDLE;
    else if (found->group != to->points[0]->group) status = BAD_ARGUMENT;
    else {
      points[made] = found->value;
      factors[made] = BN_bin2bn(scalars.start + made * to->size, (int)to->size, NULL);
      if (factors[made] == NULL) status = NO_MEMORY;
    }
  }
  if (status == DONE && (EC_POINTs_mul(to->group, sum, NULL, count, points, (const BIGNUM **)factors, NULL) != 1 ||
                         EC_POINT_copy(to->points[0]->value, sum) != 1))
    status = failed();
  if (factors != NULL)
    for (size_t index = 0; index < count; index += 1) BN_clear_free(factors[index]);
  EC_POINT_clear_free(sum);
  free(factors);
  free(points);
  return status;
}

/* pointSum(to, points, scalars): the sum of products of points, whose numbers are words of 64 bits, and scalars; nothing is secret */
napi_value point_sum(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  bytes numbers, scalars;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 1, &numbers) || !read_bytes(&call, 2, &scalars) || numbers.length % sizeof(uint64_t) != 0 ||
      numbers.length > MOST_TERMS * sizeof(uint64_t) || scalars.length != numbers.length / sizeof(uint64_t) * read.size)
    return call_end(&call, BAD_ARGUMENT);
  return call_end(&call, sum_products(&call, &read, numbers, scalars));
}

/* pointEqual(left, right): 1 or 0 */
napi_value point_equal(napi_env env, napi_callback_info info) {
  call call;
  operands read;
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_points(&call, 2, &read);
  if (status != DONE) return call_end(&call, status);
  int different = EC_POINT_cmp(read.group, read.points[0]->value, read.points[1]->value, NULL);
  return call_end(&call, different < 0 ? failed() : different == 0);
}
