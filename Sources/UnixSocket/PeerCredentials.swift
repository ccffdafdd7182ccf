internal import Glibc

/// Who is at the other end, as the kernel recorded it when the connection was made.
///
/// It cannot be forged, and it does not change when the other process changes its user later.
public struct PeerCredentials: Hashable, Sendable {
  public let userID: UInt32
  /// The primary group.
  public let groupID: UInt32
  public let processID: Int32
  /// Without the primary group, unless the kernel lists it here too.
  public let supplementaryGroupIDs: [UInt32]

  public init(
    userID: UInt32, groupID: UInt32, processID: Int32, supplementaryGroupIDs: [UInt32] = []
  ) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.supplementaryGroupIDs = supplementaryGroupIDs
  }

  /// Asks the kernel about the other end of a connected socket.
  public init(of socket: borrowing FileDescriptor) throws(SocketError) {
    // `struct ucred` is hidden behind _GNU_SOURCE; this is its layout.
    var credentials: (process: Int32, user: UInt32, group: UInt32) = (0, 0, 0)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    let number = socket.rawValue
    guard unsafe getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
      throw .lastCall("getsockopt")
    }
    self.init(
      userID: credentials.user, groupID: credentials.group, processID: credentials.process,
      supplementaryGroupIDs: Self.groups(of: number))
  }

  /// Whether the group is the primary one or among the supplementary ones.
  public func isMember(ofGroup group: UInt32) -> Bool {
    groupID == group || supplementaryGroupIDs.contains(group)
  }

  /// Supplementary groups; none on kernels before 4.13, which cannot tell.
  private static func groups(of number: Int32) -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: 64)
    while true {
      var length = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
      if unsafe getsockopt(number, SOL_SOCKET, SO_PEERGROUPS, &groups, &length) == 0 {
        return Array(groups.prefix(Int(length) / MemoryLayout<UInt32>.stride))
      }
      // The kernel answers ERANGE with the length that it needs; a process has at most 65,536.
      let needed = Int(length) / MemoryLayout<UInt32>.stride
      guard errno == ERANGE, needed > groups.count, needed <= 65_536 else { return [] }
      groups = [UInt32](repeating: 0, count: needed)
    }
  }
}
