extension String {
  /// What a person knows a medium by: the path of a `file:` URL, anything else as it is.
  package var shownPath: String {
    let scheme = "file://"
    guard hasPrefix(scheme + "/"), let path = dropFirst(scheme.count).percentDecoded else {
      return self
    }
    return path
  }
}

extension Substring {
  /// With each `%XX` replaced by its byte (RFC 3986); `nil` if that is not text.
  fileprivate var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      bytes.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
