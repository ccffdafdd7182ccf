internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Service {
  /// The most records of an answer, and of an import that comes in the request itself.
  fileprivate static let peoplePageLimit = 1000

  /// The records that a request brings: in itself, or in a file of one record a line.
  fileprivate func people(
    _ parameters: Parameters, _ context: RequestContext
  ) throws -> [PeopleRecord] {
    let file = try parameters.image("Input")
    let list = try parameters.array("People", limit: Self.peoplePageLimit)
    switch (file, list) {
    case (let file?, nil):
      let lines = try images.load(file, context).bytes.split(separator: UInt8(ascii: "\n"))
      return try lines.enumerated().map { try record($1, number: $0 + 1, field: "Input") }
    case (nil, let list?):
      return try list.enumerated().map {
        try record(try LineCodec.content($1)[...], number: $0 + 1, field: "People")
      }
    default:
      throw parameters.missing(
        "People", "a list of at most \(Self.peoplePageLimit) records, or Input, a file of them")
    }
  }

  private func record(
    _ text: ArraySlice<UInt8>, number: Int, field: String
  ) throws -> PeopleRecord {
    let record = try? LineCodec.decode(PeopleRecord.self, from: Array(text))
    guard let record, record.isWellFormed else {
      throw WireError(
        .invalidParameter, "Record \(number) of \(field) is not one that ExportPeople writes.",
        field: field)
    }
    return record
  }
}

extension PeopleRecord {
  /// Whether what there is of it is within the limits of UpdateFigureCluster.
  fileprivate var isWellFormed: Bool {
    let isDated = birthDate.map { Timestamp(iso8601: $0 + "T00:00:00Z") != nil } ?? true
    let texts =
      [(name, 512), (customID, 1024), (person, 128)] as [(String?, Int)]
    let isShort = texts.allSatisfy { text, limit in
      text.map { !$0.isEmpty && $0.utf8.count <= limit && !$0.utf8.contains(0) } ?? true
    }
    let labels = customLabels ?? [:]
    return isDated && isShort && labels.count <= 100
      && labels.allSatisfy { $0.key.utf8.count <= 1024 && $0.value.utf8.count <= 1024 }
      && (faces ?? []).count <= 2 && (faces ?? []).allSatisfy { $0.portable != nil }
  }
}

let peopleCommands = [
  Command("ExportPeople", .reader, libraryParameters + ["MaxResults", "NextToken"]) {
    service, parameters, _ in
    let limit = Int64(Service.peoplePageLimit)
    let count = try parameters.integer("MaxResults", in: 1...limit, default: Int(limit))
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters).id
        let query = Array("ExportPeople \(library)".utf8)
        var place = PeoplePlace()
        if let token = try parameters.string("NextToken", limit: 4096), !token.isEmpty {
          guard let bytes = service.pageTokens.cursor(of: token, query: query),
            let next = PeoplePlace(bytes: bytes)
          else {
            throw WireError(
              .invalidParameter, "NextToken does not continue this export.", field: "NextToken",
              hint: "Start anew without a token.")
          }
          place = next
        }
        let (records, next) = try snapshot.portablePeople(in: library, from: place, count: count)
        return ExportPeopleResult(
          people: records,
          nextToken: next.map { service.pageTokens.token(cursor: $0.bytes, query: query) })
      })
  },
  Command("ImportPeople", .curator, libraryParameters + ["People", "Input", "DryRun"]) {
    service, parameters, context in
    let request = try parameters.curation(context)
    let records = try service.people(parameters, context)
    let library = try service.store.read { try $0.library(of: parameters).id }
    var (result, change) = try service.people.curate(library, .peopleImport, request) {
      curation in
      var people = try PeopleImport(records, curation)
      try people.run()
      return people.result
    }
    result.change = change
    return Reply(result)
  },
]
