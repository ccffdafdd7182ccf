internal import Configuration
internal import ContentHash
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Registering media once however often it is asked for, and looking after their analyses.
let mediaJobCommands = [
  Command(
    "RegisterMediaInfo", .curator,
    libraryParameters + mediaDetailParameters + [
      "InputURL", "MediaType", "Overwrite", "ClientToken", "RegisterConfig", "FileModifiedTime",
    ]
  ) { service, parameters, context in
    let result = try service.once(parameters, "RegisterMediaInfo", context) {
      try service.register(parameters, context)
    }
    return Reply(result, withSuccess: true)
  },
  Command("BatchGetMediaInfos", .reader, libraryParameters + ["MediaIds", "WithFigures"]) {
    service, parameters, _ in
    let identifiers = try parameters.mediaIDs()
    let withFigures = try parameters.boolean("WithFigures", default: false)
    return Reply(
      try service.store.read { snapshot in
        var result = BatchMediaResult(mediaInfos: [], ignoredList: [])
        for identifier in identifiers {
          if let medium = try snapshot.media(withPublicID: identifier) {
            result.mediaInfos.append(try snapshot.message(medium, withFigures: withFigures))
          } else {
            result.ignoredList.append(identifier.asMedia)
          }
        }
        return result
      }, withSuccess: true)
  },
  Command("QueryMediaIndexJob", .reader, libraryParameters + ["MediaId", "MediaIds"]) {
    service, parameters, _ in
    let identifiers = try parameters.mediaIDs()
    return Reply(
      try service.store.read { snapshot in
        MediaIndexJobResult(
          indexJobInfoList: try identifiers.map { identifier in
            let medium = try snapshot.existingMedia(identifier, field: "MediaId")
            let status = medium.indexStatus(try snapshot.video(medium.id))
            return MediaIndexJobResult.Job(
              mediaID: medium.publicID.asMedia, indexType: status.indexType,
              status: status.indexStatus, reason: status.reason, gmtSubmit: medium.created.iso8601,
              gmtFinish: status.indexStatus == "Running" ? nil : medium.updated.iso8601)
          })
      }, withSuccess: true)
  },
  Command("SearchIndexJobRerun", .curator, libraryParameters + ["MediaIds", "Task"]) {
    service, parameters, context in
    let identifiers = try parameters.mediaIDs(limit: 20)
    for task in try parameters.words("Task", limit: 3, length: 16) ?? [] where task != "face" {
      throw parameters.invalid("Task", "face, which is the only analysis there is")
    }
    var result = RerunResult(mediaIDs: [], failures: [])
    for identifier in identifiers {
      let medium = try service.store.read {
        try $0.existingMedia(identifier, field: "MediaIds")
      }
      do {
        try service.analyzeAgain(medium, context)
        result.mediaIDs.append(medium.publicID.asMedia)
      } catch {
        let reason = WireError(mapping: error)
        result.failures.append(
          .init(
            mediaID: medium.publicID.asMedia, code: reason.code.rawValue, reason: reason.message))
      }
    }
    return Reply(result, withSuccess: true)
  },
]

extension Service {
  /// How long the answer to a request with a ClientToken is kept, in milliseconds: a day.
  private static let clientTokenLifetime: Int64 = 86_400_000

  /// Answers a request that carries a ClientToken once: the same request with the same token is
  /// given the same answer, and nothing happens again.
  fileprivate func once<Result: Codable & Sendable>(
    _ parameters: Parameters, _ method: String, _ context: RequestContext,
    _ body: () throws -> Result
  ) throws -> Result {
    guard let token = try parameters.string("ClientToken", limit: 64), !token.isEmpty else {
      return try body()
    }
    var members = parameters.all
    members["ClientToken"] = nil
    let digest = SHA256Digest(of: try LineCodec.content(JSONValue.object(members))).bytes
    let scope = "\(context.caller.userID) \(method)"
    let now = Timestamp.systemNow()
    if let known = try store.read({ try $0.result(ofToken: token, scope: scope, at: now) }) {
      guard known.requestDigest == digest else {
        throw WireError(
          .clientTokenConflict, "The ClientToken belongs to another request.",
          field: "ClientToken", hint: "Use a new token for a new request.")
      }
      return try LineCodec.decode(Result.self, from: known.result)
    }
    let result = try body()
    let remembered = RememberedResult(
      requestDigest: digest, result: try LineCodec.content(result),
      expires: Timestamp(milliseconds: now.milliseconds + Self.clientTokenLifetime))
    try store.write { transaction in
      try transaction.forgetExpiredResults()
      _ = try transaction.remember(remembered, token: token, scope: scope)
    }
    return result
  }

  fileprivate func register(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> InsertMediaResult {
    let overwrites = try parameters.boolean("Overwrite", default: false)
    guard try parameters.choice("MediaType", MediaType.self) != .video else {
      throw parameters.invalid("MediaType", "image")
    }
    let image = try parameters.requiredImage("InputURL")
    guard case .path(let path) = image else {
      throw parameters.invalid("InputURL", "an absolute path or a file: URL")
    }
    let library = try store.read { snapshot in
      guard let config = try parameters.objectOrText("RegisterConfig") else {
        return try snapshot.library(of: parameters)
      }
      try config.allowOnly(["SearchLibName"])
      return try snapshot.library(of: config)
    }
    let uri = fileURL(path)
    if !overwrites, try store.read({ try $0.media(in: library.id, uri: uri) }) != nil {
      throw WireError(
        .resourceExists, "The library \(library.name) has a medium of this InputURL.",
        field: "InputURL", hint: "Set Overwrite to register it anew.")
    }
    let source = try images.load(image, context)
    var facts = source.facts()
    if let modified = try parameters.time("FileModifiedTime") { facts.modified = modified }
    let recorded = try insert(
      source.bytes, facts, uri: uri, details: { try parameters.mediaDetails(changing: $0) },
      library: library.id)
    return try store.read { snapshot in
      guard let medium = try snapshot.media(recorded.media) else {
        throw WireError(.resourceNotFound, "The medium was deleted again meanwhile.")
      }
      return InsertMediaResult(
        mediaID: medium.publicID.asMedia, outcome: recorded.outcome.rawValue,
        mediaInfo: try snapshot.message(medium, withFigures: true))
    }
  }

  /// Analyses a medium again, though its content may be the same.
  fileprivate func analyzeAgain(_ medium: MediaRecord, _ context: RequestContext) throws {
    guard medium.mediaType == .image else {
      throw WireError(
        .invalidParameter, "A video is analysed again by importing it.", field: "MediaIds",
        hint: "InsertMediaToSearchLib and ImportMedia read videos.")
    }
    let prefix = "file://"
    guard medium.uri.hasPrefix(prefix),
      let path = medium.uri.dropFirst(prefix.count).percentDecoded
    else {
      throw WireError(
        .imageUnreadable, "The daemon has no path to the medium.", field: "MediaIds",
        hint: "InsertMediaToSearchLib with the InputURL sends its content again.")
    }
    let source = try images.load(.path(path), context)
    var facts = source.facts()
    facts.modified = facts.modified ?? medium.content.modified
    let analysis = try analyze(source.bytes, thumbnails: configuration.storage.keepsCrops)
    var arrival = Arrival(uri: medium.uri, facts: facts, details: { $0 }, analysis: analysis)
    arrival.isRepeated = true
    _ = try people.record([arrival], in: medium.library)
  }
}
