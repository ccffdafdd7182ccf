internal import FoundationEssentials

/// The graph file as it is written: not yet checked for sense.
///
/// Models/README.md describes every field.
struct GraphDescription: Decodable, Sendable {
  static let format = "figured network"
  static let supportedVersion = 1

  struct Input: Decodable, Sendable {
    struct Size: Decodable, Sendable {
      var width: Int?
      var height: Int?
      var multipleOf: Int?
    }
    var name: String
    var channels: [String]
    var mean: [Float]
    var scale: [Float]
    var size: Size
  }

  struct Layer: Decodable, Sendable {
    var name: String
    var operation: String
    var inputs: [String]
    var kernel: [Int]?
    var stride: [Int]?
    var padding: [Int]?
    var groups: Int?
    var factor: Int?
    var channels: Int?
    var weight: String?
    var bias: String?
    var slope: String?
  }

  struct Output: Decodable, Sendable {
    var name: String
    var tensor: String
    var channels: [Int]?
    var activation: String?
  }

  private struct Preamble: Decodable {
    var format: String
    var version: Int
  }

  var name: String
  var input: Input
  var layers: [Layer]
  var outputs: [Output]

  /// Decodes JSON, format and version first, so that a newer file is named as such.
  init(json: [UInt8]) throws(ModelError) {
    guard json.count <= ModelFile.graphByteLimit else {
      throw .malformedGraph(reason: "\(json.count) bytes are too many")
    }
    let data = Data(json)
    let preamble: Preamble = try Self.decode(data)
    guard preamble.format == Self.format else { throw .unknownFormat(found: preamble.format) }
    guard preamble.version == Self.supportedVersion else {
      throw .unsupportedVersion(found: preamble.version, supported: Self.supportedVersion)
    }
    self = try Self.decode(data)
  }

  private static func decode<Value: Decodable>(_ data: Data) throws(ModelError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw .malformedGraph(reason: Self.reason(error))
    } catch {
      throw .malformedGraph(reason: "not JSON")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context.codingPath)) has the wrong type"
    default: return "not JSON"
    }
  }
}
