internal import ContentHash
internal import FoundationEssentials
internal import WireProtocol

/// Makes and reads the tokens that continue a list: opaque, authenticated, bound to the query.
///
/// A token is the cursor and a keyed digest over method, query and cursor, so that it cannot be
/// forged, altered, or used with another query; nothing in it tells what the library holds.
struct PageTokens: Sendable {
  private static let codeLength = 16
  private let key: [UInt8]

  /// - Parameter key: the daemon's own secret, kept in its store so that tokens outlive a restart.
  init(key: [UInt8]) { self.key = key }

  /// - Parameters:
  ///   - cursor: where the next page begins.
  ///   - query: the method and everything that decides what it lists and how that is sorted.
  /// - Returns: letters, digits, hyphens and underscores (base64url, RFC 4648).
  func token(cursor: [UInt8], query: [UInt8]) -> String {
    let data = Data(code(cursor: cursor, query: query).bytes + cursor)
    return data.base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// The cursor of `token`; `nil` unless ``token(cursor:query:)`` made it for the same query.
  func cursor(of token: String, query: [UInt8]) -> [UInt8]? {
    let standard = token.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: standard + padding) else { return nil }
    let claimed = [UInt8](data.prefix(Self.codeLength))
    let cursor = [UInt8](data.dropFirst(Self.codeLength))
    return code(cursor: cursor, query: query).matches(claimed) ? cursor : nil
  }

  private func code(cursor: [UInt8], query: [UInt8]) -> MessageAuthenticationCode {
    MessageAuthenticationCode(of: query + [0] + cursor, key: key, count: Self.codeLength)
  }
}
