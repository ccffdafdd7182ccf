internal import FaceTypes
internal import FoundationEssentials
internal import WireProtocol

/// How a request names an image.
enum ImageReference: Sendable {
  /// An absolute path that the daemon opens itself.
  case path(String)
  /// The file's bytes, sent along.
  case bytes([UInt8])
  /// The index of a descriptor among those sent with the request.
  case descriptor(Int)
}

extension Parameters {
  static let imageForms =
    "an absolute path, a file: or data: URL, fd:N, or an object with Path, Base64 or Fd"

  /// An image in any of the forms of PROTOCOL.md; `nil` if absent.
  func image(_ name: String) throws(WireError) -> ImageReference? {
    switch value(name) {
    case nil:
      return nil
    case .string(let text)?:
      guard let reference = Self.reference(text) else { throw invalid(name, Self.imageForms) }
      return reference
    case .object(let members)?:
      guard members.count == 1, let member = members.first else {
        throw invalid(name, Self.imageForms)
      }
      switch (member.key, member.value) {
      case ("Path", .string(let path)) where path.hasPrefix("/"): return .path(path)
      case ("Base64", .string(let text)):
        guard let data = Data(base64Encoded: text) else {
          throw invalid("\(name).Base64", "base64 (RFC 4648)")
        }
        return .bytes([UInt8](data))
      case ("Fd", .integer(let index)) where (0..<16).contains(index):
        return .descriptor(Int(index))
      default: throw invalid(name, Self.imageForms)
      }
    case _?:
      throw invalid(name, Self.imageForms)
    }
  }

  func requiredImage(_ name: String) throws(WireError) -> ImageReference {
    guard let image = try image(name) else { throw missing(name, Self.imageForms) }
    return image
  }

  private static func reference(_ text: String) -> ImageReference? {
    if text.hasPrefix("/") { return .path(text) }
    if text.hasPrefix("file://") {
      let path = text.dropFirst("file://".count)
      guard path.hasPrefix("/"), let decoded = path.percentDecoded else {
        return nil
      }
      return .path(decoded)
    }
    if text.hasPrefix("fd:") {
      guard let index = Int(text.dropFirst(3)), (0..<16).contains(index) else { return nil }
      return .descriptor(index)
    }
    if text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") {
      guard text[..<comma].hasSuffix(";base64") else { return nil }
      return Data(base64Encoded: String(text[text.index(after: comma)...]))
        .map { .bytes([UInt8]($0)) }
    }
    return nil
  }
}
