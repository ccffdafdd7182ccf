internal import CommandLineParsing
internal import FaceClient

/// What figurectl tells the shell; part of its contract with scripts.
package enum ExitCode: Int32, Sendable {
  case success = 0
  /// The command failed, or did a part only.
  case failure = 1
  /// The command line is wrong.
  case usage = 2
  /// The user may not do this.
  case notPermitted = 4
  /// The daemon does not answer.
  case notReachable = 5
  /// The user stopped it with Ctrl-C: 128 and the signal's number, as shells count.
  case interrupted = 130

  package init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure.code
    case is UsageError: self = .usage
    case let error as ClientError:
      switch error {
      case .daemonNotReachable: self = .notReachable
      case .notPermitted: self = .notPermitted
      default: self = .failure
      }
    default: self = .failure
    }
  }
}

/// Why a command ends without success, in words that say what to do next.
package struct CommandFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let code: ExitCode
  /// Nothing if all has been said already.
  package let message: String
  /// What to do about it.
  package let hint: String?

  package init(_ message: String, hint: String? = nil, code: ExitCode = .failure) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  package var description: String { message + (hint.map { "\n\($0)" } ?? "") }
}
