import FaceStore
import FaceTypes
import Testing

@Suite struct ClusterQueryTests {
  /// Ten clusters, one a second; cluster n has n % 4 figures in as many images.
  private struct Fixture {
    let test: TestStore
    let library: LibraryID
    var ids: [ClusterID] = []

    init() throws {
      test = try TestStore()
      library = try test.library()
      let media = try (0..<4).map { try test.media(library, "/\($0)") }
      let start = try test.store.read { try $0.nextClusterID(in: library) }
      for number in 0..<10 {
        test.clock.advance(by: 1000)
        let id = ClusterID(rawValue: start.rawValue + Int64(number))
        try test.store.write { transaction in
          try transaction.insertCluster(id, in: library)
          for medium in 0..<(number % 4) {
            let figures = try transaction.insertFigures(
              [.made(number * 10 + medium)], of: media[medium])
            try transaction.assign([ClusterAssignment(figure: figures[0], cluster: id)])
          }
          if number % 2 == 0 {
            try transaction.updateCluster(
              id,
              ClusterUpdate(
                name: .set("person \(number % 6)"), customID: .set("c\(number)"),
                customLabels: .set(["parity": "even", "third": "\(number % 3)"]),
                isHidden: .set(number == 8)),
              expectedLockVersion: nil)
          }
        }
        ids.append(id)
      }
    }

    func numbers(_ adjust: (inout ClusterQuery) -> Void) throws -> [Int] {
      var query = ClusterQuery(library: library)
      adjust(&query)
      let page = try test.store.read {
        try $0.clusters(query, page: .first(100), includesTotal: true)
      }
      #expect(page.total == page.records.count)
      return page.records.compactMap { ids.firstIndex(of: $0.id) }
    }
  }

  @Test func filters() throws {
    let fixture = try Fixture()
    #expect(try fixture.numbers { _ in } == Array(0..<10))
    #expect(try fixture.numbers { $0.library = LibraryID(rawValue: 77) } == [])
    #expect(try fixture.numbers { $0.name = "person 2" } == [2, 8])
    #expect(try fixture.numbers { $0.customID = "c4" } == [4])
    #expect(try fixture.numbers { $0.customLabels = ["parity": "even"] } == [0, 2, 4, 6, 8])
    #expect(
      try fixture.numbers { $0.customLabels = ["parity": "even", "third": "0"] } == [0, 6])
    #expect(try fixture.numbers { $0.customLabels = ["parity": "odd"] } == [])
    #expect(try fixture.numbers { $0.minimumFaceCount = 3 } == [3, 7])
    #expect(try fixture.numbers { $0.includesHidden = false } == [0, 1, 2, 3, 4, 5, 6, 7, 9])
    #expect(
      try fixture.numbers {
        $0.created = TimestampRange(
          earliest: Timestamp(milliseconds: 1_700_000_003_000),
          latest: Timestamp(milliseconds: 1_700_000_005_000))
      } == [2, 3, 4])
    #expect(
      try fixture.numbers { $0.updated.earliest = Timestamp(milliseconds: 1_700_000_010_000) }
        == [9])
  }

  @Test func sortsByEachKey() throws {
    let fixture = try Fixture()
    #expect(
      try fixture.numbers { $0.sort = .faceCount } == [0, 4, 8, 1, 5, 9, 2, 6, 3, 7])
    #expect(
      try fixture.numbers {
        $0.sort = .imageCount
        $0.order = .descending
      } == [7, 3, 6, 2, 9, 5, 1, 8, 4, 0])
    #expect(try fixture.numbers { $0.sort = .name } == [1, 3, 5, 7, 9, 0, 6, 2, 8, 4])
    #expect(
      try fixture.numbers {
        $0.sort = .created
        $0.order = .descending
      } == Array((0..<10).reversed()))
  }

  @Test(arguments: ClusterSort.allCases, [SortOrder.ascending, SortOrder.descending])
  func pagesJoinIntoTheWholeList(sort: ClusterSort, order: SortOrder) throws {
    let fixture = try Fixture()
    let query = ClusterQuery(library: fixture.library, sort: sort, order: order)
    let whole = try fixture.test.store.read { try $0.clusters(query, page: .first(100)).records }
    #expect(whole.count == 10)
    for size in [1, 3, 10] {
      var cursor: PageCursor?
      var joined: [ClusterRecord] = []
      repeat {
        let page = try fixture.test.store.read {
          try $0.clusters(query, page: .after(cursor, count: size))
        }
        joined += page.records
        cursor = page.next.flatMap { PageCursor(bytes: $0.bytes) }
      } while cursor != nil
      #expect(joined == whole)
    }
  }

  @Test func whatStaysInPlaceComesOnceWhileOthersComeAndGo() throws {
    let fixture = try Fixture()
    let query = ClusterQuery(library: fixture.library, sort: .name, order: .descending)
    var cursor: PageCursor?
    var seen: [ClusterID] = []
    var round = 0
    repeat {
      let page = try fixture.test.store.read {
        try $0.clusters(query, page: .after(cursor, count: 2))
      }
      seen += page.records.map(\.id)
      cursor = page.next
      try fixture.test.store.write { transaction in
        // Odd ones have no name and come last; even ones stay where they are.
        if round == 0 { try transaction.deleteCluster(fixture.ids[9]) }
        if round == 1 { try transaction.deleteCluster(fixture.ids[4]) }
        let new = try transaction.nextClusterID(in: fixture.library)
        try transaction.insertCluster(new, in: fixture.library)
        try transaction.updateCluster(
          new, ClusterUpdate(name: .set("zz \(round)")), expectedLockVersion: 0)
      }
      round += 1
    } while cursor != nil
    #expect(Set(seen).count == seen.count)
    #expect([0, 1, 2, 3, 5, 6, 7, 8].allSatisfy { seen.contains(fixture.ids[$0]) })
  }
}
