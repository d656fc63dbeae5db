/*
 * Numbers modulo an odd one, in constant time: words of fixed number, Montgomery's form, no branch and no address that
 * depends on a value. BN_* of OpenSSL drops leading zeros, so that its time tells of them.
 *
 * A value is an array of words in the machine's order, which JavaScript keeps as bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "library.h"

typedef uint64_t word;
__extension__ typedef unsigned __int128 two_words;

#define WORD_SIZE sizeof(word)
#define MOST_WORDS 256
/* Of exponents; tables have two to the power of it entries. */
#define MOST_WINDOW 5
/* In bytes: whoever calls has a price for the time it takes, and a bound. */
#define MOST_EXPONENT 16384

typedef struct {
  /* Of the modulus, in words and in bytes. */
  size_t count;
  size_t width;
  /* -1 / modulus, modulo a word. */
  word inverse;
  /* What follows: the modulus, the form of 1, and that of 2^(64 * count). */
  word words[];
} modulus;

static const word *form_of_one(const modulus *m) { return m->words + m->count; }
static const word *form_of_radix(const modulus *m) { return m->words + 2 * m->count; }

void modulus_free(void *object) { free(object); }

/* All ones where the condition is 1, which the compiler does not see. */
static word mask_of(word condition) {
  volatile word hidden = condition;
  return 0 - hidden;
}

static void words_select(word *out, const word *first, const word *second, size_t count, word mask) {
  for (size_t index = 0; index < count; index += 1) out[index] = second[index] ^ ((first[index] ^ second[index]) & mask);
}

static word words_add(word *out, const word *left, const word *right, size_t count) {
  word carry = 0;
  for (size_t index = 0; index < count; index += 1) {
    two_words sum = (two_words)left[index] + right[index] + carry;
    out[index] = (word)sum;
    carry = (word)(sum >> 64);
  }
  return carry;
}

static word words_subtract(word *out, const word *left, const word *right, size_t count) {
  word borrow = 0;
  for (size_t index = 0; index < count; index += 1) {
    two_words difference = (two_words)left[index] - right[index] - borrow;
    out[index] = (word)difference;
    borrow = (word)(difference >> 64) & 1;
  }
  return borrow;
}

/* What a call computes in: it wipes that in the end. */
typedef struct {
  word wide[2 * MOST_WORDS];
  word less[MOST_WORDS];
} room;

static void room_wipe(const modulus *m, room *room) {
  OPENSSL_cleanse(room->wide, 2 * m->count * WORD_SIZE);
  OPENSSL_cleanse(room->less, m->count * WORD_SIZE);
}

/* Less the modulus, unless it is below; `top` stands before the words. */
static void reduce_once(const modulus *m, room *room, word *out, const word *value, word top) {
  word borrow = words_subtract(room->less, value, m->words, m->count);
  words_select(out, value, room->less, m->count, mask_of(borrow & (top ^ 1)));
}

#if defined(__x86_64__) && !defined(WITHOUT_ASSEMBLY)
#include <cpuid.h>

/* Whether this processor has MULX, ADCX and ADOX: two chains of carries at once take 0.7 of the time (measured). */
static bool has_two_carries(void) {
  static int known = -1;
  if (known < 0) {
    unsigned int eax, ebx = 0, ecx, edx;
    const unsigned int needed = 1u << 8 | 1u << 19;
    known = __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & needed) == needed;
  }
  return known == 1;
}

#define STEP(at, in, out)                          \
  "mulxq " #at "(%[right]), %[low], %[" #out "]\n\t" \
  "adcxq %[" #in "], %[low]\n\t"                   \
  "adoxq " #at "(%[left]), %[low]\n\t"             \
  "movq %[low], " #at "(%[left])\n\t"
/* The same as `add_multiple`, of blocks of so many bytes; `carry` is in and out. */
#define ADD_BLOCKS(size, steps)                                                                                      \
  __asm__ volatile("1:\n\t"                                                                                          \
                   "xorl %k[low], %k[low]\n\t" steps                                                                 \
                   "movl $0, %k[low]\n\t"                                                                            \
                   "adcxq %[low], %[carry]\n\t"                                                                      \
                   "adoxq %[low], %[carry]\n\t"                                                                      \
                   "leaq " #size "(%[left]), %[left]\n\t"                                                            \
                   "leaq " #size "(%[right]), %[right]\n\t"                                                          \
                   "decq %[blocks]\n\t"                                                                              \
                   "jnz 1b"                                                                                          \
                   : [left] "+r"(left), [right] "+r"(right), [blocks] "+r"(blocks), [carry] "+r"(carry),             \
                     [low] "=&r"(low), [high] "=&r"(high), [other] "=&r"(other)                                      \
                   : "d"(factor)                                                                                     \
                   : "cc", "memory")

static word add_fours(word *left, const word *right, size_t count, word factor) {
  word carry = 0, low, high, other;
  size_t blocks = count / 8;
  if (blocks > 0)
    ADD_BLOCKS(64, STEP(0, carry, high) STEP(8, high, other) STEP(16, other, high) STEP(24, high, other)
                       STEP(32, other, high) STEP(40, high, other) STEP(48, other, high) STEP(56, high, carry));
  blocks = count / 4 % 2;
  if (blocks > 0)
    ADD_BLOCKS(32, STEP(0, carry, high) STEP(8, high, other) STEP(16, other, high) STEP(24, high, carry));
  return carry;
}
#undef ADD_BLOCKS
#undef STEP
#else
static bool has_two_carries(void) { return false; }

static word add_fours(word *left, const word *right, size_t count, word factor) {
  (void)left, (void)right, (void)count, (void)factor;
  return 0;
}
#endif

/* Adds a multiple of `right` to `left`, and returns what is left over. */
static word add_multiple(word *left, const word *right, size_t count, word factor) {
  word carry = 0;
  size_t index = 0;
  if (count >= 4 && has_two_carries()) {
    index = count - count % 4;
    carry = add_fours(left, right, index, factor);
  }
  for (; index < count; index += 1) {
    two_words sum = (two_words)factor * right[index] + left[index] + carry;
    left[index] = (word)sum;
    carry = (word)(sum >> 64);
  }
  return carry;
}

/* Divides twice as many words by 2^(64 * count). */
static void montgomery_reduce(const modulus *m, room *room, word *out) {
  word *wide = room->wide;
  word top = 0;
  for (size_t index = 0; index < m->count; index += 1) {
    word carry = add_multiple(wide + index, m->words, m->count, wide[index] * m->inverse);
    two_words sum = (two_words)wide[index + m->count] + carry + top;
    wide[index + m->count] = (word)sum;
    top = (word)(sum >> 64);
  }
  reduce_once(m, room, out, wide + m->count, top);
}

static void multiply(const modulus *m, room *room, word *out, const word *left, const word *right) {
  word *wide = room->wide;
  memset(wide, 0, 2 * m->count * WORD_SIZE);
  for (size_t index = 0; index < m->count; index += 1)
    wide[index + m->count] = add_multiple(wide + index, right, m->count, left[index]);
  montgomery_reduce(m, room, out);
}

/* Each product of two words once, doubled, and the squares. */
static void square(const modulus *m, room *room, word *out, const word *value) {
  word *wide = room->wide;
  size_t count = m->count;
  memset(wide, 0, 2 * count * WORD_SIZE);
  for (size_t index = 0; index + 1 < count; index += 1)
    wide[index + count] = add_multiple(wide + 2 * index + 1, value + index + 1, count - index - 1, value[index]);
  word shifted = 0, carry = 0;
  for (size_t index = 0; index < count; index += 1) {
    two_words whole = (two_words)value[index] * value[index];
    word low = wide[2 * index], high = wide[2 * index + 1];
    two_words sum = (two_words)(low << 1 | shifted) + (word)whole + carry;
    wide[2 * index] = (word)sum;
    sum = (two_words)(high << 1 | low >> 63) + (word)(whole >> 64) + (word)(sum >> 64);
    wide[2 * index + 1] = (word)sum;
    carry = (word)(sum >> 64);
    shifted = high >> 63;
  }
  montgomery_reduce(m, room, out);
}

static void double_once(const modulus *m, room *room, word *value) {
  word top = words_add(value, value, value, m->count);
  reduce_once(m, room, value, value, top);
}

/* Big-endian bytes, of which there are no more than room for. */
static void words_read(word *out, size_t count, bytes in) {
  memset(out, 0, count * WORD_SIZE);
  for (size_t index = 0; index < in.length; index += 1)
    out[index / WORD_SIZE] |= (word)in.start[in.length - 1 - index] << (index % WORD_SIZE * 8);
}

static void words_write(bytes out, const word *value) {
  for (size_t index = 0; index < out.length; index += 1)
    out.start[out.length - 1 - index] = (uint8_t)(value[index / WORD_SIZE] >> (index % WORD_SIZE * 8));
}

/* The constants; the modulus is public. */
static void modulus_prepare(modulus *m) {
  room room;
  size_t count = m->count;
  word *one = m->words + count, *radix = m->words + 2 * count;
  word inverse = 1;
  for (int round = 0; round < 6; round += 1) inverse *= 2 - m->words[0] * inverse;
  m->inverse = 0 - inverse;
  /* From the highest power of 2 that is not above the modulus to 2^(64 * count); modulo 1 that is 0. */
  size_t bits = count * 64;
  while (((m->words[(bits - 1) / 64] >> (bits - 1) % 64) & 1) == 0) bits -= 1;
  memset(one, 0, count * WORD_SIZE);
  one[(bits - 1) / 64] = (word)1 << (bits - 1) % 64;
  if (bits == 1) one[0] = 0;
  for (size_t at = bits - 1; at < count * 64; at += 1) double_once(m, &room, one);
  /* 2 to the power of 64 * count, by its binary digits. */
  memcpy(radix, one, count * WORD_SIZE);
  for (int digit = 20; digit >= 0; digit -= 1) {
    square(m, &room, radix, radix);
    if ((count * 64 >> digit & 1) == 1) double_once(m, &room, radix);
  }
}

/* modulusNew(bytes): big-endian, odd, its first byte not 0 */
napi_value modulus_new(napi_env env, napi_callback_info info) {
  call call;
  bytes in;
  if (!call_begin(env, info, &call)) return NULL;
  if (!read_bytes(&call, 0, &in) || in.length == 0 || in.length > MOST_WORDS * WORD_SIZE || in.start[0] == 0 ||
      (in.start[in.length - 1] & 1) == 0)
    return call_end(&call, BAD_ARGUMENT);
  size_t count = (in.length + WORD_SIZE - 1) / WORD_SIZE;
  modulus *m = calloc(1, sizeof *m + 3 * count * WORD_SIZE);
  if (m == NULL) return call_end(&call, NO_MEMORY);
  m->count = count;
  m->width = in.length;
  words_read(m->words, count, in);
  /* Another thread can have changed it. */
  if ((m->words[0] & 1) == 0 || m->words[count - 1] == 0) {
    free(m);
    return call_end(&call, BAD_ARGUMENT);
  }
  modulus_prepare(m);
  double number = object_add(call.lib, m, MODULUS);
  if (number < 0) free(m);
  return call_end(&call, number);
}

/* A modulus and arrays of values: the destination and operands. */
#define MOST_VALUES 3
typedef struct {
  const modulus *m;
  bytes values[MOST_VALUES];
} residues;

/* Reads (modulus, to, …). */
static enum status read_residues(const call *call, int count, residues *read) {
  read->m = object_get(call, 0, MODULUS);
  if (read->m == NULL) return BAD_HANDLE;
  for (int index = 0; index < count; index += 1)
    if (!read_bytes(call, index + 1, &read->values[index]) ||
        read->values[index].length != read->m->count * WORD_SIZE)
      return BAD_ARGUMENT;
  return DONE;
}

/* Words of our own: arrays of JavaScript's may lie at any address, and change. */
static void take(const residues *read, int index, word *out) {
  memcpy(out, read->values[index].start, read->m->count * WORD_SIZE);
}

static void give(const residues *read, word *value) {
  memcpy(read->values[0].start, value, read->m->count * WORD_SIZE);
  OPENSSL_cleanse(value, read->m->count * WORD_SIZE);
}

/* residueDecode(modulus, to, bytes): 1, or 0 where the big-endian bytes are not below the modulus */
napi_value residue_decode(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  bytes in;
  word value[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 2, &in) || in.length != read.m->width) return call_end(&call, BAD_ARGUMENT);
  words_read(value, read.m->count, in);
  bool below = words_subtract(room.less, value, read.m->words, read.m->count) == 1;
  if (below) {
    multiply(read.m, &room, value, value, form_of_radix(read.m));
    give(&read, value);
  } else {
    OPENSSL_cleanse(value, read.m->count * WORD_SIZE);
  }
  room_wipe(read.m, &room);
  return call_end(&call, below);
}

/* residueReduce(modulus, to, bytes): big-endian, of any length */
napi_value residue_reduce(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  bytes in;
  word value[MOST_WORDS], part[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 2, &in)) return call_end(&call, BAD_ARGUMENT);
  const modulus *m = read.m;
  size_t step = m->count * WORD_SIZE;
  memset(value, 0, step);
  for (size_t at = 0; at < in.length;) {
    /* The first part is what is left over. */
    size_t length = (in.length - at) % step == 0 ? step : (in.length - at) % step;
    words_read(part, m->count, (bytes){in.start + at, length});
    at += length;
    /* A product of two numbers below 2^(64 * count) and below the modulus is reduced by one subtraction. */
    multiply(m, &room, part, part, form_of_radix(m));
    multiply(m, &room, value, value, form_of_radix(m));
    word top = words_add(value, value, part, m->count);
    reduce_once(m, &room, value, value, top);
  }
  OPENSSL_cleanse(part, step);
  room_wipe(m, &room);
  give(&read, value);
  return call_end(&call, DONE);
}

/* residueEncode(modulus, value, out): big-endian, as long as the modulus */
napi_value residue_encode(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  bytes out;
  word value[MOST_WORDS], one[MOST_WORDS] = {1};
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 1, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 2, &out) || out.length != read.m->width) return call_end(&call, BAD_ARGUMENT);
  take(&read, 0, value);
  multiply(read.m, &room, value, value, one);
  words_write(out, value);
  room_wipe(read.m, &room);
  OPENSSL_cleanse(value, read.m->count * WORD_SIZE);
  return call_end(&call, DONE);
}

/* residueAdd(modulus, to, left, right) */
napi_value residue_add(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  word left[MOST_WORDS], right[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 3, &read);
  if (status != DONE) return call_end(&call, status);
  take(&read, 1, left);
  take(&read, 2, right);
  word top = words_add(left, left, right, read.m->count);
  reduce_once(read.m, &room, left, left, top);
  room_wipe(read.m, &room);
  OPENSSL_cleanse(right, read.m->count * WORD_SIZE);
  give(&read, left);
  return call_end(&call, DONE);
}

/* residueSubtract(modulus, to, left, right) */
napi_value residue_subtract(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  word left[MOST_WORDS], right[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 3, &read);
  if (status != DONE) return call_end(&call, status);
  take(&read, 1, left);
  take(&read, 2, right);
  word mask = mask_of(words_subtract(left, left, right, read.m->count));
  for (size_t index = 0; index < read.m->count; index += 1) right[index] = read.m->words[index] & mask;
  words_add(left, left, right, read.m->count);
  OPENSSL_cleanse(right, read.m->count * WORD_SIZE);
  give(&read, left);
  return call_end(&call, DONE);
}

/* residueMultiply(modulus, to, left, right) */
napi_value residue_multiply(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  word left[MOST_WORDS], right[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 3, &read);
  if (status != DONE) return call_end(&call, status);
  take(&read, 1, left);
  take(&read, 2, right);
  multiply(read.m, &room, left, left, right);
  room_wipe(read.m, &room);
  OPENSSL_cleanse(right, read.m->count * WORD_SIZE);
  give(&read, left);
  return call_end(&call, DONE);
}

/* How many bits of an exponent are taken at once; its length is public. */
static size_t window_of(size_t bits) {
  if (bits <= 16) return 1;
  if (bits <= 64) return 3;
  return bits <= 256 ? 4 : MOST_WINDOW;
}

/* Bits of a big-endian number, from the highest one on; `at + count` bits are left. */
static word bits_at(bytes number, size_t at, size_t count) {
  word found = 0;
  for (size_t bit = at + count; bit > at; bit -= 1) {
    uint8_t byte = number.start[number.length - 1 - (bit - 1) / 8];
    found = found << 1 | (byte >> (bit - 1) % 8 & 1);
  }
  return found;
}

/* The entry of a number, which no address tells. */
static void table_read(word *out, const word *table, size_t entries, size_t count, word number) {
  memset(out, 0, count * WORD_SIZE);
  for (word entry = 0; entry < entries; entry += 1) {
    word difference = entry ^ number;
    word mask = mask_of(((difference | (0 - difference)) >> 63) ^ 1);
    for (size_t index = 0; index < count; index += 1) out[index] |= table[entry * count + index] & mask;
  }
}

/* residuePower(modulus, to, base, exponent): big-endian, of any length */
napi_value residue_power(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  room room;
  bytes exponent;
  word value[MOST_WORDS], factor[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 2, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_bytes(&call, 3, &exponent) || exponent.length > MOST_EXPONENT) return call_end(&call, BAD_ARGUMENT);
  const modulus *m = read.m;
  size_t count = m->count, bits = exponent.length * 8, window = window_of(bits), entries = (size_t)1 << window;
  word *table = call.lib->powers;
  if (table == NULL) table = call.lib->powers = malloc(((size_t)1 << MOST_WINDOW) * MOST_WORDS * WORD_SIZE);
  if (table == NULL) return call_end(&call, NO_MEMORY);
  memcpy(table, form_of_one(m), count * WORD_SIZE);
  take(&read, 1, table + count);
  for (size_t entry = 2; entry < entries; entry += 1) {
    word *to = table + entry * count;
    if (entry % 2 == 0) square(m, &room, to, table + entry / 2 * count);
    else multiply(m, &room, to, table + (entry - 1) * count, table + count);
  }
  memcpy(value, form_of_one(m), count * WORD_SIZE);
  while (bits > 0) {
    size_t taken = bits % window == 0 ? window : bits % window;
    for (size_t step = 0; step < taken; step += 1) square(m, &room, value, value);
    bits -= taken;
    table_read(factor, table, entries, count, bits_at(exponent, bits, taken));
    multiply(m, &room, value, value, factor);
  }
  OPENSSL_cleanse(factor, count * WORD_SIZE);
  room_wipe(m, &room);
  OPENSSL_cleanse(table, entries * count * WORD_SIZE);
  give(&read, value);
  return call_end(&call, DONE);
}

/* residueSelect(modulus, to, first, second, choice): the first where `choice` is 1, the second where it is 0 */
napi_value residue_select(napi_env env, napi_callback_info info) {
  call call;
  residues read;
  double choice;
  word first[MOST_WORDS], second[MOST_WORDS];
  if (!call_begin(env, info, &call)) return NULL;
  enum status status = read_residues(&call, 3, &read);
  if (status != DONE) return call_end(&call, status);
  if (!read_whole(&call, 4, 1, &choice)) return call_end(&call, BAD_ARGUMENT);
  take(&read, 1, first);
  take(&read, 2, second);
  words_select(first, first, second, read.m->count, mask_of((word)choice));
  OPENSSL_cleanse(second, read.m->count * WORD_SIZE);
  give(&read, first);
  return call_end(&call, DONE);
}
