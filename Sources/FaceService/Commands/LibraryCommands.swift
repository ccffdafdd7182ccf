internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// The parameters that name a library; the reference pages use one or the other.
let libraryParameters = ["SearchLibName", "DatasetName", "ProjectName"]

/// The library that requests without a name mean; it always exists.
let defaultLibraryName = "default"

extension Parameters {
  private static let nameForm =
    "1 to 128 letters, digits, hyphens and underscores, beginning with a letter or underscore"

  /// The name of the library that the request is about.
  func libraryName() throws(WireError) -> String {
    _ = try string("ProjectName", limit: 128)
    let names = [try string("SearchLibName", limit: 128), try string("DatasetName", limit: 128)]
    if let first = names[0], let second = names[1], first != second {
      throw invalid("DatasetName", "the same as SearchLibName, or left out")
    }
    return names[0] ?? names[1] ?? defaultLibraryName
  }

  /// A name for a new library.
  func newLibraryName() throws(WireError) -> String {
    guard has("SearchLibName") || has("DatasetName") else {
      throw missing("SearchLibName", Self.nameForm)
    }
    let name = try libraryName()
    let isWellFormed =
      (1...128).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      } && name.first?.isNumber == false && name.first != "-"
    guard isWellFormed else { throw invalid("SearchLibName", Self.nameForm) }
    return name
  }
}

extension Snapshot {
  /// The library that a request names.
  func library(of parameters: Parameters) throws -> LibraryRecord {
    let name = try parameters.libraryName()
    guard let library = try library(named: name) else {
      throw WireError(
        .resourceNotFound, "There is no library \(JSONValue.string(name).shown).",
        field: parameters.has("DatasetName") ? "DatasetName" : "SearchLibName",
        hint: "ListSearchLibs names those that exist; CreateSearchLib makes one.")
    }
    return library
  }

  fileprivate func message(_ library: LibraryRecord) throws -> LibraryMessage {
    let counts = try counts(of: library.id)
    var message = LibraryMessage(
      searchLibName: library.name,
      description: library.description.isEmpty ? nil : library.description,
      createTime: library.created.iso8601, updateTime: library.updated.iso8601,
      mediaTotal: counts.images + counts.videos, figureTotal: counts.figures,
      figureClusterTotal: counts.clusters)
    let chosen = try recognitionLibraries(of: library.id).map(\.publicID.hexadecimal)
    if !chosen.isEmpty {
      message.searchLibConfig = "{\"faceGroupIds\":\"\(chosen.joined(separator: ","))\"}"
    }
    return message
  }

  /// The collections of enrolled people that `SearchLibConfig` chooses; `nil` without it.
  fileprivate func chosenRecognitionLibraries(
    _ parameters: Parameters
  ) throws -> [RecognitionLibraryID]? {
    guard let config = try parameters.objectOrText("SearchLibConfig") else { return nil }
    try config.allowOnly(["faceGroupIds"])
    return try (config.words("faceGroupIds", limit: 3, length: 64) ?? []).map { text in
      guard let identifier = PublicIdentifier(text),
        let library = try recognitionLibrary(withPublicID: identifier)
      else {
        throw WireError(
          .resourceNotFound, "There is no RecognitionLib \(JSONValue.string(text).shown).",
          field: "SearchLibConfig.faceGroupIds", hint: "ListRecognitionLibs names those that exist."
        )
      }
      return library.id
    }
  }
}

let libraryCommands = [
  Command("CreateSearchLib", .admin, libraryParameters + ["Description", "SearchLibConfig"]) {
    service, parameters, _ in
    let name = try parameters.newLibraryName()
    let description = try parameters.string("Description", limit: 256) ?? ""
    let chosen = try service.store.read { try $0.chosenRecognitionLibraries(parameters) }
    let library = try service.people.createLibrary(named: name, description: description)
    if let chosen {
      try service.store.write { try $0.setRecognitionLibraries(of: library.id, chosen) }
    }
    return Reply(LibraryResult(searchLib: try service.store.read { try $0.message(library) }))
  },
  Command("AlterSearchLib", .admin, libraryParameters + ["Description", "SearchLibConfig"]) {
    service, parameters, _ in
    let description = try parameters.string("Description", limit: 256)
    return Reply(
      try service.store.write { transaction in
        let library = try transaction.library(of: parameters)
        if let chosen = try transaction.chosenRecognitionLibraries(parameters) {
          try transaction.setRecognitionLibraries(of: library.id, chosen)
        }
        var update = LibraryUpdate()
        if let description { update.description = .set(description) }
        let altered = try transaction.updateLibrary(library.id, update)
        return LibraryResult(searchLib: try transaction.message(altered))
      })
  },
  Command("QuerySearchLib", .reader, libraryParameters) { service, parameters, _ in
    Reply(
      try service.store.read { snapshot in
        LibraryResult(searchLib: try snapshot.message(try snapshot.library(of: parameters)))
      })
  },
  Command("ListSearchLibs", .reader, []) { service, _, _ in
    Reply(
      try service.store.read { snapshot in
        ListLibrariesResult(searchLibs: try snapshot.libraries().map(snapshot.message))
      })
  },
  Command("DropSearchLib", .admin, libraryParameters + ["Force"]) { service, parameters, _ in
    guard parameters.has("SearchLibName") || parameters.has("DatasetName") else {
      throw parameters.missing("SearchLibName", "the name of the library to drop")
    }
    let isForced = try parameters.boolean("Force", default: false)
    let (library, counts) = try service.store.read { snapshot in
      let library = try snapshot.library(of: parameters)
      return (library, try snapshot.counts(of: library.id))
    }
    let mediaCount = counts.images + counts.videos
    guard isForced || mediaCount == 0 else {
      throw WireError(
        .resourceNotEmpty, "The library \(library.name) holds \(mediaCount) media.",
        field: "SearchLibName",
        hint: "Set Force to erase them with all their people; the files stay where they are.")
    }
    guard !service.tasks.hasOpenTask(of: library.id) else {
      throw WireError(
        .resourceNotEmpty, "A task of the library \(library.name) is still running.",
        field: "SearchLibName", hint: "Cancel it first: ListTasks names it.")
    }
    try service.people.dropLibrary(library)
    service.faceSearches.forget(library.id)
    service.scrolls.forget(library.id)
    return Reply(EmptyResult())
  },
]
