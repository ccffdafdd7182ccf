internal import FaceStore
internal import FaceTypes
internal import WireProtocol

extension Snapshot {
  fileprivate func existingEvent(
    _ parameters: Parameters, _ name: String
  ) throws -> IdentityEventRecord {
    guard let identifier = try parameters.eventID(name) else {
      throw parameters.missing(name, "an EventId: a UUID")
    }
    guard let event = try identityEvent(withPublicID: identifier) else {
      throw WireError(
        .resourceNotFound, "There is no event \(identifier.asEvent) in the log.", field: name,
        hint: "ListIdentityEvents lists those that exist.")
    }
    return event
  }
}

let identityCommands = [
  Command("UndoIdentityEvent", .curator, ["EventId", "DryRun"]) {
    service, parameters, context in
    let event = try service.store.read { try $0.existingEvent(parameters, "EventId") }
    let request = CurationRequest(
      requestedBy: context.caller.userID,
      isRehearsal: try parameters.boolean("DryRun", default: false))
    let (kept, change) = try service.people.curate(event.library, .undo, request) { curation in
      // Read again, since it may have been undone meanwhile.
      let event = try curation.transaction.existingEvent(parameters, "EventId")
      return try curation.undo(event, requestedBy: request.requestedBy)
    }
    return Reply(CurationResult(figureCluster: nil, keptCount: kept, change: change))
  },
  Command(
    "ListIdentityEvents", .reader,
    libraryParameters + [
      "ObjectId", "FigureId", "CreateTimeRange", "ByUsersOnly", "WithFigures", "WithTotalCount",
      "MaxResults", "NextToken",
    ]
  ) { service, parameters, _ in
    let page = try service.page(
      parameters, of: "ListIdentityEvents", sizes: 1...100, defaultSize: 20)
    let withFigures = try parameters.boolean("WithFigures", default: false)
    let withTotal = try parameters.boolean("WithTotalCount", default: false)
    let byUsersOnly = try parameters.boolean("ByUsersOnly", default: false)
    return Reply(
      try service.store.read { snapshot in
        var query = IdentityEventQuery(
          library: try snapshot.library(of: parameters).id,
          created: try parameters.timeRange("CreateTimeRange"), byUsersOnly: byUsersOnly)
        if let identifier = try parameters.clusterID("ObjectId") {
          let cluster = try snapshot.existingCluster(identifier, field: "ObjectId")
          (query.cluster, query.library) = (cluster.id, cluster.library)
        }
        if let identifier = try parameters.figureID("FigureId") {
          guard let figure = try snapshot.figure(withPublicID: identifier) else {
            throw WireError(
              .resourceNotFound, "There is no figure \(identifier.asFigure).", field: "FigureId")
          }
          (query.figure, query.library) = (figure.id, figure.library)
        }
        let found = try snapshot.identityEvents(
          query, page: page.request, includesTotal: withTotal)
        return ListIdentityEventsResult(
          events: try found.records.map {
            try snapshot.message($0, withFigures: withFigures)
          },
          nextToken: page.token(found.next), totalCount: found.total)
      })
  },
  Command("GetIdentityEvent", .reader, ["EventId"]) { service, parameters, _ in
    Reply(
      try service.store.read { snapshot in
        IdentityEventResult(
          event: try snapshot.message(
            try snapshot.existingEvent(parameters, "EventId"), withFigures: true))
      })
  },
  Command("EraseIdentityEvents", .admin, libraryParameters + ["Before"]) {
    service, parameters, _ in
    let date = try parameters.time("Before")
    let erased = try service.store.write { transaction in
      try transaction.eraseIdentityEvents(
        in: try transaction.library(of: parameters).id, before: date)
    }
    return Reply(EraseIdentityEventsResult(erased: erased))
  },
]
