internal import Glibc

/// Principals as the numbers that the kernel reports for a peer.
public struct AccessList: Equatable, Sendable {
  public private(set) var userIDs: Set<UInt32> = []
  public private(set) var groupIDs: Set<UInt32> = []

  /// Names of users and groups that the system does not know; they match nobody.
  public private(set) var unknownPrincipals: [Principal] = []

  /// Looks names up in the system's user and group databases.
  ///
  /// - Parameters:
  ///   - principals: a list of the `[access]` section.
  ///   - socketGroup: what `$socket-group` stands for; `nil` if the socket has no group of its own.
  public init(resolving principals: [Principal], socketGroup: UInt32?) {
    for principal in principals {
      switch principal {
      case .userID(let id): userIDs.insert(id)
      case .groupID(let id): groupIDs.insert(id)
      case .daemonUser: userIDs.insert(geteuid())
      case .socketGroup:
        if let socketGroup { groupIDs.insert(socketGroup) }
      case .user(let name):
        if let id = userID(named: name) {
          userIDs.insert(id)
        } else {
          unknownPrincipals.append(principal)
        }
      case .group(let name):
        if let id = groupID(named: name) {
          groupIDs.insert(id)
        } else {
          unknownPrincipals.append(principal)
        }
      }
    }
  }

  /// Whether a peer is listed, by its user or by one of its groups.
  public func contains(userID: UInt32, groupIDs peerGroups: some Sequence<UInt32>) -> Bool {
    userIDs.contains(userID) || peerGroups.contains(where: groupIDs.contains)
  }
}

/// The number of a user; `nil` if the system knows none of that name.
public func userID(named name: String) -> UInt32? {
  lookUp { buffer in
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    let status = unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &found)
    return (status, unsafe found == nil ? nil : entry.pw_uid)
  }
}

/// The number of a group; `nil` if the system knows none of that name.
public func groupID(named name: String) -> UInt32? {
  lookUp { buffer in
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    let status = unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &found)
    return (status, unsafe found == nil ? nil : entry.gr_gid)
  }
}

/// Calls a `get…nam_r` function with more and more room; a group with many members needs much.
private func lookUp(
  _ call: (inout [CChar]) -> (status: Int32, id: UInt32?)
) -> UInt32? {
  var size = 4_096
  while size <= 1 << 22 {
    var buffer = [CChar](repeating: 0, count: size)
    let result = call(&buffer)
    if result.status != ERANGE { return result.status == 0 ? result.id : nil }
    size *= 4
  }
  return nil
}
