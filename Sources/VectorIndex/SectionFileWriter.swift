internal import Glibc

/// Writes a ``SectionFile`` beside its place and puts it there when it is whole.
public final class SectionFileWriter {
  /// Of the format; another one's files are not read.
  static let version: UInt32 = 1

  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private let isCancelled: () -> Bool
  private var isFinished = false
  private var buffer: [UInt8] = []
  /// Where the next byte goes, those of the buffer counted.
  private var offset = SectionFile.pageSize
  private var start = SectionFile.pageSize
  private var header: [UInt64]

  private static let bufferSize = 1 << 20

  /// Begins a file, which only its owner may read.
  ///
  /// - Parameters:
  ///   - path: where it is to be; a file there is replaced when the new one is whole.
  ///   - signature: of the state that it belongs to, four numbers.
  ///   - isCancelled: asked often; once it is `true`, writing throws.
  /// - Throws: ``SectionFileError``.
  public init(
    path: String, signature: [UInt64], isCancelled: @escaping () -> Bool = { false }
  ) throws(SectionFileError) {
    self.isCancelled = isCancelled
    precondition(signature.count == SectionFile.signatureWords, "a signature of four numbers")
    self.path = path
    temporaryPath = path + ".new"
    unsafe unlink(temporaryPath)
    header = [SectionFile.magic, UInt64(Self.version)] + signature
    header += [UInt64](repeating: 0, count: SectionFile.fixedWords - header.count)
    descriptor = unsafe open(
      temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw .system(errno)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isFinished { unsafe unlink(temporaryPath) }
  }

  /// Adds numbers to the section that is being written.
  ///
  /// - Throws: ``SectionFileError``.
  public func append<Number: BitwiseCopyable>(
    _ numbers: [Number]
  ) throws(SectionFileError) {
    unsafe numbers.withUnsafeBytes { unsafe buffer.append(contentsOf: $0) }
    offset += numbers.count * MemoryLayout<Number>.stride
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Ends a section; the next one begins on another page.
  ///
  /// - Parameter sum: of its words, where whoever reads it is to check that.
  /// - Throws: ``SectionFileError``.
  public func endSection(sum: UInt64 = 0) throws(SectionFileError) {
    header += [UInt64(start), UInt64(offset - start), sum]
    let rest = (SectionFile.pageSize - offset % SectionFile.pageSize) % SectionFile.pageSize
    try append([UInt8](repeating: 0, count: rest))
    start = offset
  }

  /// Writes a section of numbers whose sum is checked.
  ///
  /// - Throws: ``SectionFileError``.
  public func writeSection<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: [Number]
  ) throws(SectionFileError) {
    try append(numbers)
    try endSection(sum: sectionSum(of: Words(numbers)))
  }

  /// Puts the file in its place; it is on disk when this returns.
  ///
  /// - Throws: ``SectionFileError``.
  public func finish() throws(SectionFileError) {
    try flush()
    let count = (header.count - SectionFile.fixedWords) / 3
    header[1] |= UInt64(count) << 32
    header.append(sectionSum(of: header))
    precondition(8 * header.count <= SectionFile.pageSize, "the header is one page")
    let size = 8 * header.count
    let written = unsafe header.withUnsafeBytes {
      unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard written == size, fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0
    else { throw .system(errno) }
    isFinished = true
  }

  private func flush() throws(SectionFileError) {
    guard !isCancelled() else { throw .cancelled }
    var written = 0
    while written < buffer.count {
      let result = unsafe buffer.withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw .system(errno) }
      written += result
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// The bytes of numbers as 64-bit words, zeros behind the last.
private struct Words<Number: FixedWidthInteger & BitwiseCopyable>: Sequence, IteratorProtocol {
  private let numbers: [Number]
  private var place = 0
  private static var perWord: Int { 8 / MemoryLayout<Number>.stride }

  init(_ numbers: [Number]) { self.numbers = numbers }

  mutating func next() -> UInt64? {
    guard place < numbers.count else { return nil }
    var word: UInt64 = 0
    for index in 0..<Self.perWord where place + index < numbers.count {
      let bits = UInt64(truncatingIfNeeded: numbers[place + index])
      let width = UInt64(Number.bitWidth)
      word |= (width < 64 ? bits & (1 << width - 1) : bits) << (width * UInt64(index))
    }
    place += Self.perWord
    return word
  }
}
