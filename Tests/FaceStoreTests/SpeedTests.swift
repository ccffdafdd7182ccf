import FaceStore
import FaceTypes
import Foundation
import Testing

extension Tag {
  @Tag static var speed: Self
}

/// Prints how long things take; run with FIGURED_STORE_SPEED=1 in release.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["FIGURED_STORE_SPEED"] != nil))
struct SpeedTests {
  @Test(.tags(.speed)) func hundredThousandFigures() throws {
    let test = try TestStore()
    let store = test.store
    let library = try test.library()
    let clock = ContinuousClock()
    func report(_ what: String, _ count: Int, _ body: () throws -> Void) rethrows {
      let time = try clock.measure(body)
      let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
      print("\(what): \(count) in \(seconds) s, \(Double(count) / seconds)/s")
    }
    for hasCrop in [false, true] {
      let crop = hasCrop ? [UInt8](repeating: 7, count: 8000) : nil
      let figures = (0..<5000).map { NewFigure.made($0 + (hasCrop ? 1_000_000 : 0), crop: crop) }
      let label = "insert figures" + (hasCrop ? " with 8 kB crops" : "")
      try report(label, 5000) {
        for batch in 0..<50 {
          try store.write { transaction in
            let media = try transaction.insertMedia(
              NewMedia(library: library, uri: "\(hasCrop)/\(batch)", mediaType: .image))
            _ = try transaction.insertFigures(
              Array(figures[batch * 100..<batch * 100 + 100]), of: media)
          }
        }
      }
    }
    let count = 90_000
    let figures = (0..<count).map { NewFigure.made($0 + 2_000_000) }
    try report("insert figures, 3 a medium, 99 a transaction", count) {
      for batch in 0..<(count / 99) {
        try store.write { transaction in
          for medium in 0..<33 {
            let start = batch * 99 + medium * 3
            let media = try transaction.insertMedia(
              NewMedia(library: library, uri: "/photos/\(batch)/\(medium)", mediaType: .image))
            _ = try transaction.insertFigures(Array(figures[start..<start + 3]), of: media)
          }
        }
      }
    }
    for round in 0..<3 {
      var ids: [FigureID] = []
      try report("read all embeddings, round \(round)", 100_000) {
        try store.read { snapshot in
          try snapshot.forEachEmbeddedFigure(in: library, fingerprint: .first) { figure in
            ids.append(figure.figure)
          }
        }
      }
      if round == 0 {
        let first = try store.read { try $0.nextClusterID(in: library) }
        let clusters = [first, ClusterID(rawValue: first.rawValue + 1)]
        try store.write { transaction in
          for cluster in clusters { try transaction.insertCluster(cluster, in: library) }
        }
        try report("assign to a cluster", 50_000) {
          try store.write { transaction in
            _ = try transaction.assign(
              ids[..<50_000].map { ClusterAssignment(figure: $0, cluster: clusters[0]) })
          }
        }
        try report("add one figure to a cluster of 50,000", 100) {
          for id in ids[50_000..<50_100] {
            try store.write { transaction in
              _ = try transaction.assign([ClusterAssignment(figure: id, cluster: clusters[0])])
            }
          }
        }
        try report("show a cluster of 50,000", 1000) {
          for _ in 0..<1000 { _ = try store.read { try $0.cluster(clusters[0]) } }
        }
        try report("first page of a cluster of 50,000", 1000) {
          for _ in 0..<1000 {
            _ = try store.read { try $0.figures(in: clusters[0], page: .first(20)) }
          }
        }
        try report("move all figures to another cluster", 50_100) {
          _ = try store.write { try $0.moveFigures(from: clusters[0], to: clusters[1]) }
        }
        try report("insert clusters", 20_000) {
          try store.write { transaction in
            for number in 2..<20_002 {
              try transaction.insertCluster(
                ClusterID(rawValue: first.rawValue + Int64(number)), in: library)
            }
          }
        }
        for sort in ClusterSort.allCases {
          try report("first page of 20,000 clusters by \(sort)", 1) {
            _ = try store.read {
              try $0.clusters(
                ClusterQuery(library: library, sort: sort, order: .descending), page: .first(100))
            }
          }
        }
      }
    }
    try report("count a library", 1) { _ = try store.read { try $0.counts(of: library) } }
    try report("full check", 1) { () throws in #expect(try test.isIntact()) }
    print(try store.read { try $0.statistics() })
    try report("back up", 1) { try store.backUp(to: test.directory.path + "/backup.sqlite") }
    let media = try store.read {
      try $0.media(MediaQuery(library: library), page: .first(1000)).records.map(\.id)
    }
    try report("delete media", media.count) { try store.write { _ = try $0.deleteMedia(media) } }
    try report("finish the erasure", 1) { () throws in #expect(try store.finishErasure()) }
    let paths = (0..<10_000).map { "/photos/\($0).jpg" }
    let task = try store.write {
      try $0.insertTask(NewTask(library: library, kind: "import", requestedBy: 0))
    }
    try report("queue items", 10_000) {
      try store.write { try $0.appendItems(to: task, paths: paths) }
    }
    try report("claim and finish items by 100", 10_000) {
      while true {
        let items = try store.write { try $0.claimItems(of: task, count: 100) }
        guard !items.isEmpty else { break }
        try store.write {
          try $0.finishItems(
            of: task, items.map { TaskItemOutcome(ordinal: $0.ordinal, result: .done(nil)) })
        }
      }
    }
    try report("drop the library", 1) { try store.dropLibrary(library) }
    print(try store.read { try $0.statistics() })
  }
}
