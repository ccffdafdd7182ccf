import FaceStore
import FaceTypes
import Testing

@Suite struct MediaQueryTests {
  /// Twelve media, one a second, whose fields follow from their number.
  private static func filled() throws -> (TestStore, LibraryID, [MediaID]) {
    let test = try TestStore()
    let library = try test.library()
    let other = try test.library("other")
    var ids: [MediaID] = []
    for number in 0..<12 {
      test.clock.advance(by: 1000)
      var content = MediaContent()
      if number % 4 != 0 {
        content.captureTime = CaptureTime(
          localTime: Timestamp(milliseconds: Int64(100 - number)), offsetSeconds: nil)
      }
      let new = NewMedia(
        library: library, uri: "/\(11 - number)", mediaType: number % 3 == 0 ? .video : .image,
        status: number % 5 == 0 ? .failed(code: "c", message: "m") : .ready, content: content,
        details: MediaDetails(
          title: number < 6 ? "same" : nil, namespace: number % 2 == 0 ? "even" : "odd",
          customFields: [
            "intField1": .integer(Int64(number)), "strField1": .text("\(number % 3)"),
          ]))
      ids.append(try test.store.write { try $0.insertMedia(new) })
      _ = try test.media(other, "/\(number)")
    }
    return (test, library, ids)
  }

  private static func numbers(_ adjust: (inout MediaQuery) -> Void) throws -> [Int] {
    let (test, library, ids) = try filled()
    var query = MediaQuery(library: library)
    adjust(&query)
    let page = try test.store.read { try $0.media(query, page: .first(100), includesTotal: true) }
    #expect(page.total == page.records.count)
    #expect(page.next == nil)
    return page.records.compactMap { ids.firstIndex(of: $0.id) }
  }

  @Test func filters() throws {
    #expect(try Self.numbers { _ in } == Array(0..<12))
    #expect(try Self.numbers { $0.mediaType = .video } == [0, 3, 6, 9])
    #expect(try Self.numbers { $0.namespace = "odd" } == [1, 3, 5, 7, 9, 11])
    #expect(try Self.numbers { $0.statuses = [.failed] } == [0, 5, 10])
    #expect(try Self.numbers { $0.statuses = [.failed, .ready] } == Array(0..<12))
    #expect(try Self.numbers { $0.statuses = [] } == [])
    #expect(
      try Self.numbers {
        $0.created = TimestampRange(
          earliest: Timestamp(milliseconds: 1_700_000_002_000),
          latest: Timestamp(milliseconds: 1_700_000_004_000))
      } == [1, 2, 3])
    #expect(
      try Self.numbers { $0.captured.earliest = Timestamp(milliseconds: 98) } == [1, 2])
    #expect(
      try Self.numbers {
        $0.mediaType = .video
        $0.namespace = "even"
      } == [0, 6])
  }

  @Test func matchesCustomFields() throws {
    func numbers(_ field: String, _ match: CustomFieldCondition.Match) throws -> [Int] {
      try Self.numbers { $0.customFields = [CustomFieldCondition(field: field, match: match)] }
    }
    #expect(try numbers("intField1", .equal(.integer(7))) == [7])
    #expect(try numbers("intField1", .equal(.text("7"))) == [])
    #expect(try numbers("strField1", .equal(.text("1"))) == [1, 4, 7, 10])
    #expect(try numbers("strField1", .equal(.integer(1))) == [])
    #expect(try numbers("intField1", .anyOf([.integer(3), .integer(99), .integer(1)])) == [1, 3])
    #expect(try numbers("intField1", .anyOf([])) == [])
    #expect(try numbers("intField1", .range(from: .integer(9), through: nil)) == [9, 10, 11])
    #expect(try numbers("intField1", .range(from: nil, through: .integer(1))) == [0, 1])
    #expect(try numbers("intField1", .range(from: .integer(4), through: .integer(6))) == [4, 5, 6])
    // Texts sort after all integers in SQLite, but are not greater to us.
    #expect(try numbers("strField1", .range(from: .integer(0), through: nil)) == [])
    #expect(try numbers("missing", .range(from: nil, through: nil)) == [])
    #expect(try numbers("strField1", .equal(.text("' OR 1=1 --"))) == [])
    #expect(try numbers("' OR 1=1 --", .equal(.text("1"))) == [])
  }

  @Test func combinesCustomFieldsWithAnd() throws {
    let found = try Self.numbers {
      $0.customFields = [
        CustomFieldCondition(field: "strField1", match: .equal(.text("1"))),
        CustomFieldCondition(field: "intField1", match: .range(from: .integer(5), through: nil)),
      ]
    }
    #expect(found == [7, 10])
  }

  @Test func findsMediaThatShowAllOfSeveralPeople() throws {
    let (test, library, ids) = try Self.filled()
    let clusters = try test.store.write { transaction in
      let first = try transaction.nextClusterID(in: library)
      let clusters = [first, ClusterID(rawValue: first.rawValue + 1)]
      for cluster in clusters { try transaction.insertCluster(cluster, in: library) }
      for (number, media) in ids.enumerated() {
        let figures = try transaction.insertFigures(
          [.made(2 * number), .made(2 * number + 1)], of: media)
        try transaction.assign([
          ClusterAssignment(figure: figures[0], cluster: clusters[0]),
          ClusterAssignment(figure: figures[1], cluster: number % 2 == 0 ? clusters[1] : nil),
        ])
      }
      return clusters
    }
    func count(_ clusters: [ClusterID]) throws -> Int {
      try test.store.read {
        try $0.media(
          MediaQuery(library: library, clusters: clusters), page: .first(100)
        ).records.count
      }
    }
    #expect(try count([clusters[0]]) == 12)
    #expect(try count([clusters[1]]) == 6)
    #expect(try count(clusters) == 6)
  }

  @Test(
    arguments: MediaSort.allCases, [SortOrder.ascending, SortOrder.descending])
  func pagesJoinIntoTheWholeList(sort: MediaSort, order: SortOrder) throws {
    let (test, library, _) = try Self.filled()
    let query = MediaQuery(library: library, sort: sort, order: order)
    let whole = try test.store.read { try $0.media(query, page: .first(100)).records }
    #expect(whole.count == 12)
    for size in [1, 5, 6, 11, 12] {
      var cursor: PageCursor?
      var joined: [MediaRecord] = []
      repeat {
        let page = try test.store.read { try $0.media(query, page: .after(cursor, count: size)) }
        joined += page.records
        // What a client sends back.
        cursor = page.next.flatMap { PageCursor(bytes: $0.bytes) }
        #expect((page.next == nil) == (cursor == nil))
      } while cursor != nil
      #expect(joined == whole)
      let numbered = try (1...13).flatMap { number in
        try test.store.read {
          try $0.media(query, page: .numbered(number, size: size), includesTotal: true).records
        }
      }
      #expect(numbered == whole)
    }
  }

  @Test func sortsByEachKey() throws {
    #expect(try Self.numbers { $0.sort = .uri } == [11, 10, 1, 0, 9, 8, 7, 6, 5, 4, 3, 2])
    #expect(try Self.numbers { $0.sort = .captured } == [0, 4, 8, 11, 10, 9, 7, 6, 5, 3, 2, 1])
    #expect(
      try Self.numbers {
        $0.sort = .title
        $0.order = .descending
      } == [5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6])
  }

  @Test func refusesACursorOfAnotherOrder() throws {
    let (test, library, _) = try Self.filled()
    try test.store.read { snapshot throws in
      let byTitle = MediaQuery(library: library, sort: .title)
      let cursor = try snapshot.media(byTitle, page: .first(2)).next
      for other in [
        MediaQuery(library: library, sort: .uri),
        MediaQuery(library: library, sort: .id),
        MediaQuery(library: library, sort: .title, order: .descending),
      ] {
        #expect(throws: StoreError.invalidCursor) {
          try snapshot.media(other, page: .after(cursor, count: 2))
        }
      }
    }
  }

  @Test func emptyPagesAndFarPages() throws {
    let (test, library, _) = try Self.filled()
    let query = MediaQuery(library: library)
    try test.store.read { snapshot throws in
      let none = try snapshot.media(query, page: .first(0), includesTotal: true)
      #expect(none.records.isEmpty)
      #expect(none.total == 12)
      let far = try snapshot.media(query, page: .numbered(.max, size: 50), includesTotal: true)
      #expect(far.records.isEmpty)
      #expect(far.total == 12)
    }
  }
}
