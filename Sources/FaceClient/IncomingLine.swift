internal import WireProtocol

/// A line from the daemon, read as far as it takes to know whom it is for.
///
/// The result itself is decoded by whoever waits for it, not on the thread that reads.
enum IncomingLine {
  case answer(id: Int64)
  case refusal(id: Int64, WireError)
  /// An error of the connection: the daemon could not tell which request it concerns.
  case unattributedRefusal(WireError)
  case greeting(Hello)
  case progress(ProgressNotification, id: Int64)
  /// A notification newer than this client.
  case unknownNotification

  init(_ line: [UInt8]) throws(ClientError) {
    do {
      let envelope = try LineCodec.decode(Envelope.self, from: line)
      if let method = envelope.method {
        self = try Self.notification(method, line: line)
      } else if let error = envelope.error {
        if case .integer(let id)? = envelope.id {
          self = .refusal(id: id, error)
        } else {
          self = .unattributedRefusal(error)
        }
      } else if case .integer(let id)? = envelope.id {
        self = .answer(id: id)
      } else {
        throw ClientError.protocolViolation("an answer without the number of its request")
      }
    } catch let error as ClientError {
      throw error
    } catch {
      throw .protocolViolation("a line that cannot be read, “\(Self.beginning(of: line))”")
    }
  }

  private static func notification(_ method: String, line: [UInt8]) throws -> IncomingLine {
    switch method {
    case Hello.method:
      return .greeting(try LineCodec.decode(Notification<Hello>.self, from: line).params)
    case ProgressNotification.method:
      let progress = try LineCodec.decode(Notification<ProgressNotification>.self, from: line)
        .params
      guard case .integer(let id) = progress.id else { return .unknownNotification }
      return .progress(progress, id: id)
    default:
      return .unknownNotification
    }
  }

  private static func beginning(of line: [UInt8]) -> String {
    String(decoding: line.prefix(60), as: UTF8.self)
  }

  private struct Envelope: Decodable {
    let id: RequestIdentifier?
    let method: String?
    let error: WireError?
  }

  private struct Notification<Parameters: Decodable>: Decodable {
    let params: Parameters
  }
}
