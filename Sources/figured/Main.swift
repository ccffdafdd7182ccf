import Configuration
import EventLog
import FaceService
import Glibc
import UnixSocket

/// The daemon's program: reads its configuration, opens the service, serves until a signal.
@main
struct Main {
  /// What the exit status says, beside 0.
  private enum ExitStatus {
    static let failure: Int32 = 1
    static let usage: Int32 = 2
  }

  private static let signals = [SIGTERM, SIGINT, SIGHUP]

  static func main() {
    let options = Options.parse(Array(CommandLine.arguments.dropFirst()))
    OpenBLASCore.chooseWell()
    // Before any other thread exists, so that every thread inherits it and no signal is lost.
    SignalWatch.block(signals)
    signal(SIGPIPE, SIG_IGN)
    umask(0o077)
    let configuration: DaemonConfiguration
    do {
      configuration = try options.configuration()
    } catch {
      StandardError.write("figured: \(error)")
      exit(ExitStatus.usage)
    }
    if options.isCheck {
      print("\(options.configurationPath ?? "the default configuration") is in order")
      return
    }
    let log = Log(level: Log.Level(configuration.service.logLevel))
    do {
      let daemon = try Daemon(configuration: configuration, log: log) {
        try options.configuration()
      }
      try daemon.run()
    } catch {
      log.error("figured cannot run", ["error": "\(error)"])
      exit(ExitStatus.failure)
    }
  }
}
