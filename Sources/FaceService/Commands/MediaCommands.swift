internal import FaceStore
internal import FaceTypes
internal import VideoDecoding
internal import WireProtocol

private enum MediaStatusName: String, CaseIterable {
  case normal = "Normal"
  case preparing = "Preparing"
  case failed = "Failed"

  var kinds: Set<MediaStatus.Kind> {
    switch self {
    case .normal: [.ready]
    case .preparing: [.registered, .analysing]
    case .failed: [.failed]
    }
  }
}

extension Snapshot {
  func existingMedia(_ identifier: PublicIdentifier, field: String) throws -> MediaRecord {
    guard let medium = try media(withPublicID: identifier) else {
      throw WireError(
        .resourceNotFound, "There is no medium \(identifier.asMedia).", field: field,
        hint: "ListMediaBasicInfos lists those that exist.")
    }
    return medium
  }

  /// The figures as messages, with the public identifiers of their clusters.
  func messages(_ figures: [FigureRecord]) throws -> [FigureMessage] {
    let ids = Set(figures.compactMap(\.cluster))
    let clusters = Dictionary(
      try self.clusters(ids.sorted()).map { ($0.id, $0.publicID) }
    ) { first, _ in first }
    return try figures.map { figure in
      var message = FigureMessage(figure, cluster: figure.cluster.flatMap { clusters[$0] })
      if let track = try track(of: figure.id) {
        message.appearances = track.appearances.map { OccurrenceMessage($0, withTrackData: false) }
        message.timestamp = track.best
      }
      return message
    }
  }

  /// The medium, with its figures if they are wanted.
  func message(_ medium: MediaRecord, withFigures: Bool) throws -> MediaMessage {
    medium.message(
      figures: withFigures ? try messages(figures(of: medium.id)) : nil,
      video: try video(medium.id))
  }
}

let mediaCommands = [
  Command(
    waiting: "InsertMediaToSearchLib", .curator,
    libraryParameters + mediaDetailParameters + [
      "Input", "InputURL", "FileModifiedTime", "MediaType", "Frames",
    ]
  ) { service, parameters, context in
    _ = try parameters.mediaDetails()
    let library = try service.store.read { try $0.library(of: parameters) }
    let type = try parameters.choice("MediaType", MediaType.self)
    if parameters.has("Frames") {
      try service.insertFrames(parameters, library.id, context)
      return nil
    }
    let image = try parameters.requiredImage("Input")
    let uri = try parameters.inputURL(for: image)
    let modified = try parameters.time("FileModifiedTime")
    let source: LoadedImage
    if case .bytes(let bytes) = image {
      let header = Array(bytes.prefix(VideoContainer.headerLength))
      guard VideoContainer(ofMediumWith: header) == nil else {
        throw WireError.noVideo("A video cannot come within a request.")
      }
      source = try service.images.load(bytes)
    } else {
      let file = try service.images.open(image, context)
      if let container = try file.videoContainer(wanted: type == .video) {
        guard type != .image else { throw parameters.invalid("MediaType", "video") }
        try service.insertVideo(
          SharedFile(file), container, uri: uri, modified: modified,
          details: { try parameters.mediaDetails(changing: $0) }, library.id, context)
        return nil
      }
      source = try service.images.load(file)
    }
    guard type != .video else {
      throw WireError.noVideo("The content is not a video of a kind that is known.")
    }
    var facts = source.facts()
    if let modified { facts.modified = modified }
    return try service.reply(
      to: try service.insert(
        source.bytes, facts, uri: uri,
        details: { try parameters.mediaDetails(changing: $0) }, library: library.id))
  },
  Command(
    "UpdateMediaToSearchLib", .curator, libraryParameters + mediaDetailParameters + ["MediaId"]
  ) { service, parameters, _ in
    guard let identifier = try parameters.mediaID("MediaId") else {
      throw parameters.missing("MediaId", "a MediaId: 32 hexadecimal digits")
    }
    return Reply(
      try service.store.write { transaction in
        let medium = try transaction.existingMedia(identifier, field: "MediaId")
        try transaction.setDetails(
          of: medium.id, try parameters.mediaDetails(changing: medium.details))
        return MediaResult(
          mediaInfo: try transaction.message(
            try transaction.existingMedia(identifier, field: "MediaId"), withFigures: false))
      }, withSuccess: true)
  },
  Command("DeleteMediaFromSearchLib", .curator, libraryParameters + ["MediaId", "MediaIds"]) {
    service, parameters, _ in
    let identifiers = try parameters.mediaIDs()
    return Reply(try service.people.deleteMedia(identifiers), withSuccess: true)
  },
  Command("GetMediaInfo", .reader, libraryParameters + ["MediaId", "InputURL", "WithFigures"]) {
    service, parameters, _ in
    let identifier = try parameters.mediaID("MediaId")
    let uri = try parameters.string("InputURL", limit: 4096)
    let withFigures = try parameters.boolean("WithFigures", default: true)
    guard (identifier == nil) != (uri == nil) else {
      throw parameters.missing("MediaId", "a MediaId, or InputURL in its place")
    }
    return Reply(
      try service.store.read { snapshot in
        if let identifier {
          let medium = try snapshot.existingMedia(identifier, field: "MediaId")
          return MediaResult(mediaInfo: try snapshot.message(medium, withFigures: withFigures))
        }
        let library = try snapshot.library(of: parameters)
        guard let uri, let medium = try snapshot.media(in: library.id, uri: fileURL(uri)) else {
          throw WireError(
            .resourceNotFound, "The library \(library.name) has no medium of this InputURL.",
            field: "InputURL")
        }
        return MediaResult(mediaInfo: try snapshot.message(medium, withFigures: withFigures))
      }, withSuccess: true)
  },
  Command(
    "ListMediaBasicInfos", .reader,
    libraryParameters + mediaFilterParameters + [
      "Status", "FigureClusterId", "WithFigures", "WithTotalCount", "MaxResults", "NextToken",
    ]
  ) { service, parameters, _ in
    let page = try service.page(
      parameters, of: "ListMediaBasicInfos", sizes: 1...100, defaultSize: 50)
    let withFigures = try parameters.boolean("WithFigures", default: false)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    let status = try parameters.choice("Status", MediaStatusName.self)
    let cluster = try parameters.clusterID("FigureClusterId")
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        var query = try parameters.mediaQuery(in: library.id)
        query.statuses = status?.kinds
        if let cluster {
          query.clusters = [try snapshot.existingCluster(cluster, field: "FigureClusterId").id]
        }
        let found = try snapshot.media(query, page: page.request, includesTotal: withTotal)
        return ListMediaResult(
          mediaInfos: try found.records.map {
            try snapshot.message($0, withFigures: withFigures)
          },
          nextToken: page.token(found.next), totalCount: found.total)
      }, withSuccess: true)
  },
]

extension Service {
  /// The answer to InsertMediaToSearchLib.
  func reply(to recorded: Recorded) throws -> Reply {
    Reply(try insertionResult(recorded), withSuccess: true)
  }

  /// What became of a medium that came with a request.
  func insertionResult(_ recorded: Recorded) throws -> InsertMediaResult {
    try store.read { snapshot in
      guard let medium = try snapshot.media(recorded.media) else {
        throw WireError(.resourceNotFound, "The medium was deleted again meanwhile.")
      }
      return InsertMediaResult(
        mediaID: medium.publicID.asMedia, outcome: recorded.outcome.rawValue,
        mediaInfo: try snapshot.message(medium, withFigures: true))
    }
  }
}

extension Parameters {
  /// The media that are meant: one, or a list.
  func mediaIDs(limit: Int = 100) throws(WireError) -> [PublicIdentifier] {
    if let identifier = try mediaID("MediaId") { return [identifier] }
    guard let texts = try words("MediaIds", limit: limit, length: 64), !texts.isEmpty else {
      throw missing("MediaId", "a MediaId, or MediaIds with up to \(limit) of them")
    }
    var identifiers: [PublicIdentifier] = []
    for text in texts {
      guard let identifier = PublicIdentifier(text) else {
        throw invalid("MediaIds", "a list of MediaIds: 32 hexadecimal digits each")
      }
      identifiers.append(identifier)
    }
    return identifiers
  }

  /// Under which URL a medium is known: of a path its file: URL, else what the request says.
  func inputURL(for image: ImageReference?) throws(WireError) -> String {
    if let given = try string("InputURL", limit: 4096), !given.isEmpty { return fileURL(given) }
    if case .path(let path) = image { return fileURL(path) }
    throw missing(
      "InputURL",
      "the URL or path under which the medium is to be known, since its content comes "
        + "with the request")
  }
}

/// The path of a `file:` URL; `nil` for anything else.
func filePath(_ uri: String) -> String? {
  let prefix = "file://"
  return uri.hasPrefix(prefix) ? uri.dropFirst(prefix.count).percentDecoded : nil
}

/// An absolute path as a `file:` URL; anything else as it is.
func fileURL(_ text: String) -> String {
  text.hasPrefix("/") ? "file://" + text.percentEncodedPath : text
}
