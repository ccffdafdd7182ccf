internal import ContentHash
internal import FaceStore
internal import FaceTypes
internal import WireProtocol

/// Where the export of a library's people goes on: people come first, then their faces, then what
/// users said.
struct PeoplePlace: Sendable {
  enum Part: UInt8, Sendable {
    case people = 0
    case faces, statements
  }

  var part = Part.people
  /// The row after which it goes on.
  var row: Int64 = 0

  /// For a page token.
  var bytes: [UInt8] {
    [part.rawValue] + (0..<8).map { UInt8(truncatingIfNeeded: row >> (56 - 8 * $0)) }
  }

  init() {}

  init?(bytes: [UInt8]) {
    guard bytes.count == 9, let part = Part(rawValue: bytes[0]) else { return nil }
    self.part = part
    row = bytes.dropFirst().reduce(0) { $0 << 8 | Int64($1) }
  }
}

extension Snapshot {
  /// The next records of a library's people.
  ///
  /// - Parameters:
  ///   - library: whose people.
  ///   - place: where to go on.
  ///   - count: how many rows are looked at, at most.
  /// - Returns: the records, and where to go on; `nil` at the end.
  /// - Throws: ``StoreError``.
  func portablePeople(
    in library: LibraryID, from place: PeoplePlace, count: Int
  ) throws -> (records: [PeopleRecord], next: PeoplePlace?) {
    var records: [PeopleRecord] = []
    var place = place
    let found: Int
    switch place.part {
    case .people:
      let people = try self.people(in: library, after: place.row, count: count)
      found = people.count
      place.row = people.last?.id.rawValue ?? place.row
      records = people.map { PeopleRecord($0) }
    case .faces:
      let figures = try figuresOfPeople(in: library, after: place.row, count: count)
      found = figures.count
      place.row = figures.last?.id.rawValue ?? place.row
      records = try figures.compactMap { try faceRecord($0) }
    case .statements:
      let statements = try self.statements(in: library, after: place.row, count: count)
      found = statements.count
      place.row = statements.last?.row ?? place.row
      records = try statements.compactMap { try record($0.statement) }
    }
    guard found < count else { return (records, place) }
    guard let part = PeoplePlace.Part(rawValue: place.part.rawValue + 1) else {
      return (records, nil)
    }
    place.part = part
    place.row = 0
    return (records, place)
  }

  private func faceRecord(_ figure: FigureRecord) throws -> PeopleRecord? {
    guard let id = figure.cluster, let cluster = try cluster(id),
      let face = try portable(figure).flatMap(PortableFaceMessage.init)
    else { return nil }
    var record = PeopleRecord(.face, person: cluster.publicID.asCluster, faces: [face])
    if try statements(of: figure.id).contains(.pin(figure.id, id)) { record.isConfirmed = true }
    if cluster.chosenCover == figure.id { record.isCover = true }
    return record
  }

  /// A statement in portable words; `nil` for a pin, which its face tells, and where a picture's
  /// content is not known.
  private func record(_ statement: IdentityStatement) throws -> PeopleRecord? {
    guard let figure = try figure(statement.figure),
      let face = try portable(figure).flatMap(PortableFaceMessage.init)
    else { return nil }
    let other = try statement.otherFigure.flatMap { try self.figure($0) }
      .flatMap { try portable($0) }.flatMap(PortableFaceMessage.init)
    switch statement {
    case .pin: return nil
    case .notAFace: return PeopleRecord(.notAFace, faces: [face])
    case .exclude(_, let cluster):
      guard let person = try self.cluster(cluster)?.publicID.asCluster else { return nil }
      return PeopleRecord(.notThisPerson, person: person, faces: [face])
    case .mustLink: return other.map { PeopleRecord(.samePerson, faces: [face, $0]) }
    case .cannotLink: return other.map { PeopleRecord(.differentPeople, faces: [face, $0]) }
    }
  }
}

extension PeopleRecord {
  fileprivate init(_ cluster: ClusterRecord) {
    self.init(.person, person: cluster.publicID.asCluster)
    name = cluster.name
    customID = cluster.customID
    customLabels = cluster.customLabels.isEmpty ? nil : cluster.customLabels
    birthDate = cluster.birthDate
    isHidden = cluster.isHidden ? true : nil
    isFavourite = cluster.isFavourite ? true : nil
    isIgnored = cluster.isIgnored ? true : nil
  }
}

extension PortableFaceMessage {
  /// A face in millionths of its picture's size.
  init?(_ face: PortableFace) {
    guard let digest = SHA256Digest(bytes: face.contentSHA256) else { return nil }
    func rounded(_ value: Float) -> Double { (Double(value) * 1e6).rounded() / 1e6 }
    let box = face.box
    self.init(
      contentSHA256: digest.hexadecimal,
      box: [rounded(box.x), rounded(box.y), rounded(box.width), rounded(box.height)])
  }

  /// The face in the store's terms; `nil` unless it is well-formed.
  var portable: PortableFace? {
    guard let sha256 = hexadecimalBytes(contentSHA256), sha256.count == 32, box.count == 4,
      box.allSatisfy({ $0.isFinite && abs($0) <= 10 }), box[2] > 0, box[3] > 0
    else { return nil }
    return PortableFace(
      contentSHA256: sha256,
      box: BoundingBox(
        x: Float(box[0]), y: Float(box[1]), width: Float(box[2]), height: Float(box[3])))
  }
}

/// The bytes that pairs of hexadecimal digits stand for; `nil` for anything else.
private func hexadecimalBytes(_ text: String) -> [UInt8]? {
  let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  for start in stride(from: 0, to: digits.count, by: 2) {
    guard let high = digits[start], let low = digits[start + 1] else { return nil }
    bytes.append(UInt8(high << 4 | low))
  }
  return bytes
}
