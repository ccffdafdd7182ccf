internal import EventLog
internal import UnixSocket
internal import WireProtocol

/// Greets those who connect, and opens a session for each.
final class SocketService: LineService {
  private let service: Service

  init(_ service: Service) { self.service = service }

  func connectionOpened(_ connection: LineConnection) -> any LineSession {
    service.connectionOpened()
    let caller = service.caller(connection.peer)
    let greeting = OutgoingNotification(method: Hello.method, params: service.hello(to: caller))
    if let line = try? LineCodec.content(greeting) { _ = connection.send(line) }
    return Session(service: service, connection: connection, caller: caller)
  }

  func lineRefusing(_ refusal: ConnectionRefusal, to peer: PeerCredentials) -> [UInt8] {
    let reason =
      switch refusal {
      case .tooManyConnections(let limit): "All \(limit) connections are taken."
      case .tooManyConnectionsOfUser(let limit):
        "All \(limit) connections that one user may have are taken."
      }
    let error = WireError(.tooManyConnections, reason, hint: "Try again later.")
    return (try? LineCodec.content(OutgoingError(id: nil, error: error))) ?? []
  }

  func acceptingPaused(errno: Int32) {
    service.log.warning("connections wait: no descriptor is free", ["errno": errno])
  }
}
