internal import CLinux
internal import Glibc
internal import Synchronization

/// A file without a name for rows that memory is too dear for: it goes when the process does.
///
/// What is in it is derived, never the truth. The system keeps in memory what is read often, and takes
/// that back where memory is short. It is written by calls, so that a full disk is an error, which
/// leaves rows in memory; and read through a mapping, which nothing can cut short, since nobody else
/// can open the file. A disk that fails to read ends the process, as it would with memory swapped out.
public final class RowFile: Sendable {
  private let descriptor: Int32
  private let state = Mutex(State())
  private let reportFailure: @Sendable (_ errorNumber: Int32) -> Void

  /// So much of the file is mapped at once; no segment is larger or lies in two of them.
  private static let bytesPerMapping = 64 << 20
  /// Segments are whole pages, which can be given back.
  private static let pageSize = 4096

  private struct State {
    var mappings: [FileMapping] = []
    /// Where the next new segment begins.
    var end = 0
    /// Segments that nobody has any more, by their size.
    var free: [Int: [Segment]] = [:]
    var hasFailed = false
  }

  /// Whole pages of the file.
  fileprivate struct Segment {
    let mapping: FileMapping
    /// In bytes, from the beginning of the file.
    let offset: Int
    let size: Int
  }

  /// Makes a file that only this process can open, without a name; `nil` if the directory takes none,
  /// which is reported.
  ///
  /// - Parameters:
  ///   - directory: on which file system.
  ///   - reportFailure: told once if rows have to stay in memory, with the system's error number.
  public init?(directory: String, reportFailure: @escaping @Sendable (Int32) -> Void) {
    var template = Array((directory + "/rows-XXXXXX").utf8CString)
    descriptor = unsafe mkstemp(&template)
    self.reportFailure = reportFailure
    guard descriptor >= 0, unsafe unlink(template) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else {
      reportFailure(errno)
      return nil
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes numbers into a segment of their own.
  ///
  /// - Returns: `nil` if there is no room; they stay where they are then.
  func store(_ numbers: [Float]) -> StoredRows? {
    let pages = (4 * numbers.count + Self.pageSize - 1) / Self.pageSize
    guard pages * Self.pageSize <= Self.bytesPerMapping,
      let segment = reserve(pages * Self.pageSize)
    else { return nil }
    let rows = StoredRows(file: self, segment: segment, count: numbers.count)
    return rows.overwrite(from: 0, numbers) ? rows : nil
  }

  /// Writes bytes; reports it if that fails.
  ///
  /// - Returns: whether all were written.
  fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var written = 0
    while written < bytes.count {
      let result = unsafe pwrite(
        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written,
        off_t(offset + written))
      if result < 0, errno == EINTR { continue }
      guard result > 0 else {
        fail(result < 0 ? errno : ENOSPC)
        return false
      }
      written += result
    }
    return true
  }

  /// Takes a segment back, and gives its room on the disk to the system.
  fileprivate func release(_ segment: Segment) {
    // Where the file system can make no holes, the next rows overwrite it.
    _ = clinux_punch_hole(descriptor, Int64(segment.offset), Int64(segment.size))
    state.withLock { $0.free[segment.size, default: []].append(segment) }
  }

  private func reserve(_ size: Int) -> Segment? {
    let found = state.withLock { state -> Segment? in
      if let segment = state.free[size]?.popLast() { return segment }
      if state.end % Self.bytesPerMapping + size > Self.bytesPerMapping {
        state.end = (state.end / Self.bytesPerMapping + 1) * Self.bytesPerMapping
      }
      let number = state.end / Self.bytesPerMapping
      if number == state.mappings.count {
        guard
          let mapping = FileMapping(
            of: descriptor, offset: state.end, byteCount: Self.bytesPerMapping)
        else { return nil }
        state.mappings.append(mapping)
      }
      defer { state.end += size }
      return Segment(mapping: state.mappings[number], offset: state.end, size: size)
    }
    if found == nil { fail(errno) }
    return found
  }

  private func fail(_ errorNumber: Int32) {
    let isFirst = state.withLock { state in
      defer { state.hasFailed = true }
      return !state.hasFailed
    }
    if isFirst { reportFailure(errorNumber) }
  }
}

/// Numbers in a file: in a segment of a ``RowFile``, which goes back to it with them, or in a
/// ``SectionFile``, where they stay as they are.
final class StoredRows: Sendable {
  let count: Int
  private let mapping: FileMapping
  private let offset: Int
  private let place: (file: RowFile, segment: RowFile.Segment)?

  fileprivate init(file: RowFile, segment: RowFile.Segment, count: Int) {
    mapping = segment.mapping
    offset = segment.offset
    self.count = count
    place = (file, segment)
  }

  /// Numbers that are there already and are not changed.
  init(mapping: FileMapping, offset: Int, count: Int) {
    self.mapping = mapping
    self.offset = offset
    self.count = count
    place = nil
  }

  deinit { if let place { place.file.release(place.segment) } }

  /// Whether others may need the numbers as they are.
  var isReadOnly: Bool { place == nil }

  /// Overwrites numbers from a position on; for a single owner.
  ///
  /// - Returns: whether that was possible; the old or the new ones are there if not, or some of each.
  /// - Precondition: they are not ``isReadOnly``.
  func overwrite(from first: Int, _ numbers: [Float]) -> Bool {
    guard let place else { preconditionFailure("these rows are not to be changed") }
    precondition(first >= 0 && first + numbers.count <= count, "numbers out of range")
    return unsafe numbers.withUnsafeBytes { unsafe place.file.write($0, at: offset + 4 * first) }
  }

  /// Calls `body` with some of the numbers.
  func withNumbers<Result>(_ range: Range<Int>, _ body: (Span<Float>) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "numbers out of range")
    return mapping.withNumbers(
      at: offset + 4 * range.lowerBound, count: range.count, body)
  }

  /// A copy in memory.
  var all: [Float] { withNumbers(0..<count) { [Float]($0) } }
}
