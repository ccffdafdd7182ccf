internal import FoundationEssentials

/// Turns messages into lines and back: one JSON object in UTF-8 a line, ended by a newline.
public enum LineCodec {
  /// One message as a line, its newline included.
  ///
  /// JSON escapes every control character within strings, so a line never holds another newline.
  public static func encode(_ message: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var line = [UInt8](try encoder.encode(message))
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// Reads a line that the other side vouches for, such as the daemon's to its client.
  public static func decode<Message: Decodable>(
    _ type: Message.Type, from line: [UInt8]
  ) throws -> Message {
    try JSONDecoder().decode(type, from: Data(line))
  }
}
