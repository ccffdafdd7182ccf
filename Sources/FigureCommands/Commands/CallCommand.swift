package import CommandLineParsing
internal import FaceClient
internal import Glibc
package import WireProtocol

/// The command `figurectl call`: any method, raw.
package struct CallCommand {
  let method: String
  let parameters: String?

  /// - Parameters:
  ///   - method: its name as in the protocol.
  ///   - parameters: a JSON object, `-` to read one from the standard input, `nil` for none.
  package init(method: String, parameters: String?) {
    self.method = method
    self.parameters = parameters
  }

  package func run(in context: CommandContext) throws {
    let parameters = try Self.parsed(self.parameters ?? "{}")
    let client = try context.connect()
    // A task may take hours, and so may the answer to a request that waits for it.
    let request = FaceRequest<JSONValue>.raw(method, parameters, timeout: nil)
    let answer = try client.start(request)
    let interrupt = Interrupt { answer.cancel() }
    do {
      try context.json(answer.wait())
    } catch let error as ClientError {
      guard error.code == .cancelled, interrupt.hasOccurred else { throw error }
      throw CommandFailure("Interrupted.", code: .interrupted)
    }
  }

  /// Reads the parameters' object.
  package static func parsed(_ text: String) throws -> [String: JSONValue] {
    let bytes = text == "-" ? try standardInput() : Array(text.utf8)
    do {
      let value = try JSONParser.parse(bytes)
      if case .object(let members) = value { return members }
      throw CommandFailure(
        "The parameters must be a JSON object, not \(value.typeName).", code: .usage)
    } catch let error as JSONSyntaxError {
      throw CommandFailure("The parameters are not JSON: \(error).", code: .usage)
    }
  }

  private static func standardInput() throws -> [UInt8] {
    let limit = 16 << 20
    var input: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(STDIN_FILENO, &chunk, chunk.count)
      if count == 0 { return input }
      if count < 0 {
        guard errno == EINTR else {
          throw CommandFailure("The input cannot be read: \(SystemCall.lastErrorText()).")
        }
        continue
      }
      input += chunk[..<count]
      guard input.count <= limit else {
        throw CommandFailure("The input is larger than \(Quantity.bytes(limit)).", code: .usage)
      }
    }
  }
}

extension CallCommand: Subcommand {
  private static let method: Argument<String> = .operand(
    "METHOD", help: "A method of the protocol, such as GetStatus.")
  private static let parameters: Argument<String?> = .optionalOperand(
    "PARAMETERS", help: "A JSON object; “-” reads it from the standard input.")

  package static let declaration = Command(
    "call", summary: "Call any method of the protocol, raw",
    arguments: [method, parameters],
    examples: [
      .init(
        #"figurectl call QuerySearchLib '{"SearchLibName": "default"}'"#,
        "Print the method's result as it is.")
    ])

  package init(_ arguments: ParsedArguments) {
    self.init(method: arguments[Self.method], parameters: arguments[Self.parameters])
  }
}
