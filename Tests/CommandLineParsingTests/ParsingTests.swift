import CommandLineParsing
import Testing

@Suite struct ParsingTests {
  @Test func givesDefaultsForWhatIsLeftOut() throws {
    let arguments = try Sample.run("search", "a.jpg")
    #expect(arguments.commandPath == ["search"])
    #expect(arguments[Sample.socket] == "/run/sample.sock")
    #expect(arguments[Sample.verbose] == false)
    #expect(arguments[Sample.library] == nil)
    #expect(arguments[Sample.limit] == 10)
    #expect(arguments[Sample.format] == .table)
    #expect(arguments[Sample.image] == "a.jpg")
  }

  @Test(arguments: [
    ["search", "a.jpg", "--library", "L", "--limit", "5", "-v"],
    ["search", "--library=L", "--limit=5", "-v", "a.jpg"],
    ["-v", "search", "-l", "L", "a.jpg", "--limit=5"],
    ["--verbose", "search", "-lL", "--limit", "5", "--", "a.jpg"],
    ["search", "-vlL", "--limit", "5", "a.jpg"],
  ])
  func readsOptionsInEveryPlaceAndForm(words: [String]) throws {
    guard case .run(let arguments) = try Sample.program.parse(words) else {
      Issue.record("did not run")
      return
    }
    #expect(arguments[Sample.library] == "L")
    #expect(arguments[Sample.limit] == 5)
    #expect(arguments[Sample.verbose])
    #expect(arguments[Sample.image] == "a.jpg")
  }

  @Test func valuesMayBeEmptyOrHoldEqualSignsOrStartWithADash() throws {
    #expect(try Sample.run("search", "--library=", "x")[Sample.library] == "")
    #expect(try Sample.run("search", "--library=a=b", "x")[Sample.library] == "a=b")
    #expect(try Sample.run("search", "--limit", "-3", "x")[Sample.limit] == -3)
    #expect(try Sample.run("search", "-")[Sample.image] == "-")
  }

  @Test func afterTwoDashesEverythingIsAnOperand() throws {
    let arguments = try Sample.run("import", "--threshold", "0.5", "--", "--tag", "-v", "--")
    #expect(arguments[Sample.files] == ["--tag", "-v", "--"])
    #expect(arguments[Sample.tags] == [])
  }

  @Test func collectsRepeatedOptionsAndOperandsInOrder() throws {
    let arguments = try Sample.run(
      "import", "a", "--tag", "x", "b", "--tag=y", "c", "--threshold", "1")
    #expect(arguments[Sample.files] == ["a", "b", "c"])
    #expect(arguments[Sample.tags] == ["x", "y"])
    #expect(arguments[Sample.threshold] == 1)
  }

  @Test func findsNestedCommands() throws {
    #expect(try Sample.run("people", "list").commandPath == ["people", "list"])
    #expect(try Sample.run("people", "list")[Sample.name] == nil)
    #expect(try Sample.run("people", "-v", "list", "alice")[Sample.name] == "alice")
  }

  @Test(arguments: [
    ([], "sample", "which command? One of search, import, people"),
    (["people"], "sample people", "which command? One of list, merge"),
    (["serch"], "sample", "there is no command “serch”; did you mean search?"),
    (["zzz"], "sample", "there is no command “zzz”"),
    (["search"], "sample search", "IMAGE is missing"),
    (["search", "a", "b"], "sample search", "“b” is one word too many"),
    (["import", "--threshold=1"], "sample import", "FILE is missing"),
    (["import", "f"], "sample import", "--threshold is missing"),
    (
      ["search", "--libary", "x", "a"], "sample search",
      "there is no option --libary; did you mean --library?"
    ),
    (["search", "-x", "a"], "sample search", "there is no option -x"),
    (
      ["search", "-5"], "sample search",
      "there is no option -5; put “--” before operands that start with a dash"
    ),
    (["search", "a", "--limit"], "sample search", "--limit needs a value (N)"),
    (["search", "a", "-l"], "sample search", "-l needs a value (NAME)"),
    (
      ["search", "--library", "--limit", "5", "a"], "sample search",
      "--library needs a value (NAME) before --limit; if that is the value, write --library=--limit"
    ),
    (["search", "--verbose=1", "a"], "sample search", "--verbose takes no value"),
    (["search", "-l", "x", "--library", "y", "a"], "sample search", "--library is given twice"),
    (
      ["search", "--limit", "many", "a"], "sample search",
      "--limit: “many” is not accepted; expected a whole number"
    ),
    (
      ["search", "--format", "xml", "a"], "sample search",
      "--format: “xml” is not accepted; expected one of table, json"
    ),
    (
      ["import", "--threshold", "nan", "f"], "sample import",
      "--threshold: “nan” is not accepted; expected a number"
    ),
    (
      ["--generate-completion", "tcsh"], "sample",
      "--generate-completion: “tcsh” is not accepted; expected one of bash, zsh, fish"
    ),
  ])
  func saysWhatIsWrong(words: [String], command: String, message: String) {
    #expect(throws: UsageError.self) { _ = try Sample.program.parse(words) }
    do {
      _ = try Sample.program.parse(words)
    } catch {
      #expect(error.description == "\(command): \(message)\nTry “\(command) --help”.")
    }
  }

  @Test func printsTheVersion() throws {
    #expect(try Sample.printed("--version") == "sample 1.2.3\n")
  }

  @Test(arguments: [["--help"], ["-h"], ["help"]])
  func helpNeedsNoCommand(words: [String]) throws {
    guard case .print(let text) = try Sample.program.parse(words) else {
      Issue.record("did not print")
      return
    }
    #expect(text.hasPrefix("Usage: sample [OPTION]... COMMAND\n"))
  }

  @Test(arguments: [["search", "--help"], ["help", "search"], ["search", "-h", "a", "b"]])
  func helpForACommandNeedsNoOperands(words: [String]) throws {
    guard case .print(let text) = try Sample.program.parse(words) else {
      Issue.record("did not print")
      return
    }
    #expect(text.hasPrefix("Usage: sample search [OPTION]... IMAGE\n"))
  }

  @Test func aProgramNeedsNoCommands() throws {
    guard case .run(let arguments) = try Sample.simple.parse(["help"]) else {
      Issue.record("did not run")
      return
    }
    #expect(arguments.commandPath == [])
    #expect(arguments[Sample.name] == "help")
  }

  @Test func survivesRandomWords() {
    let pieces = [
      "search", "import", "--", "-", "--library", "=", "-l", "x", "--tag=1", "help", "", "-vv", "é",
    ]
    for _ in 0..<5_000 {
      let words = (0..<Int.random(in: 0...6)).map { _ in pieces.randomElement() ?? "" }
      _ = try? Sample.program.parse(words)
    }
  }

  @Test func refusesTwoOptionsOfTheSameName() async {
    await #expect(processExitsWith: .failure) {
      let inner = Command("inner", summary: "x", arguments: [Sample.verbose])
      _ = Program(
        Command("outer", summary: "x", arguments: [Sample.verbose], commands: [inner]), version: "1"
      )
    }
  }

  @Test func refusesToReadAnArgumentOfAnotherCommand() async {
    await #expect(processExitsWith: .failure) {
      _ = try Sample.run("search", "a.jpg")[Sample.threshold]
    }
  }
}
