import FaceClient
import Foundation
import Testing
import WireProtocol

/// What the socket does with lines good and bad.
@Suite struct ProtocolTests {
  private func code(_ answer: JSONValue) -> String? {
    answer["error"]?["data"]?["Code"]?.stringValue
  }

  @Test func greetsWithVersionLimitsAndRole() throws {
    let daemon = try DaemonProcess()
    let hello = try daemon.client().hello
    #expect(hello.product == "figured")
    #expect(hello.protocolVersion == "1.0")
    #expect(hello.modelFingerprint.count == 64)
    #expect(hello.peer.role == .admin)
    #expect(hello.limits.inFlight == 32)
  }

  @Test func answersEachBadLineWithAnErrorAndGoesOn() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let cases: [(line: String, code: String)] = [
      ("{", "ParseError"),
      ("[]", "InvalidRequest"),
      ("\"text\"", "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":1,"id":2,"method":"Ping"}"#, "ParseError"),
      (#"{"id":1,"method":"Ping"}"#, "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":1}"#, "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":{},"method":"Ping"}"#, "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":1,"method":"Ping","params":[]}"#, "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":1,"method":"Ping","extra":1}"#, "InvalidRequest"),
      (#"{"jsonrpc":"2.0","id":1,"method":"Pong"}"#, "MethodNotFound"),
      (#"{"jsonrpc":"2.0","id":1,"method":"Ping","params":{"X":1}}"#, "UnknownParameter"),
      (#"{"jsonrpc":"2.0","id":1,"method":"GetTask"}"#, "MissingParameter"),
      (#"{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"TaskId":"x"}}"#, "InvalidParameter"),
      (#"{"jsonrpc":"2.0","id":1e999,"method":"Ping"}"#, "ParseError"),
      (String(repeating: "[", count: 100), "ParseError"),
    ]
    for (line, expected) in cases {
      connection.send(line + "\n")
      #expect(code(try connection.answer()) == expected, "\(line)")
    }
    connection.send(#"{"jsonrpc":"2.0","id":"last","method":"Ping"}"# + "\n")
    let answer = try connection.answer()
    #expect(answer["id"]?.stringValue == "last")
    #expect(answer["result"]?["RequestId"]?.stringValue?.isEmpty == false)
  }

  @Test func suggestsTheMethodAndTheParameterThatWereMeant() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    connection.send(#"{"jsonrpc":"2.0","id":1,"method":"GetStatsu"}"# + "\n")
    let method = try connection.answer()
    #expect(method["error"]?["data"]?["Hint"]?.stringValue == "Did you mean GetStatus?")
    connection.send(
      #"{"jsonrpc":"2.0","id":2,"method":"QueryFigureClusters","params":{"MaxResult":1}}"# + "\n")
    let parameter = try connection.answer()
    #expect(parameter["error"]?["data"]?["Hint"]?.stringValue == "Did you mean MaxResults?")
    #expect(parameter["error"]?["data"]?["Field"]?.stringValue == "MaxResult")
  }

  @Test func skipsALineThatIsTooLongAndServesTheNext() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let other = try daemon.client()
    connection.send([UInt8](repeating: UInt8(ascii: "x"), count: 2 << 20))
    try other.call(.ping)
    connection.send("\n" + #"{"jsonrpc":"2.0","id":7,"method":"Ping"}"# + "\n")
    #expect(code(try connection.answer()) == "LineTooLong")
    #expect(try connection.answer()["id"]?.integerValue == 7)
  }

  @Test func survivesRandomBytes() throws {
    let daemon = try DaemonProcess()
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20 {
      let connection = try RawConnection(daemon.socketPath)
      let count = Int.random(in: 1...5000, using: &generator)
      connection.send((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    try daemon.client().call(.ping)
  }

  @Test func deliversAnswersAfterTheClientHasFinishedWriting() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    for id in 1...5 {
      connection.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"GetStatus"}"# + "\n")
    }
    connection.finishWriting()
    var ids: Set<Int64> = []
    for _ in 1...5 { ids.insert(try connection.answer()["id"]?.integerValue ?? 0) }
    #expect(ids == [1, 2, 3, 4, 5])
    #expect(connection.line() == nil)
  }

  @Test func refusesMoreUnansweredRequestsThanItSaid() throws {
    let daemon = try DaemonProcess()
    let connection = try RawConnection(daemon.socketPath)
    let image = DemoLibrary.path("group_07.jpg")
    for id in 1...60 {
      connection.send(
        #"{"jsonrpc":"2.0","id":\#(id),"method":"DetectImageFaces","params":{"SourceURI":"\#(image)"}}"#
          + "\n")
    }
    var refused = 0
    var answered = 0
    for _ in 1...60 {
      if code(try connection.answer()) == "TooManyRequests" { refused += 1 } else { answered += 1 }
    }
    #expect(answered >= 32)
    #expect(refused + answered == 60)
  }

  /// What is erased is overwritten when no request is open, so none may be counted for ever.
  @Test func countsNoRequestOfClientsThatHaveGone() throws {
    let daemon = try DaemonProcess()
    for id in 1...300 {
      let connection = try RawConnection(daemon.socketPath)
      connection.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"Ping"}"# + "\n")
      _ = try connection.answer()
    }
    let client = try daemon.client()
    let deadline = ContinuousClock.now + .seconds(10)
    // Its own request before may still be counted when the next one comes.
    var open = try client.call(.status).queue.requestsInFlight
    while open > 1, ContinuousClock.now < deadline {
      Thread.sleep(forTimeInterval: 0.02)
      open = try client.call(.status).queue.requestsInFlight
    }
    #expect(open == 1)
  }

  @Test func refusesThoseWhoHaveNoRole() throws {
    let daemon = try DaemonProcess(
      configuration: "[access]\nadmin = []\ncurator = []\nreader = [\"$daemon\"]\n")
    let client = try daemon.client()
    #expect(client.hello.peer.role == .reader)
    try client.call(.status)
    #expect {
      try client.call(.createLibrary("other"))
    } throws: { ($0 as? ClientError)?.code == .notPermitted }
  }
}

/// Random numbers that are the same in every run.
///
/// SplitMix64, Steele, Lea and Flood 2014.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
