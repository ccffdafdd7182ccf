internal import FigureCommands
internal import FoundationEssentials
internal import Glibc

/// figurectl, the administrator's command for figured.
@main
struct Main {
  static func main() {
    let code = FigureProgram.main(
      Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
    exit(code.rawValue)
  }
}
