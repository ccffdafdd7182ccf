import Testing
import WireProtocol

@Suite struct EnvelopeTests {
  @Test func readsARequest() throws {
    let line = Array(#"{"jsonrpc":"2.0","id":"a","method":"Ping","params":{"X":1}}"#.utf8)
    let request = try Request(line: line)
    #expect(request == Request(id: .string("a"), method: "Ping", parameters: ["X": 1]))
  }

  @Test func aRequestWithoutIdIsANotification() throws {
    #expect(try Request(line: Array(#"{"jsonrpc":"2.0","method":"Ping"}"#.utf8)).id == nil)
    #expect(
      try Request(line: Array(#"{"jsonrpc":"2.0","id":null,"method":"Ping"}"#.utf8)).id == nil)
  }

  /// The id is given back where it could be read, so that the client knows which request it was.
  @Test func aMalformedRequestKeepsItsId() {
    #expect {
      try Request(line: Array(#"{"jsonrpc":"2.0","id":5,"method":7}"#.utf8))
    } throws: { ($0 as? Request.Malformed)?.id == .integer(5) }
  }

  @Test(arguments: ErrorCode.allCases)
  func everyErrorSurvivesTheWire(code: ErrorCode) throws {
    let error = WireError(code, "What happened.", field: "A.B", hint: "What to do.", requestID: "R")
    let line = try LineCodec.encode(error)
    #expect(try LineCodec.decode(WireError.self, from: line) == error)
    #expect(code.number <= -32000 && code.number >= -32700)
  }

  /// JSON-RPC knows one number for several of our words, but no word of ours has two.
  @Test func applicationErrorsHaveNumbersOfTheirOwn() {
    let own = ErrorCode.allCases.map(\.number).filter { (-32099 ... -32000).contains($0) }
    #expect(Set(own).count == own.count)
  }

  @Test func anAnswerJoinsItsMembersWithThoseOfEveryAnswer() throws {
    let answer = Answer(
      requestID: "R", body: DeleteMediaResult(deleted: 1, figuresDeleted: 2), withSuccess: true)
    let value = try JSONParser.parse(try LineCodec.content(answer))
    #expect(
      value == [
        "RequestId": "R", "Success": "true", "Code": "200", "Deleted": 1, "FiguresDeleted": 2,
      ])
    let plain = Answer(requestID: "R", body: EmptyResult(), withSuccess: false)
    #expect(try JSONParser.parse(try LineCodec.content(plain)) == ["RequestId": "R"])
  }

  @Test func rolesAreOrdered() {
    #expect(Role.none < .reader && Role.reader < .curator && Role.curator < .admin)
  }
}
