internal import FoundationEssentials

/// Where figured listens.
public enum SocketPath {
  /// The environment variable that names another socket.
  public static let environmentVariable = "FIGURED_SOCKET"
  /// The socket of the system's daemon.
  public static let system = "/run/figured/figured.sock"

  /// The socket of a daemon that the user runs; `nil` without `XDG_RUNTIME_DIR`.
  public static func user(environment: [String: String]) -> String? {
    guard let directory = environment["XDG_RUNTIME_DIR"], directory.hasPrefix("/") else {
      return nil
    }
    return directory + "/figured/figured.sock"
  }

  /// The socket to use when none is named: `FIGURED_SOCKET`, else the system's if it exists, else
  /// the user's if it exists, else the system's.
  public static var standard: String { standard(environment: ProcessInfo.processInfo.environment) }

  /// The same, in a given environment.
  ///
  /// Maturity: stable.
  public static func standard(environment: [String: String]) -> String {
    if let named = environment[environmentVariable], !named.isEmpty { return named }
    let files = FileManager.default
    if !files.fileExists(atPath: system), let own = user(environment: environment),
      files.fileExists(atPath: own)
    {
      return own
    }
    return system
  }

  /// How to start the daemon that would listen at `path`.
  static func startHint(for path: String) -> String {
    path == system
      ? "Start it with “systemctl start figured”, or name another daemon's socket with "
        + "\(environmentVariable)."
      : "Start it with “figured --socket \(path) --state DIR”, or name another socket."
  }
}
