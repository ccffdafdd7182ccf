package import FaceTypes
internal import FoundationEssentials

extension SQLConvertible where Self: RowIdentifier {
  package var sqlValue: SQLValue { .integer(rawValue) }
}
extension LibraryID: SQLConvertible {}
extension MediaID: SQLConvertible {}
extension FigureID: SQLConvertible {}
extension ClusterID: SQLConvertible {}
extension RecognitionLibraryID: SQLConvertible {}
extension EntityID: SQLConvertible {}
extension TaskID: SQLConvertible {}

extension PublicIdentifier: SQLConvertible {
  package var sqlValue: SQLValue { .blob(bytes) }
}
extension Timestamp: SQLConvertible {
  package var sqlValue: SQLValue { .integer(milliseconds) }
}
extension Landmarks: SQLConvertible {
  package var sqlValue: SQLValue { .blob(points.flatMap { [$0.x, $0.y] }.littleEndianBytes) }
}
extension CustomValue: SQLConvertible {
  package var sqlValue: SQLValue {
    switch self {
    case .integer(let value): .integer(value)
    case .text(let value): .text(value)
    }
  }
}

extension Row {
  mutating func id<Identifier: RowIdentifier>() -> Identifier { Identifier(rawValue: integer()) }
  mutating func optionalID<Identifier: RowIdentifier>() -> Identifier? {
    optionalInteger().map { Identifier(rawValue: $0) }
  }
  mutating func timestamp() -> Timestamp { Timestamp(milliseconds: integer()) }
  mutating func optionalTimestamp() -> Timestamp? {
    optionalInteger().map { Timestamp(milliseconds: $0) }
  }

  mutating func publicID() throws(StoreError) -> PublicIdentifier {
    guard let identifier = PublicIdentifier(bytes: blob()) else {
      throw .damaged("a public id that has not 16 bytes")
    }
    return identifier
  }

  /// A text that is one of an enumeration's raw values.
  mutating func choice<Choice: RawRepresentable<String>>() throws(StoreError) -> Choice {
    let text = text()
    guard let choice = Choice(rawValue: text) else {
      throw .damaged("\"\(text)\" for a \(Choice.self)")
    }
    return choice
  }

  mutating func landmarks() throws(StoreError) -> Landmarks {
    guard let numbers = floats(), numbers.count == 10,
      let landmarks = Landmarks(
        points: (0..<5).map { Point(x: numbers[2 * $0], y: numbers[2 * $0 + 1]) })
    else { throw .damaged("landmarks that are not five points") }
    return landmarks
  }

  mutating func tags() throws(StoreError) -> [String] {
    let json = text()
    guard json != "[]" else { return [] }
    do {
      return try JSONDecoder().decode([String].self, from: Data(json.utf8))
    } catch {
      throw .damaged("tags that are no list of texts")
    }
  }
}

extension [String] {
  /// The texts as a JSON list.
  var json: String {
    guard !isEmpty, let data = try? JSONEncoder().encode(self) else { return "[]" }
    return String(decoding: data, as: UTF8.self)
  }
}
