internal import Configuration
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Registering media once however often it is asked for, and looking after their analyses.
let mediaJobCommands = [
  Command(
    waiting: "RegisterMediaInfo", .curator,
    libraryParameters + mediaDetailParameters + [
      "InputURL", "MediaType", "Overwrite", "ClientToken", "RegisterConfig", "FileModifiedTime",
    ]
  ) { service, parameters, context in
    let memory = try AnswerMemory(parameters, method: "RegisterMediaInfo", context)
    if let known = try memory?.answer(InsertMediaResult.self, service.store) {
      return Reply(known, withSuccess: true)
    }
    return try service.register(parameters, context, memory)
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
    var videos: [LibraryID: [String]] = [:]
    for identifier in identifiers {
      let medium = try service.store.read {
        try $0.existingMedia(identifier, field: "MediaIds")
      }
      do {
        let path = try medium.path
        if medium.mediaType == .video {
          videos[medium.library, default: []].append(path)
        } else {
          try service.analyzeAgain(medium, path, context)
        }
        result.mediaIDs.append(medium.publicID.asMedia)
      } catch {
        let reason = WireError(mapping: error)
        result.failures.append(
          .init(
            mediaID: medium.publicID.asMedia, code: reason.code.rawValue, reason: reason.message))
      }
    }
    for (library, paths) in videos.sorted(by: { $0.key < $1.key }) {
      let request = try ImportParameters(paths: paths, details: .object([:]), repeats: true)
      let (task, _) = try service.tasks.add(
        .mediaImport, library: library, parameters: request.json, userData: nil,
        requestedBy: context.caller.userID)
      result.taskIDs = (result.taskIDs ?? []) + [task.publicID.asTask]
    }
    return Reply(result, withSuccess: true)
  },
]

extension MediaRecord {
  /// Where its file is.
  fileprivate var path: String {
    get throws(WireError) {
      guard let path = filePath(uri) else {
        throw WireError(
          .imageUnreadable, "The daemon has no path to the medium.", field: "MediaIds",
          hint: "InsertMediaToSearchLib with the InputURL sends its content again.")
      }
      return path
    }
  }
}

extension Service {
  /// Registers a medium by its path; answers a video's request when it is analysed.
  fileprivate func register(
    _ parameters: Parameters, _ context: RequestContext, _ memory: AnswerMemory?
  ) throws -> Reply? {
    let overwrites = try parameters.boolean("Overwrite", default: false)
    let type = try parameters.choice("MediaType", MediaType.self)
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
    let modified = try parameters.time("FileModifiedTime")
    let details: @Sendable (MediaDetails) throws -> MediaDetails = {
      try parameters.mediaDetails(changing: $0)
    }
    let file = try images.open(image, context)
    if let container = try file.videoContainer(wanted: type == .video) {
      guard type != .image else { throw parameters.invalid("MediaType", "video") }
      try insertVideo(
        SharedFile(file), container, uri: uri, modified: modified, details: details, library.id,
        context
      ) { [self] in try registered($0, memory) }
      return nil
    }
    guard type != .video else { throw parameters.invalid("MediaType", "image") }
    let source = try images.load(file)
    var facts = source.facts()
    if let modified { facts.modified = modified }
    return try registered(
      try insert(source.bytes, facts, uri: uri, details: details, library: library.id), memory)
  }

  /// The answer to RegisterMediaInfo, which the memory keeps.
  private func registered(_ recorded: Recorded, _ memory: AnswerMemory?) throws -> Reply {
    let result = try insertionResult(recorded)
    try memory?.keep(result, store)
    return Reply(result, withSuccess: true)
  }

  /// Analyses a photograph again, though its content may be the same.
  fileprivate func analyzeAgain(
    _ medium: MediaRecord, _ path: String, _ context: RequestContext
  ) throws {
    let source = try images.load(.path(path), context)
    var facts = source.facts()
    facts.modified = facts.modified ?? medium.content.modified
    let analysis = try analyze(source.bytes, thumbnails: configuration.storage.keepsCrops)
    var arrival = Arrival(uri: medium.uri, facts: facts, details: { $0 }, analysis: analysis)
    arrival.isRepeated = true
    _ = try people.record([arrival], in: medium.library)
  }
}
