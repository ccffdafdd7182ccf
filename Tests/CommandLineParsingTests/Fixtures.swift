import CommandLineParsing
import Glibc
import Testing

enum Format: String, CommandLineValue, CaseIterable {
  case table, json
}

/// A program with everything that declarations can say.
enum Sample {
  static let socket: Argument<String> = .option(
    "socket", short: "s", value: "PATH", default: "/run/sample.sock",
    help: "Where the daemon listens.", completion: .file)
  static let verbose: Argument<Bool> = .flag("verbose", short: "v", help: "Say more.")

  static let library: Argument<String?> = .option(
    "library", short: "l", value: "NAME", help: "The library to search in; all if it is left out.")
  static let limit: Argument<Int> = .option(
    "limit", value: "N", default: 10, help: "The most results.")
  static let format: Argument<Format> = .option(
    "format", value: "FORMAT", default: .table, help: "How results are shown.")
  static let image: Argument<String> = .operand(
    "IMAGE", help: "A photograph of the person.", completion: .file)
  static let search = Command(
    "search", summary: "Find media by face",
    discussion: """
      Finds the media that show the person in a photograph. Somebody's "best" picture works best.

      If the photograph shows several people, the largest face counts.
      """,
    arguments: [library, limit, format, image],
    examples: [
      .init("sample search --library family alice.jpg", "Finds Alice in the family's library.")
    ])

  static let tags: Argument<[String]> = .repeatedOption("tag", value: "TAG", help: "A label.")
  static let threshold: Argument<Double> = .requiredOption(
    "threshold", value: "T", help: "Between 0 and 1.")
  static let files: Argument<[String]> = .operands(
    "FILE", atLeast: 1, help: "What to import.", completion: .file)
  static let importing = Command(
    "import", summary: "Add photographs", arguments: [tags, threshold, files])

  static let name: Argument<String?> = .optionalOperand("NAME", help: "Only this one.")
  static let list = Command("list", summary: "Show people", arguments: [name])
  static let merge = Command("merge", summary: "Make two people one")
  static let people = Command("people", summary: "Work with people", commands: [list, merge])

  static let program = Program(
    Command(
      "sample", summary: "Try the parser",
      discussion: "A program that exists for tests only.",
      arguments: [socket, verbose], commands: [search, importing, people]),
    version: "1.2.3", exitStatuses: [.init("0", "Success."), .init("2", "Wrong usage.")],
    environment: [.init("SAMPLE_SOCKET", "Where the daemon listens.")],
    files: [.init("/etc/sample.conf", "The configuration.")], seeAlso: ["sampled(8)"])

  /// Without commands.
  static let simple = Program(
    Command("simple", summary: "Do one thing", arguments: [verbose, name]), version: "1")

  static func run(_ words: String...) throws -> ParsedArguments {
    switch try program.parse(words) {
    case .run(let arguments): return arguments
    case .print(let text):
      Issue.record("printed \(text)")
      throw CancellationError()
    }
  }

  static func printed(_ words: String...) throws -> String {
    guard case .print(let text) = try program.parse(words) else {
      Issue.record("did not print")
      return ""
    }
    return text
  }
}

/// What another program says about text on its standard input; `nil` if it is not installed.
func output(of command: String, input: String) throws -> (status: Int32, text: String)? {
  guard system("command -v \(command.split(separator: " ")[0]) >/dev/null 2>&1") == 0 else {
    return nil
  }
  var template = Array("/tmp/figured-command-XXXXXX".utf8CString)
  let number = mkstemp(&template)
  try #require(number >= 0)
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer {
    close(number)
    unlink(path)
  }
  var rest = Array(input.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(number, $0.baseAddress, $0.count) }
    try #require(count > 0)
    rest = rest.dropFirst(count)
  }
  let pipe = try #require(popen("\(command) < \(path) 2>&1", "r"))
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4_096)
  while true {
    let count = fread(&buffer, 1, buffer.count, pipe)
    guard count > 0 else { break }
    text += buffer[..<count]
  }
  let status = pclose(pipe)
  return ((status >> 8) & 0xFF, String(decoding: text, as: UTF8.self))
}
