internal import Glibc

/// Cuts a stream of bytes into lines, however the bytes arrive.
///
/// A line is what stands before a newline (0x0A), of at most `limit` bytes. A longer one is dropped
/// as it arrives, without being kept; the next line is whole again.
public struct LineFramer: Sendable {
  /// What the stream holds next.
  public enum Event: Equatable, Sendable {
    /// Without its newline.
    case line([UInt8])
    /// A line of more than the limit; it is being skipped. Reported once, when it becomes known.
    case tooLong
    /// A line that went on for more than four times the limit: no sign of a peer that means well.
    case endless
  }

  /// Bytes that a line may have, without its newline.
  public let limit: Int

  private var buffer: [UInt8] = []
  /// Where the next line starts in `buffer`.
  private var start = 0
  /// Up to where `buffer` is known to hold no newline.
  private var searched = 0
  /// While a line is skipped: how long it has been so far.
  private var skipped: Int?
  private var pendingEvent: Event?

  /// How much longer than the limit a skipped line may become.
  private static let endlessFactor = 4
  /// Larger buffers are given back once they are empty.
  private static let keptCapacity = 65_536

  /// - Precondition: `limit` is positive.
  public init(limit: Int) {
    precondition(limit > 0, "a line has room for a byte")
    self.limit = limit
  }

  /// Bytes that are kept: those of an unfinished line, and lines not asked for yet.
  public var bufferedCount: Int { buffer.count - start }

  /// Adds bytes from the stream.
  public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append($0) }
  }

  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let length = skipped else {
      unsafe buffer.append(contentsOf: bytes)
      return
    }
    guard let newline = unsafe firstNewline(in: bytes) else {
      skipped = length + bytes.count
      if length + bytes.count > Self.endlessFactor * limit { pendingEvent = .endless }
      return
    }
    skipped = nil
    unsafe buffer.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[(newline + 1)...]))
  }

  /// The next line or mishap; `nil` until more bytes arrive.
  public mutating func next() -> Event? {
    if let event = pendingEvent {
      pendingEvent = nil
      return event
    }
    guard let end = findNewline() else {
      let length = bufferedCount
      guard length > limit else { return nil }
      skipped = length
      discardBuffer()
      if length > Self.endlessFactor * limit { pendingEvent = .endless }
      return .tooLong
    }
    guard end - start <= limit else {
      start = end + 1
      searched = start
      discardBufferIfRead()
      return .tooLong
    }
    return .line(takeLine(end: end, next: end + 1))
  }

  /// Starts skipping the unfinished line, as if it had become too long.
  public mutating func skipUnfinishedLine() {
    guard skipped == nil, findNewline() == nil, bufferedCount > 0 else { return }
    skipped = bufferedCount
    discardBuffer()
  }

  /// The last line when the stream has ended without a newline; `nil` if nothing is left.
  public mutating func finish() -> [UInt8]? {
    guard skipped == nil, bufferedCount > 0, bufferedCount <= limit else { return nil }
    return takeLine(end: buffer.count, next: buffer.count)
  }

  private mutating func takeLine(end: Int, next: Int) -> [UInt8] {
    if start == 0, next == buffer.count, end > Self.keptCapacity {
      // The whole buffer is the line: hand it over instead of copying megabytes.
      var line: [UInt8] = []
      swap(&line, &buffer)
      line.removeSubrange(end...)
      searched = 0
      return line
    }
    let line = Array(buffer[start..<end])
    start = next
    searched = next
    discardBufferIfRead()
    return line
  }

  private mutating func findNewline() -> Int? {
    let found = unsafe buffer.withUnsafeBufferPointer { bytes in
      unsafe firstNewline(in: UnsafeBufferPointer(rebasing: bytes[searched...]))
    }
    guard let found else {
      searched = buffer.count
      return nil
    }
    return searched + found
  }

  private mutating func discardBufferIfRead() {
    if start == buffer.count {
      discardBuffer()
    } else if start > Self.keptCapacity, start > buffer.count / 2 {
      // Moves less than it has handed out since the last time, so the cost stays linear.
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
  }

  private mutating func discardBuffer() {
    buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptCapacity)
    start = 0
    searched = 0
  }
}

/// The place of the first newline; `nil` if there is none.
func firstNewline(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  guard let base = bytes.baseAddress, !bytes.isEmpty,
    let found = unsafe memchr(base, 0x0A, bytes.count)
  else { return nil }
  return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
}
