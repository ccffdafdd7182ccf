internal import Glibc

/// What the standard streams are connected to, and what the user wants of it.
package struct Terminal: Sendable {
  /// Columns of the tables; `nil` cuts nothing.
  package var tableWidth: Int?
  package var outputIsTerminal: Bool
  package var errorIsTerminal: Bool
  /// Whether headings may be emphasised.
  package var allowsStyle: Bool
  /// Whether more than ASCII can be shown.
  package var isUnicode: Bool

  package init(
    tableWidth: Int? = 80, outputIsTerminal: Bool = false, errorIsTerminal: Bool = false,
    allowsStyle: Bool = false, isUnicode: Bool = true
  ) {
    self.tableWidth = tableWidth
    self.outputIsTerminal = outputIsTerminal
    self.errorIsTerminal = errorIsTerminal
    self.allowsStyle = allowsStyle
    self.isUnicode = isUnicode
  }

  /// The terminal that this process has.
  package static func current(environment: [String: String]) -> Terminal {
    let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    let isDumb = environment["TERM"] == "dumb"
    return Terminal(
      tableWidth: width(of: STDOUT_FILENO) ?? environment["COLUMNS"].flatMap { Int($0) } ?? 80,
      outputIsTerminal: outputIsTerminal,
      errorIsTerminal: isatty(STDERR_FILENO) == 1 && !isDumb,
      allowsStyle: outputIsTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty,
      isUnicode: isUnicode(environment))
  }

  /// Columns of the error stream now: the window may have been resized.
  package static var errorWidth: Int { width(of: STDERR_FILENO) ?? 80 }

  private static func width(of stream: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// By the locale of characters, in the order of precedence of POSIX.
  private static func isUnicode(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    let name = (locale ?? "").uppercased()
    return name.contains("UTF-8") || name.contains("UTF8")
  }
}
