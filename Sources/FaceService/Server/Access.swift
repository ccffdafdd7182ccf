internal import Configuration
internal import EventLog
internal import UnixSocket
internal import WireProtocol

/// Who may do what, by the user and the groups that the kernel vouches for.
struct Access: Sendable {
  private let admins: AccessList
  private let curators: AccessList
  private let readers: AccessList

  init(_ configuration: DaemonConfiguration, log: Log) {
    let group =
      configuration.service.socketGroup.isEmpty
      ? nil : groupID(named: configuration.service.socketGroup)
    admins = AccessList(resolving: configuration.access.admins, socketGroup: group)
    curators = AccessList(resolving: configuration.access.curators, socketGroup: group)
    readers = AccessList(resolving: configuration.access.readers, socketGroup: group)
    for unknown in [admins, curators, readers].flatMap(\.unknownPrincipals) {
      log.warning("unknown user or group in [access]", ["name": "\(unknown)"])
    }
  }

  func role(of peer: PeerCredentials) -> Role {
    let groups = [peer.groupID] + peer.supplementaryGroupIDs
    if admins.contains(userID: peer.userID, groupIDs: groups) { return .admin }
    if curators.contains(userID: peer.userID, groupIDs: groups) { return .curator }
    if readers.contains(userID: peer.userID, groupIDs: groups) { return .reader }
    return .none
  }
}
