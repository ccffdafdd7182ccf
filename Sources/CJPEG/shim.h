// libjpeg reports errors by calling back, and the callback must not return. The lines below keep
// the jump out of Swift frames: each wrapped call returns 0 on failure, with `message` filled in.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <jerror.h>

typedef struct {
  struct jpeg_decompress_struct codec;  // first: the callbacks cast from it
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
  int scan_limit;
  int too_many_scans;
  int reached_end;       // the bytes ended before the end-of-image marker
  int needs_every_byte;  // several scans or arithmetic coding: an early end always loses data
} figured_jpeg_reader;

static inline void figured_jpeg_fail(j_common_ptr codec) {
  figured_jpeg_reader *reader = (figured_jpeg_reader *)codec;
  codec->err->format_message(codec, reader->message);
  longjmp(reader->escape, 1);
}

// Most warnings are harmless. Running out of data is not: libjpeg would paint the rest grey.
static inline void figured_jpeg_note(j_common_ptr codec, int level) {
  figured_jpeg_reader *reader = (figured_jpeg_reader *)codec;
  if (level >= 0) return;
  if (codec->err->msg_code == JWRN_JPEG_EOF) {
    reader->reached_end = 1;
    if (reader->needs_every_byte) figured_jpeg_fail(codec);
  } else if (codec->err->msg_code == JWRN_HIT_MARKER
      && reader->codec.unread_marker == JPEG_EOI) {
    reader->reached_end = 1;
    figured_jpeg_fail(codec);
  }
}

static inline void figured_jpeg_watch_scans(j_common_ptr codec) {
  figured_jpeg_reader *reader = (figured_jpeg_reader *)codec;
  if (reader->codec.input_scan_number <= reader->scan_limit) return;
  reader->too_many_scans = 1;
  longjmp(reader->escape, 1);
}

static inline void figured_jpeg_print_nothing(j_common_ptr codec) {}

static inline int figured_jpeg_read_header(
    figured_jpeg_reader *reader, const unsigned char *bytes, size_t size, int scan_limit) {
  reader->codec.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = figured_jpeg_fail;
  reader->errors.emit_message = figured_jpeg_note;
  reader->errors.output_message = figured_jpeg_print_nothing;
  reader->progress.progress_monitor = figured_jpeg_watch_scans;
  reader->scan_limit = scan_limit;
  if (setjmp(reader->escape)) return 0;
  jpeg_create_decompress(&reader->codec);
  reader->codec.progress = &reader->progress;
  jpeg_mem_src(&reader->codec, bytes, size);
  jpeg_read_header(&reader->codec, TRUE);
  reader->needs_every_byte = jpeg_has_multiple_scans(&reader->codec) || reader->codec.arith_code;
  return 1;
}

static inline int figured_jpeg_start(figured_jpeg_reader *reader) {
  if (setjmp(reader->escape)) return 0;
  return jpeg_start_decompress(&reader->codec);
}

static inline int figured_jpeg_crop(figured_jpeg_reader *reader, unsigned *x, unsigned *width) {
  if (setjmp(reader->escape)) return 0;
  jpeg_crop_scanline(&reader->codec, x, width);
  return 1;
}

static inline int figured_jpeg_skip(figured_jpeg_reader *reader, unsigned rows) {
  if (setjmp(reader->escape)) return 0;
  return jpeg_skip_scanlines(&reader->codec, rows) == rows;
}

static inline int figured_jpeg_read_rows(
    figured_jpeg_reader *reader, unsigned char *first, size_t stride, unsigned rows) {
  if (setjmp(reader->escape)) return 0;
  unsigned end = reader->codec.output_scanline + rows;
  while (reader->codec.output_scanline < end) {
    unsigned char *pointers[8];
    unsigned count = end - reader->codec.output_scanline;
    if (count > 8) count = 8;
    for (unsigned i = 0; i < count; i++) pointers[i] = first + i * stride;
    first += jpeg_read_scanlines(&reader->codec, pointers, count) * stride;
  }
  return 1;
}

static inline void figured_jpeg_close(figured_jpeg_reader *reader) {
  jpeg_destroy_decompress(&reader->codec);
}

static inline const char *figured_jpeg_message(const figured_jpeg_reader *reader) {
  return reader->message;
}

typedef struct {
  struct jpeg_compress_struct codec;  // first: the callback casts from it
  struct jpeg_error_mgr errors;
  jmp_buf escape;
} figured_jpeg_writer;

static inline void figured_jpeg_give_up(j_common_ptr codec) {
  longjmp(((figured_jpeg_writer *)codec)->escape, 1);
}

// On success `*bytes` is the caller's to free().
static inline int figured_jpeg_write(
    figured_jpeg_writer *writer, const unsigned char *rgb, unsigned width, unsigned height,
    int quality, unsigned char **bytes, unsigned long *size) {
  writer->codec.err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = figured_jpeg_give_up;
  int succeeded = 0;
  if (!setjmp(writer->escape)) {
    jpeg_create_compress(&writer->codec);
    jpeg_mem_dest(&writer->codec, bytes, size);
    writer->codec.image_width = width;
    writer->codec.image_height = height;
    writer->codec.input_components = 3;
    writer->codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&writer->codec);
    jpeg_set_quality(&writer->codec, quality, TRUE);
    jpeg_start_compress(&writer->codec, TRUE);
    while (writer->codec.next_scanline < height) {
      JSAMPROW row = (JSAMPROW)rgb + (size_t)writer->codec.next_scanline * width * 3;
      jpeg_write_scanlines(&writer->codec, &row, 1);
    }
    jpeg_finish_compress(&writer->codec);
    succeeded = 1;
  }
  jpeg_destroy_compress(&writer->codec);
  return succeeded;
}
