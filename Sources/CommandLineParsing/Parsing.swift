internal import Spelling

extension Program {
  /// What a command line asks for.
  public enum Request: Sendable {
    /// Run the command that ``ParsedArguments/commandPath`` names.
    case run(ParsedArguments)
    /// Print this to the standard output and exit with zero: help, version and the like.
    case print(String)
  }

  /// Reads a command line.
  ///
  /// Options may stand anywhere behind their command's name, `--name value` is `--name=value`, `-n
  /// value` is `-nvalue`, flags of one letter can be joined, and `--` ends the options.
  ///
  /// - Parameter words: without the program's own name.
  /// - Returns: what is to be done.
  /// - Throws: ``UsageError``, to be printed before exiting with ``UsageError/exitStatus``.
  public func parse(_ words: [String]) throws(UsageError) -> Request {
    var reader = CommandLineReader(program: self)
    return try reader.read(words)
  }
}

/// The values of a command line that was understood.
public struct ParsedArguments: Sendable {
  /// The names of the commands, without that of the program; empty if it has none.
  public let commandPath: [String]
  private let values: [ArgumentDeclaration: any Sendable]

  init(commandPath: [String], values: [ArgumentDeclaration: any Sendable]) {
    self.commandPath = commandPath
    self.values = values
  }

  /// The value of an argument.
  ///
  /// - Precondition: the argument belongs to the command, or to one above it.
  public subscript<Value>(_ argument: Argument<Value>) -> Value {
    guard let value = values[argument.declaration] as? Value else {
      preconditionFailure(
        "“\(argument.declaration.name)” is no argument of “\(commandPath.joined(separator: " "))”")
    }
    return value
  }
}

/// Goes through the words of a command line.
private struct CommandLineReader {
  private let program: Program
  /// From the program to the command that was recognised last.
  private var path: [Command]
  private var given: [ArgumentDeclaration: [String]] = [:]
  private var operands: [String] = []

  init(program: Program) {
    self.program = program
    path = [program.command]
  }

  private var command: Command { path[path.count - 1] }

  private var options: [ArgumentDeclaration] {
    Program.standardArguments.map(\.declaration) + path.flatMap(\.options)
  }

  mutating func read(_ words: [String]) throws(UsageError) -> Program.Request {
    var rest = words[...]
    // What help was asked about matters more than mistakes around it, which it may explain.
    var wantsHelp = false
    while let word = rest.popFirst() {
      if word == "--" {
        for word in rest { try takeOperand(word) }
        break
      } else if word.hasPrefix("--") {
        try takeLongOption(word.dropFirst(2), &rest)
      } else if word.hasPrefix("-"), word != "-" {
        try takeShortOptions(word.dropFirst(), &rest)
      } else if path.count == 1, word == "help", !command.commands.isEmpty {
        wantsHelp = true
      } else {
        try takeOperand(word)
      }
    }
    if wantsHelp || isGiven(Program.help) { return .print(program.helpText(for: path)) }
    if isGiven(Program.versionFlag) {
      return .print("\(program.command.name) \(program.version)\n")
    }
    if isGiven(Program.manual) { return .print(program.manualPage) }
    if let shell = try value(of: Program.completion) {
      return .print(program.completionScript(for: shell))
    }
    return .run(try parsedArguments())
  }

  private func isGiven(_ flag: Argument<Bool>) -> Bool { given[flag.declaration] != nil }

  // MARK: Words

  private mutating func takeOperand(_ word: String) throws(UsageError) {
    guard !command.commands.isEmpty else {
      operands.append(word)
      return
    }
    guard let next = command.command(named: word) else {
      throw error("there is no command “\(word)”" + suggestion(word, command.commands.map(\.name)))
    }
    path.append(next)
  }

  private mutating func takeLongOption(
    _ text: Substring, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = options.first(where: { $0.name == name }) else {
      throw error(
        "there is no option --\(name)" + suggestion(name, options.map(\.name), prefix: "--"))
    }
    let attached = parts.count == 2 ? String(parts[1]) : nil
    if option.takesValue {
      try give(option, as: "--\(name)", try value(attached, of: option, "--\(name)", &rest))
    } else {
      guard attached == nil else { throw error("--\(name) takes no value") }
      given[option, default: []].append("")
    }
  }

  private mutating func takeShortOptions(
    _ letters: Substring, _ rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else {
        throw error(
          letters.isEmpty && letter.isNumber
            ? "there is no option -\(letter); put “--” before operands that start with a dash"
            : "there is no option -\(letter)")
      }
      guard option.takesValue else {
        given[option, default: []].append("")
        continue
      }
      let attached = letters.isEmpty ? nil : String(letters)
      return try give(
        option, as: "-\(letter)", try value(attached, of: option, "-\(letter)", &rest))
    }
  }

  /// The value that is written together with the option, or else the next word.
  private func value(
    _ attached: String?, of option: ArgumentDeclaration, _ spelling: String,
    _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    if let attached { return attached }
    guard let word = rest.first, word != "--" else {
      throw error("\(spelling) needs a value (\(option.valueName))")
    }
    if word.hasPrefix("--"),
      options.contains(where: { word == "--\($0.name)" || word.hasPrefix("--\($0.name)=") })
    {
      throw error(
        "\(spelling) needs a value (\(option.valueName)) before \(word); "
          + "if that is the value, write --\(option.name)=\(word)")
    }
    rest.removeFirst()
    return word
  }

  private mutating func give(
    _ option: ArgumentDeclaration, as spelling: String, _ word: String
  ) throws(UsageError) {
    if case .option(isRepeatable: false, _) = option.kind, given[option] != nil {
      throw error("\(spelling) is given twice")
    }
    given[option, default: []].append(word)
  }

  // MARK: Values

  private mutating func parsedArguments() throws(UsageError) -> ParsedArguments {
    if !command.commands.isEmpty {
      throw error("which command? One of " + command.commands.map(\.name).joined(separator: ", "))
    }
    try distributeOperands()
    var values: [ArgumentDeclaration: any Sendable] = [:]
    for argument in path.flatMap(\.arguments) {
      values[argument.declaration] = try decode(argument)
    }
    return ParsedArguments(commandPath: path.dropFirst().map(\.name), values: values)
  }

  private mutating func distributeOperands() throws(UsageError) {
    var rest = operands[...]
    for operand in command.operands {
      guard case .operand(let minimum, let maximum) = operand.kind else { continue }
      let words = rest.prefix(maximum ?? rest.count)
      guard words.count >= minimum else {
        throw error(
          minimum > 1
            ? "\(operand.name) is needed \(minimum) times at least" : "\(operand.name) is missing")
      }
      given[operand] = Array(words)
      rest = rest.dropFirst(words.count)
    }
    if let surplus = rest.first {
      throw error("“\(surplus)” is one word too many")
    }
  }

  private func decode(_ argument: any ArgumentDeclaring) throws(UsageError) -> any Sendable {
    let declaration = argument.declaration
    let words = given[declaration]
    if words == nil, case .option(_, isRequired: true) = declaration.kind {
      throw error("--\(declaration.name) is missing")
    }
    do {
      return try argument.decodeAny(words ?? [])
    } catch let problem as UnacceptableWord {
      let name = declaration.isOperand ? declaration.name : "--\(declaration.name)"
      throw error(
        "\(name): “\(problem.word)” is not accepted; expected \(problem.expectation)")
    } catch {
      preconditionFailure("decoding fails for unacceptable words only")
    }
  }

  private func value<Value>(of argument: Argument<Value>) throws(UsageError) -> Value {
    guard let value = try decode(argument) as? Value else {
      preconditionFailure("an argument decodes to its own type")
    }
    return value
  }

  // MARK: Messages

  private func error(_ message: String) -> UsageError {
    UsageError(command: path.map(\.name).joined(separator: " "), message: message)
  }

  private func suggestion(_ word: String, _ names: [String], prefix: String = "") -> String {
    guard let nearest = nearestName(to: word, among: names) else { return "" }
    return "; did you mean \(prefix)\(nearest)?"
  }
}
