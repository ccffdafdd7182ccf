import Testing
import WireProtocol

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONParser.parse(Array(text.utf8))
  }

  @Test func readsEveryKindOfValue() throws {
    let text = #" {"a":[1,-2.5e1,true,false,null],"b":{"c":"d"},"e":""} "#
    #expect(
      try parse(text) == [
        "a": .array([1, .double(-25), true, false, .null]), "b": ["c": "d"], "e": "",
      ])
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e4\u4e2d""#, "ä中"),
    (#""\ud83d\ude00""#, "😀"), ("\"ä中😀\"", "ä中😀"),
  ])
  func readsEscapes(text: String, value: String) throws {
    #expect(try parse(text) == .string(value))
  }

  @Test(arguments: [
    "", " ", "{", "[", "\"", "{]", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-",
    "1.", ".5", "1e", "+1", "nul", "truee", "1 2", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
    "\"\\udc00\"", "\"a\nb\"", "NaN", "1e999", "9007199254740993", "-9007199254740993",
    "{\"a\":1,\"a\":2}", "'a'", "[1 2]",
  ])
  func refusesWhatIsNotStrictJSON(text: String) {
    #expect(throws: JSONSyntaxError.self) { try parse(text) }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, 7, "the name \"a\" stands twice"),
    ("[1 2]", 3, "expected a comma or a closing bracket"),
  ])
  func saysWhereTheMistakeIs(text: String, offset: Int, reason: String) {
    #expect { try parse(text) } throws: { error in
      guard let error = error as? JSONSyntaxError else { return false }
      return error.offset == offset && error.reason == reason
    }
  }

  @Test func refusesInvalidUTF8() {
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONSyntaxError.self) { try JSONParser.parse([0x22, 0xC0, 0x80, 0x22]) }
  }

  @Test func boundsDepthAndNumberOfValues() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try parse(deep)
    #expect(throws: JSONSyntaxError.self) { try parse("[" + deep + "]") }
    let many = "[" + String(repeating: "0,", count: JSONParser.valueLimit) + "0]"
    #expect(throws: JSONSyntaxError.self) { try parse(many) }
  }

  @Test func keepsIntegersApartFromOtherNumbers() throws {
    #expect(try parse("9007199254740992").integerValue == 9_007_199_254_740_992)
    #expect(try parse("1.0").integerValue == nil)
    #expect(try parse("1.0").doubleValue == 1)
    #expect(try parse("-0") == .integer(0))
  }

  /// Whatever is written is read again as the same value, and never needs a second line.
  @Test func readsWhatTheCodecWrites() throws {
    let value: JSONValue = [
      "text": "line\nbreak \u{2028} \"quoted\" \\ / \u{0}", "number": .double(0.1),
      "list": [1, [], [:]],
      "": .null,
    ]
    let line = try LineCodec.encode(value)
    #expect(line.filter { $0 == 0x0A }.count == 1)
    #expect(try JSONParser.parse(Array(line.dropLast())) == value)
  }

  /// No prefix and no single changed byte of a request brings the parser down.
  @Test func outlivesEveryMutilation() {
    let text = Array(#"{"jsonrpc":"2.0","id":1,"params":{"a":[1.5,"\u00e4",null]}}"#.utf8)
    for end in text.indices { _ = try? JSONParser.parse(Array(text[..<end])) }
    for position in text.indices {
      for byte in [0x00, 0x22, 0x5B, 0x5C, 0x7B, 0xFF] as [UInt8] {
        var changed = text
        changed[position] = byte
        _ = try? JSONParser.parse(changed)
      }
    }
  }
}
