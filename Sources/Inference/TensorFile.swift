internal import FoundationEssentials

/// Named tensors in the safetensors format.
///
/// Eight bytes say how long a JSON header is (little-endian); the header gives each tensor's type,
/// shape and place in the bytes that follow it. Nothing is believed before it has been checked
/// against the length of the file.
package struct TensorFile: Sendable {
  /// A number type that this runtime reads.
  package enum ElementType: String, Sendable, Codable {
    case float32 = "F32"
    case float16 = "F16"
    case int32 = "I32"
    case byte = "U8"

    var byteCount: Int {
      switch self {
      case .float32, .int32: 4
      case .float16: 2
      case .byte: 1
      }
    }
  }

  /// Where one tensor lies, in bytes from the start of the data.
  package struct Entry: Sendable {
    package let type: ElementType
    package let shape: [Int]
    let range: Range<Int>

    package var count: Int { shape.reduce(1, *) }
  }

  package let entries: [String: Entry]
  private let bytes: [UInt8]
  private let dataStart: Int

  private static let headerByteLimit = 4 << 20
  private static let rankLimit = 8

  /// Checks the header against the bytes.
  package init(_ bytes: [UInt8]) throws(ModelError) {
    guard bytes.count >= 8 else {
      throw .malformedWeights(reason: "\(bytes.count) bytes are too few for a header")
    }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(bytes.count - 8, Self.headerByteLimit)) else {
      throw .malformedWeights(reason: "a header of \(length) bytes does not fit")
    }
    dataStart = 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<dataStart]))
    } catch {
      throw .malformedWeights(reason: "the header is not the JSON of a tensor file")
    }
    var entries: [String: Entry] = [:]
    for (name, described) in header.tensors {
      entries[name] = try Self.checked(
        name, described, dataByteCount: bytes.count - dataStart)
    }
    self.entries = entries
    self.bytes = bytes
  }

  private static func checked(
    _ name: String, _ described: Header.Tensor, dataByteCount: Int
  ) throws(ModelError) -> Entry {
    guard let type = ElementType(rawValue: described.dtype) else {
      throw .malformedWeights(reason: "tensor \(name) has the unknown type \(described.dtype)")
    }
    guard described.shape.count <= rankLimit, described.shape.allSatisfy({ $0 >= 0 }) else {
      throw .malformedWeights(reason: "tensor \(name) has an impossible shape")
    }
    var size = type.byteCount
    for extent in described.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .malformedWeights(reason: "tensor \(name) is too large") }
      size = product
    }
    let offsets = described.data_offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
      offsets[1] <= dataByteCount, offsets[1] - offsets[0] == size
    else {
      throw .malformedWeights(reason: "tensor \(name) lies outside the file or has a wrong length")
    }
    return Entry(type: type, shape: described.shape, range: offsets[0]..<offsets[1])
  }

  /// A tensor's numbers as floats, row-major.
  package func floats(_ entry: Entry) -> [Float] {
    let data = unsafe bytes.span.bytes.extracting(
      (dataStart + entry.range.lowerBound)..<(dataStart + entry.range.upperBound))
    return unsafe [Float](unsafeUninitializedCapacity: entry.count) { buffer, count in
      for index in 0..<entry.count {
        let offset = index * entry.type.byteCount
        let value: Float =
          switch entry.type {
          case .float32: unsafe data.unsafeLoadUnaligned(fromByteOffset: offset, as: Float.self)
          case .float16:
            unsafe halfToFloat(data.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
          case .int32:
            unsafe Float(data.unsafeLoadUnaligned(fromByteOffset: offset, as: Int32.self))
          case .byte: unsafe Float(data.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self))
          }
        unsafe buffer[index] = value
      }
      count = entry.count
    }
  }

  /// A tensor's bytes as they are stored.
  package func rawBytes(_ name: String) -> [UInt8]? {
    entries[name].map {
      Array(bytes[dataStart + $0.range.lowerBound..<dataStart + $0.range.upperBound])
    }
  }
}

/// Widens an IEEE half, with integers alone: the baseline has no instruction for it.
private func halfToFloat(_ half: UInt16) -> Float {
  let magnitude = UInt32(half & 0x7fff) << 13
  let sign = UInt32(half & 0x8000) << 16
  if magnitude >= 0x7c00 << 13 {  // infinity or not a number
    return Float(bitPattern: sign | magnitude | 0x7f80_0000)
  }
  // The exponent's bias is 127 instead of 15; subnormal halves come out right as well.
  let value = Float(bitPattern: magnitude) * Float(sign: .plus, exponent: 112, significand: 1)
  return Float(bitPattern: value.bitPattern | sign)
}

/// The JSON header of a safetensors file.
private struct Header: Decodable {
  struct Tensor: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  let tensors: [String: Tensor]

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var tensors: [String: Tensor] = [:]
    for name in container.allKeys where name.stringValue != "__metadata__" {
      tensors[name.stringValue] = try container.decode(Tensor.self, forKey: name)
    }
    self.tensors = tensors
  }
}
