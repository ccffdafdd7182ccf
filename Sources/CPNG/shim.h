// libpng reports errors by calling back, and the callback must not return. The lines below keep
// the jump out of Swift frames: each wrapped call returns 0 on failure, with `message` filled in.
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <png.h>

typedef struct {
  png_structp png;
  png_infop info;
  const unsigned char *bytes;
  size_t size;
  size_t position;
  int reached_end;  // more bytes were asked for than there are
  char message[128];
} figured_png_reader;

static inline void figured_png_fail(png_structp png, png_const_charp message) {
  figured_png_reader *reader = (figured_png_reader *)png_get_error_ptr(png);
  snprintf(reader->message, sizeof reader->message, "%s", message);
  png_longjmp(png, 1);
}

static inline void figured_png_ignore(png_structp png, png_const_charp message) {}

static inline void figured_png_supply(png_structp png, png_bytep destination, size_t count) {
  figured_png_reader *reader = (figured_png_reader *)png_get_io_ptr(png);
  if (count > reader->size - reader->position) {
    reader->reached_end = 1;
    png_error(png, "unexpected end of file");
  }
  memcpy(destination, reader->bytes + reader->position, count);
  reader->position += count;
}

// Reads up to the pixels. Chunks that do not change them are skipped, never decompressed.
static inline int figured_png_open(
    figured_png_reader *reader, const unsigned char *bytes, size_t size, unsigned side_limit,
    size_t chunk_limit) {
  reader->bytes = bytes;
  reader->size = size;
  reader->png = png_create_read_struct(
      PNG_LIBPNG_VER_STRING, reader, figured_png_fail, figured_png_ignore);
  if (!reader->png) return 0;
  reader->info = png_create_info_struct(reader->png);
  if (!reader->info) return 0;
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  png_set_user_limits(reader->png, side_limit, side_limit);
  png_set_chunk_malloc_max(reader->png, chunk_limit);
  png_set_chunk_cache_max(reader->png, 16);
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_read_fn(reader->png, reader, figured_png_supply);
  png_read_info(reader->png, reader->info);
  return 1;
}

// Asks for 8-bit RGB, or RGBA where the file has transparency, whatever is stored.
static inline int figured_png_start(figured_png_reader *reader) {
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  png_set_expand(reader->png);
  png_set_scale_16(reader->png);
  png_set_gray_to_rgb(reader->png);
  png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  return 1;
}

static inline int figured_png_read_rows(
    figured_png_reader *reader, unsigned char *first, size_t stride, unsigned rows) {
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  for (unsigned y = 0; y < rows; y++) png_read_row(reader->png, first + y * stride, NULL);
  return 1;
}

static inline void figured_png_close(figured_png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
}

static inline const char *figured_png_message(const figured_png_reader *reader) {
  return reader->message;
}
