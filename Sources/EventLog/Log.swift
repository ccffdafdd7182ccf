internal import Glibc
internal import Synchronization

/// Writes one line for each event: a message and `key=value` pairs.
///
/// Whatever the values hold, an event stays one line: they are quoted and escaped where needed. What
/// identifies a person never belongs here: no names, no embeddings, no image content; paths at
/// ``Level/debug`` only.
///
/// ```swift
/// log.notice("library deleted", ["library": 7, "user": peer.userID])
/// ```
public struct Log: Sendable {
  /// How important an event is, as syslog numbers it.
  public enum Level: Int, Sendable, CaseIterable, Comparable {
    /// Something was lost or is broken: a person has to act. “database cannot be written”
    case error = 3
    /// Something is wrong, and the daemon goes on. “unknown group in [access]”
    case warning = 4
    /// Rare events that an administrator wants to see. “started”, “configuration reloaded”
    case notice = 5
    /// What the daemon does for its clients. “import finished”
    case info = 6
    /// What helps to find a mistake. “connection opened”
    case debug = 7

    public static func < (first: Level, second: Level) -> Bool {
      // A smaller number is more important.
      first.rawValue > second.rawValue
    }
  }

  /// How a line starts.
  public enum Format: Sendable {
    /// `<6>`, which the journal takes as the level.
    case journal
    /// The time (UTC) and the level.
    case plain
  }

  private let sink: Sink

  /// Logs to the standard error, in the form that fits where it leads.
  public init(level: Level) {
    self.init(
      level: level, descriptor: 2, format: Self.leadsToJournal(descriptor: 2) ? .journal : .plain)
  }

  /// Logs to an open descriptor, which stays the caller's.
  public init(level: Level, descriptor: Int32, format: Format) {
    sink = Sink(level: level, descriptor: descriptor, format: format)
  }

  /// Events below are dropped.
  ///
  /// All copies share it, so a reload changes it everywhere.
  public var level: Level {
    get { sink.level }
    nonmutating set { sink.level = newValue }
  }

  public func error(
    _ message: StaticString,
    _ fields: KeyValuePairs<StaticString, any CustomStringConvertible> = [:]
  ) {
    write(.error, message, fields)
  }

  public func warning(
    _ message: StaticString,
    _ fields: KeyValuePairs<StaticString, any CustomStringConvertible> = [:]
  ) {
    write(.warning, message, fields)
  }

  public func notice(
    _ message: StaticString,
    _ fields: KeyValuePairs<StaticString, any CustomStringConvertible> = [:]
  ) {
    write(.notice, message, fields)
  }

  public func info(
    _ message: StaticString,
    _ fields: @autoclosure () -> KeyValuePairs<StaticString, any CustomStringConvertible> = [:]
  ) {
    guard level <= .info else { return }
    write(.info, message, fields())
  }

  /// The fields are not even computed unless the level is ``Level/debug``.
  public func debug(
    _ message: StaticString,
    _ fields: @autoclosure () -> KeyValuePairs<StaticString, any CustomStringConvertible> = [:]
  ) {
    guard level <= .debug else { return }
    write(.debug, message, fields())
  }

  private func write(
    _ level: Level, _ message: StaticString,
    _ fields: KeyValuePairs<StaticString, any CustomStringConvertible>
  ) {
    guard self.level <= level else { return }
    var line = "\(message)"
    for (key, value) in fields { line += " \(key)=\(logValue(value.description))" }
    sink.write(level, line)
  }

  /// Whether a descriptor is the stream that systemd connected to the journal.
  ///
  /// JOURNAL_STREAM holds the device and inode of that stream; a redirected descriptor has others.
  static func leadsToJournal(descriptor: Int32) -> Bool {
    guard let stream = unsafe getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    return unsafe String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
  }
}

/// Where the lines go.
private final class Sink: Sendable {
  private let descriptor: Int32
  private let format: Log.Format
  private let threshold: Atomic<Int>

  init(level: Log.Level, descriptor: Int32, format: Log.Format) {
    self.descriptor = descriptor
    self.format = format
    threshold = Atomic(level.rawValue)
  }

  var level: Log.Level {
    get { Log.Level(rawValue: threshold.load(ordering: .relaxed)) ?? .info }
    set { threshold.store(newValue.rawValue, ordering: .relaxed) }
  }

  func write(_ level: Log.Level, _ line: String) {
    let prefix =
      switch format {
      case .journal: "<\(level.rawValue)>"
      case .plain: "\(timestamp()) \(level) "
      }
    // One system call for a line, so that lines of several threads do not mix.
    let bytes = Array((prefix + line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0 {
        // Nobody is left to be told that logging fails.
        guard errno == EINTR else { return }
      } else {
        written += count
      }
    }
  }
}

/// The present time in UTC, such as `2025-03-01T12:30:00.125Z`.
private func timestamp() -> String {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  var parts = unsafe tm()
  var text = [CChar](repeating: 0, count: 32)
  _ = unsafe gmtime_r(&now.tv_sec, &parts)
  let length = unsafe strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
  let seconds = String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let milliseconds = "\(now.tv_nsec / 1_000_000)"
  return "\(seconds).\(String(repeating: "0", count: 3 - milliseconds.count))\(milliseconds)Z"
}
