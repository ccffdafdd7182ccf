// Writes the kinds of JPEG that Pillow does not: jpeg_variants KIND WIDTH HEIGHT < samples > file.
// KIND: ycck (samples are CMYK), cmyk (no Adobe marker), rgb, arithmetic, scans (sequential, one
// scan a component), restart (restart markers) - the last four from RGB samples.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

int main(int count, char **arguments) {
  const char *kind = arguments[1];
  struct jpeg_compress_struct codec;
  struct jpeg_error_mgr errors;
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  jpeg_stdio_dest(&codec, stdout);
  codec.image_width = atoi(arguments[2]);
  codec.image_height = atoi(arguments[3]);
  int ink = !strcmp(kind, "ycck") || !strcmp(kind, "cmyk");
  codec.input_components = ink ? 4 : 3;
  codec.in_color_space = ink ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, 95, TRUE);
  if (!strcmp(kind, "ycck")) jpeg_set_colorspace(&codec, JCS_YCCK);
  if (!strcmp(kind, "rgb")) jpeg_set_colorspace(&codec, JCS_RGB);
  if (!strcmp(kind, "cmyk")) codec.write_Adobe_marker = FALSE;
  if (!strcmp(kind, "arithmetic")) codec.arith_code = TRUE;
  if (!strcmp(kind, "restart")) codec.restart_interval = 2;
  static const jpeg_scan_info scans[] = {
    {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}, {1, {2}, 0, 63, 0, 0}};
  if (!strcmp(kind, "scans")) {
    codec.scan_info = scans;
    codec.num_scans = 3;
  }
  jpeg_start_compress(&codec, TRUE);
  size_t row_bytes = (size_t)codec.image_width * codec.input_components;
  unsigned char *row = malloc(row_bytes);
  while (codec.next_scanline < codec.image_height) {
    if (fread(row, 1, row_bytes, stdin) != row_bytes) return 1;
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  return 0;
}
