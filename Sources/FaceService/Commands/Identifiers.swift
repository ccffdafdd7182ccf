internal import FaceTypes
internal import WireProtocol

// How the kinds of object are spelled on the wire, as in the reference pages.

extension PublicIdentifier {
  /// A medium: 32 hexadecimal digits.
  var asMedia: String { hexadecimal }
  /// A figure or a task: a UUID.
  var asFigure: String { uuid }
  var asTask: String { uuid }
  /// A cluster: `Cluster-` and a UUID.
  var asCluster: String { "Cluster-" + uuid }
  /// A request: a UUID in capitals.
  var asRequest: String { uuid.uppercased() }
}

extension Parameters {
  private func identifier(
    _ name: String, prefix: String = "", expected: String
  ) throws(WireError) -> PublicIdentifier? {
    guard let text = try string(name, limit: 128) else { return nil }
    guard text.hasPrefix(prefix), let identifier = PublicIdentifier(text.dropFirst(prefix.count))
    else { throw invalid(name, expected) }
    return identifier
  }

  func mediaID(_ name: String) throws(WireError) -> PublicIdentifier? {
    try identifier(name, expected: "a MediaId: 32 hexadecimal digits")
  }

  func figureID(_ name: String) throws(WireError) -> PublicIdentifier? {
    try identifier(name, expected: "a FigureId: a UUID")
  }

  func taskID(_ name: String) throws(WireError) -> PublicIdentifier? {
    try identifier(name, expected: "a TaskId: a UUID")
  }

  func clusterID(_ name: String) throws(WireError) -> PublicIdentifier? {
    try identifier(name, prefix: "Cluster-", expected: "a cluster's ObjectId: Cluster-UUID")
  }
}
