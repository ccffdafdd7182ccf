public import FaceTypes

/// What was answered to a request that carried a client's token.
public struct RememberedResult: Hashable, Sendable {
  /// Tells whether a request with the same token is the same request.
  public let requestDigest: [UInt8]
  public let result: [UInt8]
  public let expires: Timestamp

  public init(requestDigest: [UInt8], result: [UInt8], expires: Timestamp) {
    self.requestDigest = requestDigest
    self.result = result
    self.expires = expires
  }
}

extension Snapshot {
  /// The answer to an earlier request with this token, unless it has expired at `moment`.
  ///
  /// The scope separates the tokens of different users and methods.
  public final func result(
    ofToken token: String, scope: String, at moment: Timestamp
  ) throws(StoreError) -> RememberedResult? {
    try firstRow(
      """
      SELECT request_digest, result, expires FROM client_tokens
      WHERE scope = \(scope) AND token = \(token) AND expires > \(moment)
      """
    ) {
      RememberedResult(requestDigest: $0.blob(), result: $0.blob(), expires: $0.timestamp())
    }
  }

  /// A small value that belongs to the database as a whole.
  public final func metaValue(_ name: String) throws(StoreError) -> String? {
    try firstRow("SELECT value FROM meta WHERE name = \(name)") { $0.text() }
  }
}

extension Snapshot {
  /// A small value that belongs to a library and goes with it.
  public final func libraryValue(
    _ name: String, of library: LibraryID
  ) throws(StoreError) -> String? {
    try metaValue("library \(library) \(name)")
  }
}

extension Transaction {
  /// Sets a small value that belongs to a library and goes with it; `nil` removes it.
  public func setLibraryValue(
    _ name: String, _ value: String?, of library: LibraryID
  ) throws(StoreError) {
    let name = "library \(library) \(name)"
    if let value { try setMetaValue(name, value) } else { try removeMetaValue(name) }
  }

  /// Removes all values that belong to a library.
  func removeLibraryValues(of library: LibraryID) throws(StoreError) {
    try execute("DELETE FROM meta WHERE name GLOB \("library \(library) *")")
  }

  /// Remembers an answer, in place of an expired one with the same token.
  ///
  /// - Returns: `false` if the token has an answer that has not expired, which stays.
  public func remember(
    _ result: RememberedResult, token: String, scope: String
  ) throws(StoreError) -> Bool {
    try execute(
      """
      DELETE FROM client_tokens
      WHERE scope = \(scope) AND token = \(token) AND expires <= \(now)
      """)
    return try insert(
      """
      INSERT INTO client_tokens(scope, token, request_digest, result, expires)
      VALUES (\(scope), \(token), \(result.requestDigest), \(result.result), \(result.expires))
      """) != nil
  }

  /// Forgets the answers that have expired.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func forgetExpiredResults() throws(StoreError) -> Int {
    let count = try execute("DELETE FROM client_tokens WHERE expires <= \(now)")
    erasedRows += count
    return count
  }

  /// Sets a small value that belongs to the database as a whole.
  public func setMetaValue(_ name: String, _ value: String) throws(StoreError) {
    try execute(
      """
      INSERT INTO meta(name, value) VALUES (\(name), \(value))
      ON CONFLICT (name) DO UPDATE SET value = excluded.value
      """)
  }

  public func removeMetaValue(_ name: String) throws(StoreError) {
    try execute("DELETE FROM meta WHERE name = \(name)")
  }

  /// The secret with this name: 32 random bytes, made when they are first asked for.
  public func secret(named name: String) throws(StoreError) -> [UInt8] {
    if let bytes = try firstRow("SELECT bytes FROM secrets WHERE name = \(name)", { $0.blob() }) {
      return bytes
    }
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    try execute("INSERT INTO secrets(name, bytes) VALUES (\(name), \(bytes))")
    return bytes
  }
}
