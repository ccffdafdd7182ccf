package import FaceClient
internal import FoundationEssentials
internal import WireProtocol

/// What every command is given: where the daemon is, and how to speak to the user.
package struct CommandContext: Sendable {
  package let socketPath: String
  /// Results as JSON, for programs.
  package let isJSON: Bool
  package let output: Output

  package init(socketPath: String, isJSON: Bool, output: Output) {
    self.socketPath = socketPath
    self.isJSON = isJSON
    self.output = output
  }

  package func connect() throws(ClientError) -> FaceClient {
    try FaceClient.connect(path: socketPath)
  }

  /// Asks, and prints the answer: as it is with `--json`, else as `show` does.
  package func answer<Body>(
    _ request: FaceRequest<Body>, from client: FaceClient, show: (Body) throws -> Void
  ) throws {
    if isJSON {
      try json(client.call(request.raw))
    } else {
      try show(client.call(request))
    }
  }

  /// Prints a value as JSON: on one line for programs, indented on a terminal.
  package func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if output.terminal.outputIsTerminal { encoder.outputFormatting.insert(.prettyPrinted) }
    output.bytes([UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")])
  }

  /// Asks page after page, and hands each on.
  ///
  /// - Parameters:
  ///   - client: whom to ask.
  ///   - request: the request for the page after the given token.
  ///   - nextToken: the token in an answer; `nil` on the last page.
  ///   - take: called with each page.
  /// - Throws: what asking and taking throw.
  package func pages<Body>(
    from client: FaceClient, _ request: (_ nextToken: String?) -> FaceRequest<Body>,
    nextToken: (Body) -> String?, take: (Body) throws -> Void
  ) throws {
    var token: String?
    repeat {
      let page = try client.call(request(token))
      let next = nextToken(page)
      // A daemon that always sends the same page must not keep us for ever.
      guard next == nil || next != token else {
        throw ClientError.protocolViolation("a list that comes back to the same page")
      }
      token = next
      try take(page)
    } while token != nil
  }

  /// Asks page after page for a list: prints each page's result with `--json`, else hands it on.
  package func list<Body>(
    from client: FaceClient, _ request: (_ nextToken: String?) -> FaceRequest<Body>,
    nextToken: (Body) -> String?, take: (Body) throws -> Void
  ) throws {
    guard isJSON else { return try pages(from: client, request, nextToken: nextToken, take: take) }
    try pages(from: client, { request($0).raw }, nextToken: { $0["NextToken"]?.stringValue }) {
      try json($0)
    }
  }

  /// Prints facts under each other, their values aligned.
  package func facts(_ facts: [(name: String, value: String)]) {
    let width = (facts.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
    for fact in facts {
      output.line(DisplayWidth.padded(fact.name, to: width) + fact.value.printable)
    }
  }
}
