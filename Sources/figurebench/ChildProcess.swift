import FoundationEssentials
import Glibc

/// A program that is told to stop, and waited for, when it is no longer used.
struct ChildProcess: ~Copyable {
  private let identifier: pid_t

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - words: its path and its arguments.
  ///   - log: the file that its standard error goes to.
  /// - Throws: ``BenchmarkError``.
  init(_ words: [String], log: String) throws {
    var process = pid_t()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var arguments = unsafe words.map { unsafe strdup($0) }
    defer { unsafe arguments.forEach { unsafe free($0) } }
    unsafe arguments.append(nil)
    let failure = unsafe posix_spawn(&process, words[0], &actions, nil, arguments, environ)
    guard failure == 0 else {
      throw BenchmarkError(description: "\(words[0]) cannot be started (error \(failure))")
    }
    identifier = process
  }

  deinit {
    kill(identifier, SIGTERM)
    var status: Int32 = 0
    _ = unsafe waitpid(identifier, &status, 0)
  }

  /// Whether it has not ended yet.
  var isRunning: Bool {
    var information = unsafe siginfo_t()
    // Leaves it to be waited for in the end.
    let failure = unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe failure == 0 && information.si_signo == 0
  }

  /// The time that all of its threads have spent on processors.
  var processorTime: Duration {
    var clock = clockid_t()
    var time = timespec()
    guard unsafe clock_getcpuclockid(identifier, &clock) == 0,
      unsafe clock_gettime(clock, &time) == 0
    else { return .zero }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// The most memory that it has held, in bytes: VmHWM of proc(5).
  ///
  /// What getrusage(2) says of it counts the program that started it as well.
  var peakResidentBytes: Int { bytes("VmHWM:") }

  /// The memory that the program holds, in bytes.
  var residentBytes: Int { bytes("VmRSS:") }

  private func bytes(_ name: String) -> Int {
    let text = try? String(contentsOf: URL(filePath: "/proc/\(identifier)/status"), encoding: .utf8)
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }
    return (kibibytes?.first ?? 0) << 10
  }
}
