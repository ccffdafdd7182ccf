internal import CommandLineParsing
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Where a command writes: results to one stream, everything said beside them to the other.
package final class Output: Sendable {
  package let terminal: Terminal
  private let result: @Sendable ([UInt8]) -> Void
  private let diagnostic: @Sendable ([UInt8]) -> Void
  /// Whether a progress line stands unfinished on the terminal; writers take turns by it.
  private let progressIsShown = Mutex(false)

  package init(
    terminal: Terminal, result: @escaping @Sendable ([UInt8]) -> Void,
    diagnostic: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.terminal = terminal
    self.result = result
    self.diagnostic = diagnostic
  }

  /// The process's own streams.
  package static func standard(terminal: Terminal) -> Output {
    Output(
      terminal: terminal, result: { write($0, to: STDOUT_FILENO) },
      diagnostic: { write($0, to: STDERR_FILENO) })
  }

  /// Writes a line of the result.
  package func line(_ text: String, isEmphasised: Bool = false) {
    let shown = Self.safe(text)
    let line = isEmphasised && terminal.allowsStyle ? "\u{1B}[1m\(shown)\u{1B}[0m" : shown
    bytes(Array((line + "\n").utf8))
  }

  /// Writes a part of the result as it is.
  package func bytes(_ bytes: [UInt8]) { result(bytes) }

  /// Says something beside the result, above a progress line if one is shown.
  package func note(_ text: String) {
    progressIsShown.withLock { isShown in
      diagnostic(Array(((isShown ? Self.eraseLine : "") + Self.safe(text) + "\n").utf8))
      isShown = false
    }
  }

  /// Says something beside the result in whole sentences, broken at the width of the terminal.
  package func remark(_ text: String) {
    note(wrap(text, width: terminal.tableWidth ?? .max).joined(separator: "\n"))
  }

  /// Writes sentences of the result, broken at the width of the terminal.
  package func paragraph(_ text: String) {
    for line in wrap(text, width: terminal.tableWidth ?? .max) { self.line(line) }
  }

  /// Asks for something, on the same line as the answer will be.
  package func prompt(_ text: String) { diagnostic(Array(Self.safe(text).utf8)) }

  /// Shows a line that the next one replaces.
  package func progress(_ text: String) {
    progressIsShown.withLock { isShown in
      diagnostic(Array((Self.eraseLine + text.printable).utf8))
      isShown = true
    }
  }

  /// Takes the progress line away.
  package func endProgress() {
    progressIsShown.withLock { isShown in
      if isShown { diagnostic(Array(Self.eraseLine.utf8)) }
      isShown = false
    }
  }

  /// Prints a table, with its headings emphasised where the terminal can.
  package func table(_ table: Table) {
    for (index, line) in table.lines(width: terminal.tableWidth).enumerated() {
      self.line(line, isEmphasised: index == 0)
    }
  }

  /// The text without what could command the terminal; lines stay lines.
  private static func safe(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable }.joined(separator: "\n")
  }

  /// Back to the beginning of the line and everything on it gone.
  private static let eraseLine = "\r\u{1B}[K"
}

/// Writes all bytes; a stream that cannot be written to ends the process as a broken pipe does.
private func write(_ bytes: [UInt8], to stream: Int32) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(stream, $0.baseAddress, $0.count) }
    if count >= 0 {
      rest.removeFirst(count)
    } else if errno == EAGAIN {
      var waiting = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&waiting, 1, -1)
    } else if errno != EINTR {
      // A full disk behind a redirection must not look like success.
      if stream == STDOUT_FILENO { exit(ExitCode.failure.rawValue) }
      return
    }
  }
}
