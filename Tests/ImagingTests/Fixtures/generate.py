"""Regenerates the pictures beside it: python3 generate.py (Pillow, pillow-heif, numpy, OpenCV, a C compiler).

Every picture shows the same pattern, 29 x 23 pixels unless said otherwise, so that the tests know what to
expect without trusting a decoder. manifest.json lists each file with the picture it must decode to (a .ppm
computed here) and by how much a channel may differ on average (0: exactly equal).
"""

import io
import json
import pathlib
import struct
import subprocess
import tempfile
import zlib

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 29, 23
manifest = []

x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
RGB = np.stack([10 + 8 * x, 255 - 10 * y, 4 * x + 5 * y], axis=-1).astype(np.uint8)
GRAY = (3 * x + 6 * y).astype(np.uint8)
ALPHA = (255 - 9 * x).clip(0, 255).astype(np.uint8)


def repeat(gray):
    return np.repeat(gray[..., None], 3, axis=-1)


def on_white(rgb, alpha):
    a = alpha.astype(np.float64)[..., None] / 255
    return np.floor(rgb * a + 255 * (1 - a) + 0.5).astype(np.uint8)


def write_expected(name, rgb):
    header = b"P6\n%d %d\n255\n" % (rgb.shape[1], rgb.shape[0])
    (HERE / f"{name}.ppm").write_bytes(header + rgb.astype(np.uint8).tobytes())


def add(file, content, expected, tolerance=0.0):
    if content is not None:
        (HERE / file).write_bytes(content)
    manifest.append({"file": file, "expected": f"{expected}.ppm", "tolerance": tolerance})


def saved(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format=format, **options)
    return buffer.getvalue()


# The pictures that files are compared with.

write_expected("rgb", RGB)
write_expected("gray", repeat(GRAY))
write_expected("rgb-alpha", on_white(RGB, ALPHA))
write_expected("gray-alpha", on_white(repeat(GRAY), ALPHA))
for bits in (1, 2, 4):
    levels = (GRAY >> (8 - bits)).astype(np.uint8)
    write_expected(f"gray{bits}", repeat(levels * (255 // (2**bits - 1))))


# PNG, written by hand because Pillow knows neither interlacing nor most of the bit depths.


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def packed_rows(samples, bits):
    """Rows of samples (height x width x channels) as PNG stores them, each with filter 0."""
    out = b""
    for row in samples:
        flat = row.reshape(-1)
        if bits == 16:
            data = flat.astype(">u2").tobytes()
        elif bits == 8:
            data = flat.astype(np.uint8).tobytes()
        else:
            ones = ((flat[:, None] >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8)
            data = np.packbits(ones.reshape(-1)).tobytes()
        out += b"\0" + data
    return out


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, bits, color, interlaced=False, before=b"", after=b""):
    samples = samples if samples.ndim == 3 else samples[..., None]
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], bits, color, 0, 0, int(interlaced))
    if interlaced:
        passes = [samples[y0::dy, x0::dx] for x0, y0, dx, dy in ADAM7]
        data = b"".join(packed_rows(part, bits) for part in passes if part.size)
    else:
        data = packed_rows(samples, bits)
    return (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + before + png_chunk(b"IDAT", zlib.compress(data, 9))
        + after + png_chunk(b"IEND", b"")
    )


def deep(values):
    """16-bit samples whose nearest 8-bit values are the given ones, but whose low bytes differ."""
    noise = (x * 37 + y * 101) % 200 - 100
    noise = noise if values.ndim == 2 else noise[..., None]
    return (values.astype(np.int64) * 257 + noise).clip(0, 65535)


kinds = [
    ("gray8", GRAY, 8, 0, "gray"),
    ("gray16", deep(GRAY), 16, 0, "gray"),
    ("graya8", np.dstack([GRAY, ALPHA]), 8, 4, "gray-alpha"),
    ("graya16", np.dstack([GRAY.astype(int) * 257, ALPHA.astype(int) * 257]), 16, 4, "gray-alpha"),
    ("rgb8", RGB, 8, 2, "rgb"),
    ("rgb16", deep(RGB), 16, 2, "rgb"),
    ("rgba8", np.dstack([RGB, ALPHA]), 8, 6, "rgb-alpha"),
    ("rgba16", np.dstack([RGB.astype(int) * 257, ALPHA.astype(int) * 257]), 16, 6, "rgb-alpha"),
] + [(f"gray{bits}", GRAY >> (8 - bits), bits, 0, f"gray{bits}") for bits in (1, 2, 4)]
for name, samples, bits, color, expected in kinds:
    add(f"{name}.png", png(samples, bits, color), expected)
    add(f"{name}-interlaced.png", png(samples, bits, color, interlaced=True), expected)

for bits in (1, 2, 4, 8):
    index = (x + 2 * y) % 2**bits
    palette = np.stack([(np.arange(2**bits) * k + k) % 256 for k in (17, 91, 203)], axis=-1).astype(np.uint8)
    opaque = png_chunk(b"PLTE", palette.tobytes())
    write_expected(f"palette{bits}", palette[index])
    add(f"palette{bits}.png", png(index, bits, 3, before=opaque), f"palette{bits}")
    add(f"palette{bits}-interlaced.png", png(index, bits, 3, True, before=opaque), f"palette{bits}")
alpha = np.arange(0, 256, 4)[:40].astype(np.uint8)  # shorter than the palette: the rest is opaque
full = np.concatenate([alpha, np.full(256 - len(alpha), 255, np.uint8)])
write_expected("palette8-alpha", on_white(palette[index], full[index]))
add("palette8-alpha.png", png(index, 8, 3, before=opaque + png_chunk(b"tRNS", alpha.tobytes())), "palette8-alpha")

key = GRAY[5, 5]
write_expected("gray-key", np.where((GRAY == key)[..., None], 255, repeat(GRAY)))
add("gray8-key.png", png(GRAY, 8, 0, before=png_chunk(b"tRNS", struct.pack(">H", key))), "gray-key")
key = RGB[5, 5]
write_expected("rgb-key", np.where((RGB == key).all(-1, keepdims=True), 255, RGB))
add("rgb8-key.png", png(RGB, 8, 2, before=png_chunk(b"tRNS", struct.pack(">HHH", *key))), "rgb-key")
# Gamma and a profile must not change pixels; a broken text chunk must not matter.
ancillary = png_chunk(b"gAMA", struct.pack(">I", 100000)) + png_chunk(b"zTXt", b"Comment\0\0not zlib data")
add("rgb8-ancillary.png", png(RGB, 8, 2, before=ancillary), "rgb")
# A compressed text of 64 MiB in 64 KiB.
bomb = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * (64 << 20), 9))
add("rgb8-text-bomb.png", png(RGB, 8, 2, before=bomb), "rgb")

# JPEG.

picture = Image.fromarray(RGB)
add("rgb.jpg", saved(picture, "JPEG", quality=95, subsampling=0), "rgb", 1.0)
add("rgb-progressive.jpg", saved(picture, "JPEG", quality=95, subsampling=0, progressive=True), "rgb", 1.0)
for name, subsampling in (("422", 1), ("420", 2)):
    add(f"rgb-{name}.jpg", saved(picture, "JPEG", quality=95, subsampling=subsampling), "rgb", 2.0)
add("gray.jpg", saved(Image.fromarray(GRAY), "JPEG", quality=95), "gray", 1.0)
cmyk = np.dstack([255 - RGB, np.full((HEIGHT, WIDTH), 0, np.uint8)])
cmyk[..., 3] = 3 * y
light = np.floor((255 - cmyk[..., :3].astype(float)) * (255 - cmyk[..., 3:].astype(float)) / 255 + 0.5)
write_expected("cmyk", light)
add("cmyk-adobe.jpg", saved(Image.fromarray(cmyk, "CMYK"), "JPEG", quality=95, subsampling=0), "cmyk", 2.0)
with tempfile.TemporaryDirectory() as folder:
    program = f"{folder}/jpeg_variants"
    subprocess.run(["cc", "-O1", HERE / "jpeg_variants.c", "-ljpeg", "-o", program], check=True)

    def variant(kind, samples):
        size = [str(samples.shape[1]), str(samples.shape[0])]
        return subprocess.run([program, kind, *size], input=samples.tobytes(), stdout=subprocess.PIPE, check=True).stdout

    add("ycck-adobe.jpg", variant("ycck", 255 - cmyk), "cmyk", 2.0)
    add("cmyk-plain.jpg", variant("cmyk", cmyk), "cmyk", 2.0)
    for kind in ("rgb", "arithmetic", "scans", "restart"):
        add(f"rgb-{kind}.jpg", variant(kind, RGB), "rgb", 2.0)
    # What libjpeg-turbo makes of it must be what OpenCV makes of it, bit for bit.
    for name in ("rgb", "rgb-422", "rgb-420", "rgb-progressive", "gray", "rgb-restart"):
        pixels = cv2.imread(str(HERE / f"{name}.jpg"))[..., ::-1]
        write_expected(f"opencv-{name}", pixels)
        add(f"{name}.jpg", None, f"opencv-{name}")

plain = saved(picture, "JPEG", quality=95, subsampling=0)
# A comment with bytes after its end, as some cameras leave them, and rubbish behind the image.
add("rgb-extraneous.jpg", plain[:2] + b"\xff\xfe\0\4hi" + b"rubbish" + plain[2:] + b"rubbish", "rgb", 1.0)
add("rgb-no-end-marker.jpg", plain[:-2], "rgb", 1.0)

# A larger picture of waves, for regions, reduction and truncation.
u, v = np.meshgrid(np.arange(203), np.arange(157))
WAVES = np.stack(
    [128 + 90 * np.sin(u / 9 + v / 23), 128 + 100 * np.cos(v / 11), 128 + 60 * np.sin((u - v) / 17)], axis=-1
).astype(np.uint8)
write_expected("waves", WAVES)
waves = Image.fromarray(WAVES)
add("waves-420.jpg", saved(waves, "JPEG", quality=90, subsampling=2), "waves", 2.0)
add("waves-422.jpg", saved(waves, "JPEG", quality=90, subsampling=1), "waves", 2.0)
add("waves-444.jpg", saved(waves, "JPEG", quality=90, subsampling=0), "waves", 2.0)
add("waves-progressive.jpg", saved(waves, "JPEG", quality=90, progressive=True), "waves", 2.0)
add("waves-gray.jpg", saved(waves.convert("L"), "JPEG", quality=90), "waves", 255)
add("waves.png", png(WAVES, 8, 2), "waves")
add("waves-interlaced.png", png(WAVES, 8, 2, True), "waves")
add("waves.webp", saved(waves, "WEBP", quality=90), "waves", 3.0)

# WebP.

with_alpha = Image.fromarray(np.dstack([RGB, ALPHA]))
add("rgb-lossy.webp", saved(picture, "WEBP", quality=95), "rgb", 4.0)
add("rgb-lossless.webp", saved(picture, "WEBP", lossless=True), "rgb")
add("rgba-lossy.webp", saved(with_alpha, "WEBP", quality=95, exact=True), "rgb-alpha", 4.0)
add("rgba-lossless.webp", saved(with_alpha, "WEBP", lossless=True, exact=True), "rgb-alpha")
second = Image.fromarray(255 - RGB)
animation = saved(picture, "WEBP", save_all=True, append_images=[second], duration=100, lossless=True)
add("rgb-animated.webp", animation, "rgb")
animation = saved(with_alpha, "WEBP", save_all=True, append_images=[second], duration=100, lossless=True, exact=True)
add("rgba-animated.webp", animation, "rgb-alpha")


def riff(chunks):
    body = b"WEBP" + b"".join(k + struct.pack("<I", len(c)) + c + b"\0" * (len(c) % 2) for k, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def uint24(value):
    return struct.pack("<I", value)[:3]


# A first frame smaller than its canvas: the rest of the canvas is white.
frame = saved(picture, "WEBP", lossless=True)[12:]
canvas = np.full((40, 50, 3), 255, np.uint8)
canvas[6 : 6 + HEIGHT, 8 : 8 + WIDTH] = RGB
write_expected("canvas", canvas)
position = uint24(4) + uint24(3) + uint24(WIDTH - 1) + uint24(HEIGHT - 1) + uint24(100) + b"\0"
chunks = [
    (b"VP8X", b"\2\0\0\0" + uint24(49) + uint24(39)), (b"ANIM", b"\0" * 6), (b"ANMF", position + frame),
]
add("offset-animated.webp", riff(chunks), "canvas")

# HEIC.

add("rgb.heic", saved(picture, "HEIF", quality=95, chroma=444), "rgb", 4.0)
add("rgb-420.heic", saved(picture, "HEIF", quality=95, chroma=420), "rgb", 5.0)
add("gray.heic", saved(Image.fromarray(GRAY), "HEIF", quality=95), "gray", 4.0)
add("rgba.heic", saved(with_alpha, "HEIF", quality=95, chroma=444), "rgb-alpha", 5.0)
deep_picture = pillow_heif.from_bytes("RGB;16", (WIDTH, HEIGHT), deep(RGB).astype("<u2").tobytes())
buffer = io.BytesIO()
pillow_heif.options.SAVE_HDR_TO_12_BIT = False
deep_picture.save(buffer, quality=95, chroma=444)
add("rgb-10bit.heic", buffer.getvalue(), "rgb", 4.0)
buffer = io.BytesIO()
second.save(buffer, format="HEIF", quality=95, chroma=444, save_all=True, append_images=[picture], primary_index=1)
add("second-is-primary.heic", buffer.getvalue(), "rgb", 4.0)

# The boxes of ISO/IEC 14496-12 and 23008-12, for what no encoder at hand writes.


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full_box(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def hevc_parts(file):
    """The decoder configuration and the coded data of a HEIC file with one picture."""
    start = file.index(b"hvcC") + 4
    configuration = file[start : start - 8 + struct.unpack(">I", file[start - 8 : start - 4])[0]]
    start = file.index(b"mdat") + 4
    return configuration, file[start : start - 8 + struct.unpack(">I", file[start - 8 : start - 4])[0]]


def heic(configuration, tiles, tile_size, grid=None, extra=(), references=None):
    """A HEIC file of one picture, or of a grid: (rows, columns, width, height)."""
    count = len(tiles)
    primary = count + 1 if grid else 1
    infe = [full_box(b"infe", 2, 0, struct.pack(">HH4s", i + 1, 0, b"hvc1"), b"\0") for i in range(count)]
    properties = [box(b"hvcC", configuration), full_box(b"ispe", 0, 0, struct.pack(">II", *tile_size))]
    used = [(i + 1, [0x81, 2]) for i in range(count)]
    idat = iref = b""
    if grid:
        infe.append(full_box(b"infe", 2, 0, struct.pack(">HH4s", primary, 0, b"grid"), b"\0"))
        properties.append(full_box(b"ispe", 0, 0, struct.pack(">II", grid[2], grid[3])))
        idat = box(b"idat", struct.pack(">BBBBHH", 0, 0, grid[0] - 1, grid[1] - 1, grid[2], grid[3]))
        ids = references or range(1, count + 1)
        links = struct.pack(">HH", primary, len(ids)) + b"".join(struct.pack(">H", i) for i in ids)
        iref = full_box(b"iref", 0, 0, box(b"dimg", links))
        used.append((primary, [3]))
    properties += extra
    used[-1][1].extend(0x80 | len(properties) - i for i in range(len(extra)))
    ipma = struct.pack(">I", len(used)) + b"".join(
        struct.pack(">HB", item, len(which)) + bytes(which) for item, which in used)
    ftyp = box(b"ftyp", b"heic", b"\0\0\0\0", b"mif1heic")

    def meta(offset):
        rows = b""
        for i, tile in enumerate(tiles):
            rows += struct.pack(">HHHHII", i + 1, 0, 0, 1, offset, len(tile))
            offset += len(tile)
        if grid:
            rows += struct.pack(">HHHHII", primary, 1, 0, 1, 0, 8)
        return full_box(
            b"meta", 0, 0,
            full_box(b"hdlr", 0, 0, b"\0\0\0\0pict" + b"\0" * 13),
            full_box(b"pitm", 0, 0, struct.pack(">H", primary)),
            full_box(b"iinf", 0, 0, struct.pack(">H", len(infe)), *infe), iref,
            box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", 0, 0, ipma)), idat,
            full_box(b"iloc", 1, 0, b"\x44\0", struct.pack(">H", count + bool(grid)), rows),
        )

    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", *tiles)


def with_coded_size(configuration, width, height):
    """The configuration with another picture size in its sequence parameter set (ITU-T H.265, 7.3.2.2)."""
    start = configuration.index(b"\x42\x01\x01")
    length = struct.unpack(">H", configuration[start - 2 : start])[0]
    unit = configuration[start : start + length].replace(b"\0\0\3", b"\0\0")
    bits = "".join(f"{byte:08b}" for byte in unit)
    position = 16 + 8 + 96  # no sub-layers in what x265 writes

    def skip(position):
        zeros = bits.index("1", position) - position
        return position + 2 * zeros + 1

    def golomb(value):
        return "0" * ((value + 1).bit_length() - 1) + f"{value + 1:b}"

    position = skip(position)  # the set's number
    is_444 = bits[position : skip(position)] == golomb(3)
    position = skip(position) + is_444
    bits = bits[:position] + golomb(width) + golomb(height) + bits[skip(skip(position)) :]
    bits = bits.rstrip("0")
    bits += "0" * (-len(bits) % 8)
    unit, zeros = bytearray(), 0
    for byte in (int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)):
        if zeros >= 2 and byte <= 3:
            unit.append(3)
            zeros = 0
        unit.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return configuration[: start - 2] + struct.pack(">H", len(unit)) + bytes(unit) + configuration[start + length :]


# Four tiles that overhang the picture at the right and the bottom, as telephones write them.
padded = np.pad(WAVES, ((0, 192 - 157), (0, 256 - 203), (0, 0)), mode="edge")
tiles = []
for row in range(2):
    for column in range(2):
        part = Image.fromarray(padded[96 * row : 96 * row + 96, 128 * column : 128 * column + 128])
        configuration, data = hevc_parts(saved(part, "HEIF", quality=90, chroma=420))
        tiles.append(data)
grid = (2, 2, 203, 157)
add("waves-grid.heic", heic(configuration, tiles, (128, 96), grid), "waves", 3.0)
turned = [box(b"irot", b"\1")]  # 90 degrees anticlockwise
write_expected("waves-turned", np.rot90(WAVES))
add("waves-grid-turned.heic", heic(configuration, tiles, (128, 96), grid, turned), "waves-turned", 3.0)

# Hostile: a few hundred bytes whose codec would fill gigabytes, alone, as tiles, and by repetition.
huge = with_coded_size(configuration, 16384, 16384)
(HERE / "hostile-coded-size.heic").write_bytes(heic(huge, tiles[:1], (128, 96)))
(HERE / "hostile-tile-size.heic").write_bytes(heic(huge, tiles, (128, 96), grid))
large = with_coded_size(configuration, 1024, 1024)
repeated = heic(large, tiles[:1], (128, 96), (128, 128, 203, 157), references=[1] * 128 * 128)
(HERE / "hostile-repeated-tile.heic").write_bytes(repeated)
plain = saved(Image.new("RGB", (128, 96)), "HEIF", quality=50)
configuration, data = hevc_parts(plain)
many = heic(configuration, [data * 400], (128, 96))
(HERE / "hostile-many-pictures.heic").write_bytes(many)


# AV1, which the system's libheif would decode, behind a brand that does not say so.
av1 = saved(picture, "AVIF")
(HERE / "av1-in-heif.heic").write_bytes(av1[:8] + b"mif1" + av1[12:])

# EXIF.


def exif(orientation=None, extra=True):
    block = Image.Exif()
    if orientation:
        block[0x0112] = orientation
    if extra:
        block[0x010F] = "Cameras & Co  "
        block[0x0110] = "Model\t7"
        block[0x0132] = "2020:01:01 00:00:00"
        details = block.get_ifd(0x8769)
        details[0x9003] = "2019:07:21 23:59:58"
        details[0x9011] = "+05:30"
        details[0x9291] = "25"
        place = block.get_ifd(0x8825)
        place[1], place[2] = "S", (33.0, 51.0, 24.5)
        place[3], place[4] = "E", (151.0, 12.0, 30.0)
    return block


# What must be done to the upright picture so that the orientation undoes it.
UNDO = {
    1: lambda p: p, 2: ImageOps.mirror, 3: lambda p: p.rotate(180), 4: ImageOps.flip,
    5: lambda p: p.transpose(Image.Transpose.TRANSPOSE), 6: lambda p: p.transpose(Image.Transpose.ROTATE_90),
    7: lambda p: p.transpose(Image.Transpose.TRANSVERSE), 8: lambda p: p.transpose(Image.Transpose.ROTATE_270),
}
for orientation, undo in UNDO.items():
    stored, block = undo(picture), exif(orientation, extra=False).tobytes()
    add(f"orientation{orientation}.jpg", saved(stored, "JPEG", quality=95, subsampling=0, exif=block), "rgb", 1.0)
    add(f"orientation{orientation}.png", saved(stored, "PNG", exif=block), "rgb")
    add(f"orientation{orientation}.webp", saved(stored, "WEBP", lossless=True, exif=block), "rgb")
    add(f"orientation{orientation}.heic", saved(stored, "HEIF", quality=95, chroma=444, exif=block), "rgb", 4.0)
    turned = undo(waves)
    add(f"waves-orientation{orientation}.jpg", saved(turned, "JPEG", quality=90, exif=block), "waves", 2.0)

block = exif(6).tobytes()
stored = UNDO[6](picture)
add("facts.jpg", saved(stored, "JPEG", quality=95, subsampling=0, exif=block), "rgb", 1.0)
add("facts.png", saved(stored, "PNG", exif=block), "rgb")
after = png_chunk(b"eXIf", block[6:])
add("facts-after-pixels.png", png(np.asarray(stored), 8, 2, after=after), "rgb")
add("facts.webp", saved(stored, "WEBP", lossless=True, exif=block), "rgb")
add("facts.heic", saved(stored, "HEIF", quality=95, chroma=444, exif=block), "rgb", 4.0)

(HERE / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
