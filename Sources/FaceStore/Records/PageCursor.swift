/// A place in a sorted list: after the object with this sort value and this id.
///
/// To clients its bytes mean nothing; sign them, since they are believed.
public struct PageCursor: Hashable, Sendable {
  /// What the list is sorted by; the lists use different codes.
  let sortCode: UInt8
  let order: SortOrder
  /// The sort value of the last object; `nil` where the list is sorted by id.
  let value: SQLValue?
  let id: Int64

  init(sortCode: UInt8, order: SortOrder, value: SQLValue?, id: Int64) {
    self.sortCode = sortCode
    self.order = order
    self.value = value
    self.id = id
  }

  private enum Tag: UInt8 {
    case none = 0
    case integer, real, text
  }

  /// The place as bytes: sort code, order, id, and a tagged value.
  public var bytes: [UInt8] {
    var bytes = [sortCode, order.rawValue] + Self.bigEndian(UInt64(bitPattern: id))
    switch value {
    case .integer(let value):
      bytes.append(Tag.integer.rawValue)
      bytes += Self.bigEndian(UInt64(bitPattern: value))
    case .real(let value):
      bytes.append(Tag.real.rawValue)
      bytes += Self.bigEndian(value.bitPattern)
    case .text(let value):
      bytes.append(Tag.text.rawValue)
      bytes += Array(value.utf8)
    case nil, .null, .blob: bytes.append(Tag.none.rawValue)
    }
    return bytes
  }

  /// Reads what ``bytes`` wrote; `nil` for anything else.
  public init?(bytes: [UInt8]) {
    guard bytes.count >= 11, let order = SortOrder(rawValue: bytes[1]),
      let tag = Tag(rawValue: bytes[10])
    else { return nil }
    let payload = bytes[11...]
    switch tag {
    case .none:
      guard payload.isEmpty else { return nil }
      value = nil
    case .integer:
      guard payload.count == 8 else { return nil }
      value = .integer(Int64(bitPattern: Self.number(payload)))
    case .real:
      guard payload.count == 8 else { return nil }
      value = .real(Double(bitPattern: Self.number(payload)))
    case .text:
      guard let text = String(validating: payload, as: UTF8.self) else { return nil }
      value = .text(text)
    }
    sortCode = bytes[0]
    self.order = order
    id = Int64(bitPattern: Self.number(bytes[2..<10]))
  }

  private static func bigEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
