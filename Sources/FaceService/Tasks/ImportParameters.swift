internal import FaceStore
internal import FoundationEssentials
internal import WireProtocol

/// What an import was asked to do, as it is stored with its task.
struct ImportParameters: Codable, Sendable {
  /// Absolute paths of files and folders.
  let paths: [String]
  /// The parameters of the request that describe the media, as they came, in JSON.
  let detailsJSON: String
  /// Whether files that are stored already are analysed again; `nil` is no.
  let repeats: Bool?

  init(paths: [String], details: JSONValue, repeats: Bool = false) throws {
    self.paths = paths
    self.repeats = repeats
    detailsJSON = String(decoding: try LineCodec.content(details), as: UTF8.self)
  }

  init(json: String) throws {
    self = try LineCodec.decode(ImportParameters.self, from: Array(json.utf8))
  }

  var json: String {
    get throws { String(decoding: try LineCodec.content(self), as: UTF8.self) }
  }

  /// Puts what the request says over what is stored of a medium.
  func details(changing old: MediaDetails) throws -> MediaDetails {
    guard let members = try JSONParser.parse(Array(detailsJSON.utf8)).objectValue else {
      return old
    }
    return try Parameters(members).mediaDetails(changing: old)
  }

  func changesNothing(of old: MediaDetails) -> Bool {
    (try? details(changing: old)) == old
  }
}
