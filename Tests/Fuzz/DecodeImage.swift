// Feeds mutated files to the image decoder. Not part of the package: libFuzzer brings its own main.
// README.md beside this file says how it is built and run.
import Imaging

/// The limits keep a run quick; the code that enforces them is what is tested.
private let decoder = ImageDecoder(
  limits: DecodeLimits(
    byteLimit: 1 << 20, pixelLimit: 1 << 20, scanLimit: 16, workingByteLimit: 64 << 20))

@_cdecl("LLVMFuzzerTestOneInput")
public func decodeImage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  // What is asked for follows from the input, so that a failure can be repeated.
  let last = bytes.suffix(3).map(Int.init)
  do throws(ImageError) {
    let decoded = try decoder.decode(bytes)
    precondition(decoded.image.width == decoded.info.width)
    precondition(decoded.image.height == decoded.info.height)
    _ = try decoder.decode(bytes, minimumLongSide: 1 + last[0])
    let region = PixelRegion(x: last[0] / 2, y: last[1] / 2, width: 1 + last[2], height: 20)
    let part = try decoder.decode(bytes, region: region, minimumScale: Float(1 + last[1]) / 256)
    precondition(part.image.width > 0 && part.image.height > 0)
  } catch {
    precondition(!error.description.isEmpty)
  }
  return 0
}
