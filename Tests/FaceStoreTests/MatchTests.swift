import FaceStore
import FaceTypes
import MatchLanguage
import Testing

/// A Match in the database finds what a plain evaluation of the same media finds.
@Suite struct MatchTests {
  private static let words = [
    "sea", "Sea", "lake", "北京", "北京的天安门", "京", "a", "it's \"so\"", "Ann", "Bob", "", "100%", "x_y",
    "Straße", "ＡＢＣ",
  ]
  private static let custom = ["intField1", "strField1", "size", "odd name"]

  /// A library of random media, and what is known of each.
  private struct Library {
    let test: TestStore
    let id: LibraryID
    var subjects: [MediaID: MatchSubject] = [:]

    init(seed: UInt64) throws {
      test = try TestStore()
      id = try test.library()
      let other = try test.library("other")
      var generator = SplitMix(seed: seed)
      let people = try test.store.write { transaction in
        let first = try transaction.nextClusterID(in: id).rawValue
        return try ["Ann", "Bob", nil].enumerated().map { number, name in
          let cluster = ClusterID(rawValue: first + Int64(number))
          try transaction.insertCluster(cluster, in: id)
          if let name {
            var update = ClusterUpdate()
            update.name = .set(name)
            _ = try transaction.updateCluster(cluster, update, expectedLockVersion: nil)
          }
          return cluster
        }
      }
      for number in 0..<60 {
        test.clock.advance(by: Int64.random(in: 0...3, using: &generator))
        let new = MatchTests.medium(number, in: number % 10 == 9 ? other : id, &generator)
        let media = try test.store.write { try $0.insertMedia(new) }
        guard new.library == id else { continue }
        var shown: [ClusterID] = []
        let faces = (0..<Int.random(in: 0...3, using: &generator)).map {
          NewFigure.made(number * 4 + $0, quality: Float($0) / 4)
        }
        let figures = try test.figures(media, faces)
        try test.store.write { transaction in
          for figure in figures {
            guard let person = people.randomElement(using: &generator),
              Bool.random(using: &generator)
            else { continue }
            shown.append(person)
            try transaction.assign([
              ClusterAssignment(figure: figure, cluster: person, confidence: 1)
            ])
          }
          if number % 7 == 3 {
            // A change of words must leave nothing of the old ones behind.
            var details = new.details
            details.title = MatchTests.words.randomElement(using: &generator)
            details.tags = []
            details.texts.removeAll { $0.kind == .ocr }
            try transaction.setDetails(of: media, details)
          }
        }
        subjects[media] = try test.store.read { snapshot in
          try MatchTests.subject(try #require(try snapshot.media(media)), shown, faces, snapshot)
        }
      }
      // What is deleted is found no more.
      let gone = try #require(subjects.keys.min())
      try test.store.write { _ = try $0.deleteMedia([gone]) }
      subjects[gone] = nil
    }

    func expected(_ match: MatchExpression) -> Set<MediaID> {
      Set(subjects.filter { match.matches($0.value) }.keys)
    }

    func found(_ match: MatchExpression) throws -> Set<MediaID> {
      let search = MediaSearch(library: id, match: match)
      let (media, total) = try test.store.read { try $0.media(search, count: 1000) }
      #expect(total == MediaTotal(count: media.count, isLowerBound: false), "\(match)")
      let (some, all) = try test.store.read { try $0.media(search, count: 2) }
      #expect(some == Array(media.prefix(2)), "\(match)")
      #expect(all == total, "\(match)")
      return Set(media)
    }
  }

  private static func medium(
    _ number: Int, in library: LibraryID, _ generator: inout SplitMix
  ) -> NewMedia {
    func word() -> String? {
      words.randomElement(using: &generator).flatMap { $0.isEmpty ? nil : $0 }
    }
    var details = MediaDetails(
      title: word(), description: word().map { $0 + " and " + (word() ?? "") },
      tags: [word(), word()].compactMap { $0 })
    details.namespace = Bool.random(using: &generator) ? "n" : nil
    details.referenceID = number % 3 == 0 ? "reference-\(number)" : nil
    for name in custom where Bool.random(using: &generator) {
      let isNumber = name == "intField1" || (name == "size" && Bool.random(using: &generator))
      details.customFields[name] =
        isNumber ? .integer(Int64.random(in: -2...4, using: &generator)) : .text(word() ?? "-")
    }
    for kind in AttachedTextKind.allCases where Bool.random(using: &generator) {
      details.texts.append(
        AttachedText(
          kind: kind, content: word() ?? "sign", labelCategory: kind == .label ? word() : nil,
          labelID: kind == .label ? "l\(number % 4)" : nil))
    }
    var content = MediaContent(byteCount: Int64(number % 5) * 1000, format: "jpeg")
    if number % 4 == 0 {
      content.position = GeographicPosition(latitude: Double(number), longitude: -1.5)
      content.captureTime = CaptureTime(
        localTime: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)), offsetSeconds: nil)
    }
    return NewMedia(
      library: library, uri: "file:///p/\(number).jpg",
      mediaType: number % 6 == 0 ? .video : .image,
      status: number % 5 == 0 ? .failed(code: "x", message: "y") : .ready, content: content,
      details: details)
  }

  private static func subject(
    _ media: MediaRecord, _ shown: [ClusterID], _ faces: [NewFigure], _ snapshot: Snapshot
  ) throws -> MatchSubject {
    func text(_ value: String?) -> [MatchValue] { value.map { [.text($0)] } ?? [] }
    func texts(_ kind: AttachedTextKind) -> [MatchValue] {
      media.details.texts.filter { $0.kind == kind }.map { .text($0.content) }
    }
    func number(_ value: (some BinaryInteger)?) -> [MatchValue] {
      value.map { [.number(Double($0))] } ?? []
    }
    let people = try snapshot.clusters(shown)
    var values: [MatchField: [MatchValue]] = [
      .title: text(media.details.title), .description: text(media.details.description),
      .tags: media.details.tags.map { .text($0) }, .mediaID: text(media.publicID.hexadecimal),
      .inputURL: text(media.uri), .mediaType: text(media.mediaType.rawValue),
      .status: text(media.status.kind == .ready ? "Normal" : "Failed"),
      .namespace: text(media.details.namespace), .referenceID: text(media.details.referenceID),
      .format: text(media.content.format), .created: number(media.created.milliseconds),
      .modified: number(media.updated.milliseconds),
      .captured: number(media.content.captureTime?.localTime.milliseconds),
      .fileSize: number(media.content.byteCount),
      .latitude: media.content.position.map { [.number($0.latitude)] } ?? [],
      .longitude: media.content.position.map { [.number($0.longitude)] } ?? [],
      .ocr: texts(.ocr), .speech: texts(.speech), .caption: texts(.caption),
      .labelName: texts(.label),
      .labelCategory: media.details.texts.compactMap { $0.labelCategory.map { .text($0) } },
      .labelID: media.details.texts.compactMap { $0.labelID.map { .text($0) } },
      .person: people.compactMap { $0.name.map { .text($0) } },
      .personID: people.map { .text("Cluster-" + $0.publicID.uuid) },
      .faceCount: number(faces.count), .personCount: number(Set(shown).count),
      .faceQuality: faces.map { .number(Double($0.face.quality.value)) },
    ]
    for (name, value) in media.details.customFields {
      switch value {
      case .integer(let value): values[.custom(name)] = [.number(Double(value))]
      case .text(let value): values[.custom(name)] = [.text(value)]
      }
    }
    return MatchSubject(values)
  }

  /// A random tree of conditions that can be written.
  private static func tree(_ depth: Int, _ generator: inout SplitMix) -> MatchExpression {
    switch depth > 0 ? Int.random(in: 0...3, using: &generator) : 3 {
    case 0: return .not(tree(depth - 1, &generator))
    case 1:
      return .all(
        (0..<Int.random(in: 2...3, using: &generator)).map { _ in tree(depth - 1, &generator) })
    case 2:
      return .any(
        (0..<Int.random(in: 2...3, using: &generator)).map { _ in tree(depth - 1, &generator) })
    default: return .condition(condition(&generator))
    }
  }

  private static func condition(_ generator: inout SplitMix) -> MatchCondition {
    let fields = MatchField.named + custom.map { .custom($0) }
    let field = fields.randomElement(using: &generator) ?? .title
    func value() -> MatchValue {
      let isNumber =
        field.kind == .number || field.kind == .time
        || (field.kind == .any && Bool.random(using: &generator))
      guard isNumber else {
        if field == .labelID { return .text("l\(Int.random(in: 0...4, using: &generator))") }
        if field == .status { return .text("Normal") }
        if field == .mediaType { return .text("video") }
        return .text(words.randomElement(using: &generator) ?? "")
      }
      return .number(number())
    }
    func number() -> Double {
      switch field.kind {
      case .time: 1_700_000_000_000 + Double(Int.random(in: 0...90, using: &generator))
      default:
        [-1, 0, 0.25, 0.5, 1, 2, 3, 1000, 2000, 16].randomElement(using: &generator) ?? 0
      }
    }
    func end() -> MatchRange.End? {
      Bool.random(using: &generator)
        ? .init(number(), isIncluded: Bool.random(using: &generator)) : nil
    }
    let values = (0..<Int.random(in: 1...3, using: &generator)).map { _ in value() }
    switch Int.random(in: 0...6, using: &generator) {
    case 0: return MatchCondition(field, .exists)
    case 1: return MatchCondition(field, .different(values[0]))
    case 2: return MatchCondition(field, .anyOf(values))
    case 3: return MatchCondition(field, .allOf(values))
    case 4 where field.kind != .prose && field.kind != .word:
      let upper = end()
      let lower = end() ?? (upper == nil ? .init(number(), isIncluded: true) : nil)
      return MatchCondition(field, .within(MatchRange(lower: lower, upper: upper)))
    case 5:
      if case .text(let text) = values[0], !text.isEmpty {
        return MatchCondition(field, .contains(text))
      }
      fallthrough
    default: return MatchCondition(field, .equal(values[0]))
    }
  }

  @Test(arguments: 0..<4)
  func findsWhatAPlainEvaluationFinds(seed: UInt64) throws {
    let library = try Library(seed: seed)
    var generator = SplitMix(seed: seed &+ 1000)
    var foundSome = 0
    for _ in 0..<300 {
      let match = Self.tree(Int.random(in: 0...3, using: &generator), &generator)
      let parsed = try MatchExpression(parsing: "\(match)")
      #expect(parsed == match, "\(match)")
      let found = try library.found(parsed)
      #expect(found == library.expected(match), "\(match)")
      if !found.isEmpty && found.count < library.subjects.count { foundSome += 1 }
    }
    #expect(foundSome > 50)
  }

  @Test func sortsBySeveralKeys() throws {
    let library = try Library(seed: 7)
    let search = MediaSearch(
      library: library.id, sort: [.init(.fileSize, .ascending), .init(.title, .descending)])
    let (media, _) = try library.test.store.read { try $0.media(search, count: 1000) }
    let records = try library.test.store.read { try $0.media(media) }
    #expect(records.count == library.subjects.count)
    for (first, second) in zip(records, records.dropFirst()) {
      let sizes = (first.content.byteCount ?? -1, second.content.byteCount ?? -1)
      #expect(sizes.0 <= sizes.1)
      if sizes.0 == sizes.1 {
        let (title, next) = (first.details.title ?? "", second.details.title ?? "")
        #expect(Array(title.utf8).lexicographicallyPrecedes(Array(next.utf8)) == false)
      }
    }
  }
}
