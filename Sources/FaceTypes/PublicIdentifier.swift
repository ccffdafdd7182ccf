/// The 128 random bits by which clients know a medium, figure, cluster or task.
///
/// The kinds are spelled differently on the wire, as in the reference pages: a medium as 32
/// hexadecimal digits, a figure and a task as a UUID, a cluster as `Cluster-` and a UUID.
public struct PublicIdentifier: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A new identifier from the system's random numbers, marked as a version 4 UUID (RFC 9562).
  public static func random() -> PublicIdentifier {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// A new identifier from `generator`, marked as a version 4 UUID (RFC 9562).
  public static func random(using generator: inout some RandomNumberGenerator) -> PublicIdentifier {
    let high = (generator.next() & ~0xF000) | 0x4000
    let low = (generator.next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    return PublicIdentifier(high: high, low: low)
  }

  /// 32 lower-case hexadecimal digits.
  public var hexadecimal: String { Self.digits(high) + Self.digits(low) }

  /// The form `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
  public var uuid: String {
    let digits = hexadecimal
    var result = ""
    result.reserveCapacity(36)
    for (position, digit) in digits.enumerated() {
      if position == 8 || position == 12 || position == 16 || position == 20 { result.append("-") }
      result.append(digit)
    }
    return result
  }

  /// Reads either spelling; `nil` if `text` is not 32 hexadecimal digits after removing hyphens.
  public init?(_ text: some StringProtocol) {
    var halves: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      case UInt8(ascii: "-"): continue
      default: return nil
      }
      guard count < 32 else { return nil }
      if count < 16 {
        halves.0 = halves.0 << 4 | UInt64(digit)
      } else {
        halves.1 = halves.1 << 4 | UInt64(digit)
      }
      count += 1
    }
    guard count == 32 else { return nil }
    self.init(high: halves.0, low: halves.1)
  }

  /// The 16 bytes, most significant first.
  public var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
  }

  /// Reads what ``bytes`` wrote; `nil` unless there are 16.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    func half(_ slice: ArraySlice<UInt8>) -> UInt64 { slice.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: half(bytes[0..<8]), low: half(bytes[8..<16]))
  }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
