internal import Glibc

/// Why a file of sections could not be written or read.
public enum SectionFileError: Error, Equatable, Sendable {
  /// The system refused, with its error number.
  case system(Int32)
  /// Another file, of another version or for something else, or a damaged one.
  case unfit
  /// Nobody wants it any more.
  case cancelled
}

/// A file of numbered sections, each of whole pages, that belongs to one state of what it was derived
/// from: a signature says which.
///
/// A page with the header comes first: the magic number, the version, the number of sections, the
/// signature, offset, bytes and sum of each section, and the sum of all that. Numbers are as the
/// processor has them: the file is for the machine that wrote it.
public final class SectionFile: Sendable {
  static let magic: UInt64 = 0x5845_444E_4944_4746
  static let pageSize = 4096
  /// 64-bit words before those of the sections.
  static let fixedWords = 8
  static let signatureWords = 4

  private let descriptor: Int32
  private let shared: FileMapping
  private let copied: FileMapping
  private let sections: [(range: Range<Int>, sum: UInt64)]

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: never a symbolic link.
  ///   - signature: of the state that is wanted, four numbers.
  /// - Throws: ``SectionFileError``.
  public init(path: String, signature: [UInt64]) throws(SectionFileError) {
    descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system(errno) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw .system(errno) }
    let size = Int(facts.st_size)
    guard size >= Self.pageSize, size % Self.pageSize == 0 else { throw .unfit }
    guard let shared = FileMapping(of: descriptor, offset: 0, byteCount: size),
      let copied = FileMapping(of: descriptor, offset: 0, byteCount: size, isPrivate: true)
    else { throw .system(errno) }
    self.shared = shared
    self.copied = copied
    let header = unsafe [UInt64](Self.words(shared, 0..<Self.pageSize))
    let count = Int(truncatingIfNeeded: header[1] >> 32)
    let used = Self.fixedWords + 3 * count
    guard header[0] == Self.magic, count >= 0, used < header.count,
      header[used] == sectionSum(of: header[..<used]),
      UInt32(truncatingIfNeeded: header[1]) == SectionFileWriter.version,
      Array(header[2..<2 + Self.signatureWords]) == signature
    else { throw .unfit }
    var sections: [(range: Range<Int>, sum: UInt64)] = []
    for section in 0..<count {
      let place = Self.fixedWords + 3 * section
      let offset = Int(truncatingIfNeeded: header[place])
      let length = Int(truncatingIfNeeded: header[place + 1])
      guard offset >= Self.pageSize, offset % Self.pageSize == 0, length >= 0, offset <= size,
        length <= size - offset
      else { throw .unfit }
      sections.append((offset..<offset + length, header[place + 2]))
    }
    self.sections = sections
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The numbers of a section whose sum is right.
  ///
  /// - Throws: ``SectionFileError/unfit`` if it is damaged or missing.
  public func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ section: Int, _ type: Number.Type = Number.self
  ) throws(SectionFileError) -> [Number] {
    let (range, sum) = try found(section)
    let count = range.count / MemoryLayout<Number>.stride
    guard range.count % MemoryLayout<Number>.stride == 0,
      unsafe sectionSum(of: Self.words(shared, range)) == sum
    else { throw .unfit }
    return unsafe [Number](
      UnsafeBufferPointer(
        start: UnsafeRawPointer(shared.pointer(at: range.lowerBound, byteCount: range.count))
          .assumingMemoryBound(to: type), count: count))
  }

  /// One of the numbers of a section, whatever its sum.
  ///
  /// - Throws: ``SectionFileError/unfit`` if there is none.
  public func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ section: Int, at index: Int, _ type: Number.Type = Number.self
  ) throws(SectionFileError) -> Number {
    let (range, _) = try found(section)
    let size = MemoryLayout<Number>.stride
    guard index >= 0, (index + 1) * size <= range.count else { throw .unfit }
    return unsafe shared.pointer(at: range.lowerBound + index * size, byteCount: size)
      .load(as: type)
  }

  /// The bytes of a section as they are now, whatever its sum.
  ///
  /// - Throws: ``SectionFileError/unfit`` if it is missing.
  public func bytes(_ section: Int) throws(SectionFileError) -> [UInt8] {
    let (range, _) = try found(section)
    return unsafe [UInt8](
      UnsafeRawBufferPointer(
        start: shared.pointer(at: range.lowerBound, byteCount: range.count), count: range.count))
  }

  /// Finds a section for rows or codes.
  ///
  /// - Parameters:
  ///   - section: its number.
  ///   - byteCount: which it must have.
  ///   - isPrivate: what is written to it stays in memory.
  /// - Returns: where it lies.
  /// - Throws: ``SectionFileError/unfit``.
  func saved(
    _ section: Int, byteCount: Int, isPrivate: Bool
  ) throws(SectionFileError) -> SavedSection {
    let (range, _) = try found(section)
    guard range.count == byteCount else { throw .unfit }
    return SavedSection(mapping: isPrivate ? copied : shared, range: range)
  }

  /// Where some numbers stand in a section, whatever its sum.
  ///
  /// - Throws: ``SectionFileError/unfit``.
  public func positions(
    of numbers: Set<Int64>, in section: Int
  ) throws(SectionFileError) -> [Int] {
    guard let least = numbers.min(), let most = numbers.max() else { return [] }
    let (range, _) = try found(section)
    let all = unsafe UnsafeBufferPointer(
      start: UnsafeRawPointer(shared.pointer(at: range.lowerBound, byteCount: range.count))
        .assumingMemoryBound(to: Int64.self), count: range.count / 8)
    return all.indices.filter {
      let number = unsafe all[$0]
      return number >= least && number <= most && numbers.contains(number)
    }
  }

  /// Overwrites bytes of a section in the file.
  ///
  /// - Throws: ``SectionFileError``.
  public func overwrite(_ section: Int, at place: Int, _ bytes: [UInt8]) throws(SectionFileError) {
    let (range, _) = try found(section)
    precondition(place >= 0 && place + bytes.count <= range.count, "bytes out of range")
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written,
          off_t(range.lowerBound + place + written))
      }
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw .system(errno) }
      written += result
    }
  }

  /// Brings what was overwritten down to the disk.
  ///
  /// - Throws: ``SectionFileError``.
  public func synchronize() throws(SectionFileError) {
    guard fdatasync(descriptor) == 0 else { throw .system(errno) }
  }

  private func found(
    _ section: Int
  ) throws(SectionFileError) -> (range: Range<Int>, sum: UInt64) {
    guard sections.indices.contains(section) else { throw .unfit }
    return sections[section]
  }

  /// The words of a section; valid while the mapping is.
  @unsafe private static func words(
    _ mapping: FileMapping, _ range: Range<Int>
  ) -> UnsafeBufferPointer<UInt64> {
    // The rest of the last page is zeros.
    let count = (range.count + 7) / 8
    return unsafe UnsafeBufferPointer(
      start: UnsafeRawPointer(mapping.pointer(at: range.lowerBound, byteCount: 8 * count))
        .assumingMemoryBound(to: UInt64.self), count: count)
  }
}

/// Where a section lies.
struct SavedSection {
  let mapping: FileMapping
  /// In bytes of the file.
  let range: Range<Int>
}

/// A sum that tells damage from what was written: each word is mixed into what came before.
///
/// The multiplier is that of Steele, Lea and Flood's SplitMix64.
public func sectionSum(of words: some Sequence<UInt64>) -> UInt64 {
  var sum: UInt64 = 0x9E37_79B9_7F4A_7C15
  for word in words {
    sum = (sum ^ word) &* 0xBF58_476D_1CE4_E5B9
    sum ^= sum >> 29
  }
  return sum
}
