extension Program {
  /// A script that makes a shell complete the program's commands, options and values.
  func completionScript(for shell: Shell) -> String {
    switch shell {
    case .bash: bashCompletion
    case .zsh: zshCompletion
    case .fish: fishCompletion
    }
  }

  /// The options that may follow the last command of a path.
  func options(along path: [Command]) -> [ArgumentDeclaration] {
    let standard = path.count == 1 ? Self.standardArguments : [Self.help]
    return path.flatMap(\.options) + standard.map(\.declaration)
  }

  /// The names of a path, in a form that is a function's name in every shell.
  func functionName(of path: [Command]) -> String {
    "_" + path.map { $0.name.map { $0 == "-" ? "_" : String($0) }.joined() }.joined(separator: "_")
  }
}

extension ArgumentDeclaration {
  /// `-l` and `--library`.
  var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + ["--\(name)"] }
}

/// Text in single quotes, as all shells of the Bourne family read it.
func singleQuoted(_ text: String) -> String {
  "'" + text.replacing("'", with: #"'\''"#) + "'"
}
