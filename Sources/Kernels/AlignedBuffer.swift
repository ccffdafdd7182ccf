internal import Glibc

/// Memory of whole cache lines, all zeros at first, freed when the buffer goes away.
///
/// Weights and activations live here: vectors never straddle a cache line by accident, and there is
/// no copying on write behind the kernels' backs.
@safe
public struct AlignedBuffer: ~Copyable, @unchecked Sendable {
  // Sendable: the memory is written through `mutating` access alone, which is exclusive.
  private let storage: UnsafeMutableRawPointer
  /// In bytes.
  public let byteCount: Int

  private static let alignment = 64

  /// Takes `byteCount` bytes from the system.
  ///
  /// - Precondition: the caller has checked the size against a limit of its own.
  public init(byteCount: Int) {
    precondition(byteCount >= 0)
    let rounded = max(1, (byteCount + Self.alignment - 1) / Self.alignment) * Self.alignment
    unsafe storage = UnsafeMutableRawPointer.allocate(
      byteCount: rounded, alignment: Self.alignment)
    unsafe memset(storage, 0, rounded)
    self.byteCount = byteCount
  }

  deinit { unsafe storage.deallocate() }

  /// The first element, for reading; valid while the buffer lives.
  @unsafe public func pointer<Element: BitwiseCopyable>(
    to type: Element.Type
  ) -> UnsafePointer<Element> {
    unsafe UnsafePointer(storage.assumingMemoryBound(to: type))
  }

  /// The first element, for writing; valid while the buffer lives.
  @unsafe public mutating func mutablePointer<Element: BitwiseCopyable>(
    to type: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    unsafe storage.assumingMemoryBound(to: type)
  }
}
