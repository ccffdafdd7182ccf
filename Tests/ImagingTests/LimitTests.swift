import Imaging
import Testing

@Suite struct LimitTests {
  @Test func bytesAreCounted() throws {
    let bytes = try Fixtures.bytes("rgb.jpg")
    var limits = DecodeLimits(byteLimit: bytes.count)
    #expect(throws: Never.self) { try ImageDecoder(limits: limits).decode(bytes) }
    limits.byteLimit -= 1
    #expect(throws: ImageError.tooManyBytes(count: bytes.count, limit: bytes.count - 1)) {
      try ImageDecoder(limits: limits).decode(bytes)
    }
  }

  @Test(arguments: [
    "rgb.jpg", "rgb8.png", "rgb-lossy.webp", "rgb-animated.webp", "rgb.heic", "orientation6.jpg",
  ])
  func pixelsAreCountedByTheHeader(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let info = try ImageDecoder().info(bytes)
    var limits = DecodeLimits(pixelLimit: 29 * 23)
    #expect(throws: Never.self) { try ImageDecoder(limits: limits).decode(bytes) }
    limits.pixelLimit -= 1
    let expected = ImageError.tooLarge(
      width: info.storedWidth, height: info.storedHeight, pixelLimit: 29 * 23 - 1)
    #expect(throws: expected) { try ImageDecoder(limits: limits).info(bytes) }
    #expect(throws: expected) { try ImageDecoder(limits: limits).decode(bytes) }
    #expect(throws: expected) {
      try ImageDecoder(limits: limits).decode(bytes, minimumLongSide: 4)
    }
  }

  @Test(arguments: [
    "waves-420.jpg", "waves-progressive.jpg", "waves.png", "waves-interlaced.png", "waves.webp",
    "rgb.heic",
  ])
  func memoryIsCounted(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let info = try ImageDecoder().info(bytes)
    let limits = DecodeLimits(workingByteLimit: 3 * info.width * info.height - 1)
    let error = #expect(throws: ImageError.self) { try ImageDecoder(limits: limits).decode(bytes) }
    guard case .needsTooMuchMemory(let count, limits.workingByteLimit) = error else {
      Issue.record("\(String(describing: error)) is not .needsTooMuchMemory")
      return
    }
    #expect(count > limits.workingByteLimit)
  }

  @Test func theMemoryForTurningIsCounted() throws {
    let bytes = try Fixtures.bytes("orientation6.jpg")
    let limits = DecodeLimits(workingByteLimit: 2 * 3 * 29 * 23 - 1)
    #expect(throws: ImageError.needsTooMuchMemory(byteCount: 4002, limit: 4001)) {
      try ImageDecoder(limits: limits).decode(bytes)
    }
  }

  @Test func coefficientsOfAProgressiveImageAreCounted() throws {
    let baseline = try Fixtures.bytes("waves-420.jpg")
    let progressive = try Fixtures.bytes("waves-progressive.jpg")
    let limits = DecodeLimits(workingByteLimit: 3 * 203 * 157)
    #expect(throws: Never.self) { try ImageDecoder(limits: limits).decode(baseline) }
    #expect(throws: ImageError.self) { try ImageDecoder(limits: limits).decode(progressive) }
  }

  @Test func aReducedImageNeedsNoMemoryForTheWhole() throws {
    for file in ["waves-420.jpg", "waves.png"] {
      let limits = DecodeLimits(workingByteLimit: 3 * 102 * 79 + 3 * 203)
      let decoder = ImageDecoder(limits: limits)
      let decoded = try decoder.decode(Fixtures.bytes(file), minimumLongSide: 80)
      #expect(decoded.scale == 0.5)
    }
  }

  @Test func scansAreCounted() throws {
    let bytes = try Fixtures.bytes("waves-progressive.jpg")
    // libjpeg's own script for colour has ten scans.
    #expect(throws: Never.self) {
      try ImageDecoder(limits: DecodeLimits(scanLimit: 10)).decode(bytes)
    }
    #expect(throws: ImageError.tooManyScans(limit: 9)) {
      try ImageDecoder(limits: DecodeLimits(scanLimit: 9)).decode(bytes)
    }
  }

  /// Each scan is a few bytes long and costs a pass over all pixels.
  @Test func aHostileNumberOfScansEndsSoon() throws {
    let bytes = try Fixtures.bytes("waves-progressive.jpg")
    let isScan = { (position: Int) in bytes[position] == 0xFF && bytes[position + 1] == 0xDA }
    let scans = bytes.indices.dropLast().filter(isScan)
    let lastScan = try #require(scans.last)
    var hostile = Array(bytes.dropLast(2))
    for _ in 0..<2000 { hostile += bytes[lastScan..<bytes.count - 2] }
    hostile += [0xFF, 0xD9]
    let start = ContinuousClock.now
    #expect(throws: ImageError.tooManyScans(limit: 64)) { try ImageDecoder().decode(hostile) }
    #expect(start.duration(to: .now) < .seconds(2))
  }

  /// Small files that state a small size and have far larger pictures coded: one, as tiles of a
  /// grid, one repeated as 16 384 tiles, and 400 in the place of one.
  @Test(arguments: [
    "hostile-coded-size.heic", "hostile-tile-size.heic", "hostile-repeated-tile.heic",
    "hostile-many-pictures.heic",
  ])
  func codedPicturesLargerThanTheImageAreRefused(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    let start = ContinuousClock.now
    let reason = "the coded pictures are larger than the image"
    #expect(throws: ImageError.corrupt(.heic, reason: reason)) {
      try ImageDecoder().decode(bytes)
    }
    #expect(start.duration(to: .now) < .seconds(2))
  }

  @Test func picturesInHEICFilesThatAreNotHEVCAreRefused() throws {
    let bytes = try Fixtures.bytes("av1-in-heif.heic")
    let reason = "its pictures are not coded with HEVC"
    #expect(throws: ImageError.unsupported(.heic, reason: reason)) {
      try ImageDecoder().decode(bytes)
    }
  }

  @Test(arguments: [ImageFormat.png, .jpeg])
  func aHugeSizeInASmallFileIsRefusedBeforeMemoryIsTaken(_ format: ImageFormat) throws {
    var bytes = try Fixtures.bytes(format == .png ? "waves.png" : "rgb.jpg")
    let size: Range<Int>
    if format == .png {
      size = 16..<24
      // The header's checksum would no longer hold; libpng reports that before the size.
      bytes.replaceSubrange(size, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
      bytes.replaceSubrange(29..<33, with: bigEndian(checksum(bytes[12..<29])))
    } else {
      let frame = try #require(
        bytes.indices.dropLast(1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
      size = frame + 5..<frame + 9
      bytes.replaceSubrange(size, with: [0xFF, 0xDC, 0xFF, 0xDC])
    }
    let error = #expect(throws: ImageError.self) { try ImageDecoder().info(bytes) }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error)) is not .tooLarge")
      return
    }
  }

  private func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
