internal import CLinux
internal import Glibc

/// The most descriptors that one message carries, sent or received.
public let descriptorsPerMessageLimit = 16

/// What one `recvmsg` brought.
struct ReceivedMessage: ~Copyable {
  enum Outcome: Equatable {
    /// This many bytes, at least one.
    case bytes(Int)
    /// The other side writes no more.
    case end
    /// Nothing there now.
    case wouldBlock
    /// `errno`.
    case failed(Int32)
  }

  var outcome: Outcome
  var descriptors: DescriptorQueue
  /// The kernel had to drop descriptors: more than fit, or none free in this process.
  var hasLostDescriptors: Bool
}

/// Sizes and offsets of ancillary data, from the macros of `<sys/socket.h>`, which Swift cannot import.
private enum AncillaryData {
  static let headerSize = MemoryLayout<cmsghdr>.size
  static let descriptorSize = MemoryLayout<Int32>.size

  static func aligned(_ size: Int) -> Int {
    let unit = MemoryLayout<Int>.size
    return (size + unit - 1) / unit * unit
  }

  /// The bytes that a message with `count` descriptors takes, padding included.
  static func space(descriptors count: Int) -> Int {
    aligned(headerSize + count * descriptorSize)
  }
}

/// Receives bytes and the descriptors that came with them; never blocks.
///
/// The descriptors are closed on `exec` from the start. At most
/// ``descriptorsPerMessageLimit`` are kept; having to drop any is reported, since the order of
/// those that follow means nothing then.
func receiveMessage(
  from number: Int32, into buffer: UnsafeMutableRawBufferPointer
) -> ReceivedMessage {
  // Room for the credentials and the security label that SO_PASSCRED and SO_PASSSEC add.
  let spareRoom = 512
  let controlSize = AncillaryData.space(descriptors: descriptorsPerMessageLimit) + spareRoom
  return unsafe withUnsafeTemporaryAllocation(
    byteCount: controlSize, alignment: MemoryLayout<cmsghdr>.alignment
  ) { control in
    var part = unsafe iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
    var header = unsafe msghdr()
    let received = unsafe withUnsafeMutablePointer(to: &part) { part in
      unsafe header.msg_iov = part
      unsafe header.msg_iovlen = 1
      unsafe header.msg_control = control.baseAddress
      unsafe header.msg_controllen = control.count
      return retryingInterrupted {
        unsafe recvmsg(number, &header, Int32(MSG_CMSG_CLOEXEC | MSG_DONTWAIT))
      }
    }
    guard received >= 0 else {
      let code = errno
      let outcome: ReceivedMessage.Outcome =
        code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(code)
      return ReceivedMessage(
        outcome: outcome, descriptors: DescriptorQueue(), hasLostDescriptors: false)
    }
    let isTruncated = unsafe header.msg_flags & Int32(MSG_CTRUNC) != 0
    let controlLength = unsafe min(Int(header.msg_controllen), control.count)
    let descriptors = unsafe takeDescriptors(
      from: UnsafeRawBufferPointer(rebasing: control[..<controlLength]))
    let hasLostDescriptors = isTruncated || !descriptors.surplus.isEmpty
    return ReceivedMessage(
      outcome: received == 0 ? .end : .bytes(received), descriptors: descriptors.kept,
      hasLostDescriptors: hasLostDescriptors)
  }
}

private struct ReceivedDescriptors: ~Copyable {
  var kept = DescriptorQueue()
  /// More than may be kept: closed with the value.
  var surplus = DescriptorQueue()
}

private func takeDescriptors(
  from control: UnsafeRawBufferPointer
) -> ReceivedDescriptors {
  var received = ReceivedDescriptors()
  var offset = 0
  while offset + AncillaryData.headerSize <= control.count {
    let header = unsafe control.loadUnaligned(fromByteOffset: offset, as: cmsghdr.self)
    let length = Int(header.cmsg_len)
    guard length >= AncillaryData.headerSize, offset + length <= control.count else { break }
    if header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS) {
      let count = (length - AncillaryData.headerSize) / AncillaryData.descriptorSize
      for index in 0..<count {
        let position = offset + AncillaryData.headerSize + index * AncillaryData.descriptorSize
        let number = unsafe control.loadUnaligned(fromByteOffset: position, as: Int32.self)
        guard number >= 0 else { continue }
        if received.kept.count < descriptorsPerMessageLimit {
          received.kept.append(FileDescriptor(owning: number))
        } else {
          received.surplus.append(FileDescriptor(owning: number))
        }
      }
    }
    offset += AncillaryData.aligned(length)
  }
  return received
}

/// Sends as many of the bytes as the socket takes, with copies of the descriptors.
///
/// The descriptors travel with the first byte: a result above zero means that they are on their way.
///
/// - Returns: the number of bytes sent, or −1 with the reason in `errno`.
func sendMessage(
  to number: Int32, _ bytes: UnsafeRawBufferPointer, descriptors: [Int32], flags: Int32
) -> Int {
  precondition(descriptors.count <= descriptorsPerMessageLimit, "too many descriptors at once")
  let flags = flags | Int32(MSG_NOSIGNAL)
  guard !descriptors.isEmpty else {
    return retryingInterrupted { unsafe send(number, bytes.baseAddress, bytes.count, flags) }
  }
  return unsafe withUnsafeTemporaryAllocation(
    byteCount: AncillaryData.space(descriptors: descriptors.count),
    alignment: MemoryLayout<cmsghdr>.alignment
  ) { control in
    unsafe control.initializeMemory(as: UInt8.self, repeating: 0)
    let used = AncillaryData.headerSize + descriptors.count * AncillaryData.descriptorSize
    var ancillary = cmsghdr()
    ancillary.cmsg_len = used
    ancillary.cmsg_level = SOL_SOCKET
    ancillary.cmsg_type = Int32(SCM_RIGHTS)
    unsafe control.storeBytes(of: ancillary, as: cmsghdr.self)
    for (index, descriptor) in descriptors.enumerated() {
      unsafe control.storeBytes(
        of: descriptor,
        toByteOffset: AncillaryData.headerSize + index * AncillaryData.descriptorSize,
        as: Int32.self)
    }
    // The kernel only reads from it.
    var part = unsafe iovec(
      iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    return unsafe withUnsafeMutablePointer(to: &part) { part in
      var header = unsafe msghdr()
      unsafe header.msg_iov = part
      unsafe header.msg_iovlen = 1
      unsafe header.msg_control = control.baseAddress
      unsafe header.msg_controllen = control.count
      return retryingInterrupted { unsafe sendmsg(number, &header, flags) }
    }
  }
}

/// Repeats a system call that a signal has interrupted.
func retryingInterrupted<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
