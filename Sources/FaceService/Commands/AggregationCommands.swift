internal import FaceStore
internal import FaceTypes
internal import WireProtocol

let aggregationCommands = [
  Command(
    "AggregateMedia", .reader,
    libraryParameters + mediaFilterParameters + ["Match", "GroupBy", "MaxResults"]
  ) { service, parameters, _ in
    let expected = "one or two of " + MediaGrouping.allCases.map(\.rawValue).joined(separator: ", ")
    guard let words = try parameters.words("GroupBy", limit: 2, length: 16), !words.isEmpty else {
      throw parameters.missing("GroupBy", expected)
    }
    let groupings = words.compactMap(MediaGrouping.init)
    guard groupings.count == words.count, Set(groupings).count == groupings.count else {
      throw parameters.invalid("GroupBy", expected)
    }
    let limit = try parameters.integer("MaxResults", in: 1...2000, default: 100)
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        let groups = try snapshot.groups(
          of: try parameters.mediaFilter(in: library.id), by: groupings, limit: limit)
        return AggregateMediaResult(
          groups: groups.map { .init(values: $0.values, count: $0.count) })
      }, withSuccess: true)
  },
  Command(
    "QueryPeopleTogether", .reader,
    libraryParameters + mediaFilterParameters + ["Match", "MaxResults"]
  ) { service, parameters, _ in
    let limit = try parameters.integer("MaxResults", in: 1...1000, default: 100)
    return Reply(
      try service.store.read { snapshot in
        let library = try snapshot.library(of: parameters)
        let pairs = try snapshot.peopleTogether(
          in: try parameters.mediaFilter(in: library.id), limit: limit)
        return PeopleTogetherResult(
          pairs: try pairs.map { pair in
            PeopleTogetherResult.Pair(
              figureClusters: try snapshot.clusters([pair.first, pair.second]).map {
                .init(objectID: $0.publicID.asCluster, name: $0.name)
              }, mediaCount: pair.count)
          })
      }, withSuccess: true)
  },
]
