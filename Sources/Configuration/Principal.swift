/// Somebody whom a role is given to.
public enum Principal: Hashable, Sendable, CustomStringConvertible {
  case user(String)
  case userID(UInt32)
  /// Members, be it their primary or a supplementary group.
  case group(String)
  case groupID(UInt32)
  /// The user that the daemon runs as.
  case daemonUser
  /// Members of the group that the socket belongs to.
  case socketGroup

  private static let daemonUserText = "$daemon"
  private static let socketGroupText = "$socket-group"

  /// What ``init(_:)`` reads.
  static let expectation =
    "user names, numeric user ids, “@group”, “@” with a numeric group id, “$daemon” or “$socket-group”"

  /// Reads `alice`, `1000`, `@photos`, `@1000`, `$daemon` or `$socket-group`; `nil` for anything else.
  public init?(_ text: String) {
    switch text {
    case Self.daemonUserText: self = .daemonUser
    case Self.socketGroupText: self = .socketGroup
    default:
      let isGroup = text.hasPrefix("@")
      let name = isGroup ? String(text.dropFirst()) : text
      guard !name.isEmpty else { return nil }
      if name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        // The largest id means “none” to the kernel.
        guard let id = UInt32(name), id != .max else { return nil }
        self = isGroup ? .groupID(id) : .userID(id)
      } else {
        guard Self.isAccountName(name) else { return nil }
        self = isGroup ? .group(name) : .user(name)
      }
    }
  }

  public var description: String {
    switch self {
    case .user(let name): name
    case .userID(let id): "\(id)"
    case .group(let name): "@\(name)"
    case .groupID(let id): "@\(id)"
    case .daemonUser: Self.daemonUserText
    case .socketGroup: Self.socketGroupText
    }
  }

  /// What useradd(8) accepts, generously: directory services have names such as `DOMAIN\alice`.
  private static func isAccountName(_ name: String) -> Bool {
    name.utf8.count <= 256
      && name.utf8.allSatisfy { byte in
        byte > 0x20 && byte != 0x7F && !#":,"'$@"#.utf8.contains(byte)
      }
  }
}
