internal import Glibc

/// A part of a file in the address space.
///
/// `@unchecked Sendable`: what may be written is a private copy, and has a single owner.
@safe final class FileMapping: @unchecked Sendable {
  let offset: Int
  let byteCount: Int
  private let address: UnsafeMutableRawPointer

  /// Maps a part of a file, which may be longer than the file is so far; `nil` if the system refuses.
  ///
  /// - Parameters:
  ///   - descriptor: of the file; the mapping outlives it.
  ///   - offset: of whole pages.
  ///   - byteCount: of the part.
  ///   - isPrivate: what is written stays in memory, and the file as it is.
  init?(of descriptor: Int32, offset: Int, byteCount: Int, isPrivate: Bool = false) {
    let mapping = unsafe mmap(
      nil, byteCount, isPrivate ? PROT_READ | PROT_WRITE : PROT_READ,
      isPrivate ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED, descriptor, off_t(offset))
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { return nil }
    self.offset = offset
    self.byteCount = byteCount
    unsafe address = mapping
  }

  deinit { unsafe munmap(address, byteCount) }

  /// Where an offset of the file lies; valid while the mapping lives, and to be written to only if it
  /// is private.
  @unsafe func pointer(at offset: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    let first = offset - self.offset
    precondition(first >= 0 && first + byteCount <= self.byteCount, "bytes out of range")
    return unsafe address + first
  }

  /// Calls `body` with some of the numbers that begin at an offset of the file.
  func withNumbers<Result>(
    at offset: Int, count: Int, _ body: (Span<Float>) -> Result
  ) -> Result {
    let start = unsafe UnsafeRawPointer(pointer(at: offset, byteCount: 4 * count))
      .assumingMemoryBound(to: Float.self)
    return unsafe body(Span(_unsafeStart: start, count: count))
  }
}
