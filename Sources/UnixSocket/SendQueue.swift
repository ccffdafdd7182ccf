internal import CLinux
internal import Glibc

/// Bytes that wait until a socket takes them.
struct SendQueue: Sendable {
  /// Small lines share a chunk of about this size, so that one system call sends many.
  private static let chunkSize = 65_536

  private var chunks: [[UInt8]] = []
  /// The first chunk that is not sent completely.
  private var head = 0
  /// Bytes of it that are sent.
  private var offset = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Adds a line and its newline.
  mutating func append(_ line: [UInt8]) {
    count += line.count + 1
    if let last = chunks.indices.last, last > head || offset == 0, last >= head,
      chunks[last].count + line.count < Self.chunkSize
    {
      chunks[last].append(contentsOf: line)
      chunks[last].append(0x0A)
    } else {
      var chunk: [UInt8] = []
      chunk.reserveCapacity(line.count + 1)
      chunk.append(contentsOf: line)
      chunk.append(0x0A)
      chunks.append(chunk)
    }
  }

  /// How far ``send(to:)`` came.
  enum Progress: Equatable {
    case everything
    case wouldBlock
    case failed(Int32)
  }

  /// Sends as much as the socket takes without blocking.
  mutating func send(to number: Int32) -> Progress {
    while head < chunks.count {
      let sent = unsafe chunks[head].withUnsafeBytes { bytes in
        unsafe sendMessage(
          to: number, UnsafeRawBufferPointer(rebasing: bytes[offset...]), descriptors: [],
          flags: Int32(MSG_DONTWAIT))
      }
      guard sent >= 0 else {
        let code = errno
        return code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(code)
      }
      count -= sent
      offset += sent
      if offset == chunks[head].count { dropFirstChunk() }
    }
    return .everything
  }

  private mutating func dropFirstChunk() {
    chunks[head] = []
    head += 1
    offset = 0
    // Shifting costs as much as was sent since the last time.
    if head == chunks.count || head >= 64 {
      chunks.removeSubrange(..<head)
      head = 0
    }
  }
}
