internal import FoundationEssentials

/// Turns messages into lines and back: one JSON object in UTF-8 a line, ended by a newline.
public enum LineCodec {
  /// One message as a line, its newline included.
  ///
  /// JSON escapes every control character within strings, so a line never holds another newline.
  public static func encode(_ message: some Encodable) throws -> [UInt8] {
    try content(message) + [UInt8(ascii: "\n")]
  }

  /// One message as the text of a line, without the newline; the same message always gives the
  /// same text.
  public static func content(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(message))
  }

  /// Reads a line that the other side vouches for, such as the daemon's to its client.
  public static func decode<Message: Decodable>(
    _ type: Message.Type, from line: [UInt8]
  ) throws -> Message {
    try JSONDecoder().decode(type, from: Data(line))
  }
}
