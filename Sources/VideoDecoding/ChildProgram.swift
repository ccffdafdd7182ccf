internal import CLinux
internal import Glibc

/// A program that runs with limits and reports through two pipes; it is killed and waited for when
/// it goes out of scope.
///
/// Its standard input is empty, its descriptor 3 the file that it is to read, and it has no others.
/// It dies with the thread that started it.
struct ChildProgram: ~Copyable {
  private var process: pid_t
  private let output: Int32
  private let errors: Int32
  /// The end of what it wrote to its standard error.
  private(set) var complaints: [UInt8] = []
  private var isErrorsOpen = true

  /// Bytes of ``complaints`` that are kept.
  private static let complaintLimit = 4096
  /// How often a reader looks whether it is still wanted, in milliseconds.
  private static let pollInterval: Int32 = 200

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: Of the program.
  ///   - arguments: Without its name.
  ///   - file: Becomes its descriptor 3; stays open here.
  ///   - policy: What it may use up.
  ///   - fileSize: Bytes that it may write into a file.
  /// - Throws: ``VideoError/programMissing(path:)`` or ``VideoError/programFailed(path:errorNumber:)``.
  init(
    _ path: String, _ arguments: [String], file: Int32, policy: VideoPolicy, fileSize: UInt64
  ) throws(VideoError) {
    var (outputs, errorPipe): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    guard null >= 0, unsafe pipe(&outputs) == 0, unsafe pipe(&errorPipe) == 0 else {
      let number = errno
      for descriptor in outputs + errorPipe + [null] where descriptor >= 0 { close(descriptor) }
      throw .programFailed(path: path, errorNumber: number)
    }
    for descriptor in outputs + errorPipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    for descriptor in [outputs[0], errorPipe[0]] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    // A whole megabyte, so that it can write ahead; less, if the system allows no more.
    _ = fcntl(outputs[0], 1031 /* F_SETPIPE_SZ */, 1 << 20)
    let words = [path] + arguments
    // glibc would otherwise set aside 64 MiB of addresses for each of its threads.
    let environment = [
      "PATH=/usr/bin:/bin", "LC_ALL=C", "MALLOC_ARENA_MAX=2", "AV_LOG_FORCE_NOCOLOR=1",
    ]
    var started = pid_t()
    let limits = clinux_limits(
      address_space: policy.addressSpaceLimit, file_size: fileSize,
      processor_seconds: UInt64(policy.durationLimit) * 4)
    let failure = unsafe withCStrings(words) { words in
      unsafe withCStrings(environment) { environment in
        let descriptors = [null, outputs[1], errorPipe[1], file]
        return unsafe clinux_spawn(
          path, words, environment, descriptors, Int32(descriptors.count), limits, &started)
      }
    }
    close(null)
    close(outputs[1])
    close(errorPipe[1])
    guard failure == 0 else {
      close(outputs[0])
      close(errorPipe[0])
      throw failure == ENOENT || failure == EACCES
        ? .programMissing(path: path) : .programFailed(path: path, errorNumber: failure)
    }
    process = started
    output = outputs[0]
    errors = errorPipe[0]
  }

  deinit {
    close(output)
    close(errors)
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// Reads what the program writes until `buffer` is full.
  ///
  /// - Parameters:
  ///   - buffer: To be filled.
  ///   - stallLimit: How long nothing may come.
  ///   - isCancelled: Asked several times a second.
  /// - Returns: How many bytes were read; fewer than asked for only at the end of the output.
  /// - Throws: ``VideoError/stalled(seconds:)`` or ``VideoError/cancelled``.
  mutating func read(
    into buffer: inout [UInt8], stallLimit: Duration, isCancelled: () -> Bool
  ) throws(VideoError) -> Int {
    var filled = 0
    var deadline = ContinuousClock.now + stallLimit
    while filled < buffer.count {
      guard !isCancelled() else { throw .cancelled }
      let (start, wanted) = (filled, buffer.count - filled)
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(output, $0.baseAddress?.advanced(by: start), wanted)
      }
      if count == 0 { break }
      if count > 0 {
        filled += count
        deadline = .now + stallLimit
        continue
      }
      guard errno == EAGAIN || errno == EINTR else { break }
      guard ContinuousClock.now < deadline else {
        throw .stalled(seconds: Int(stallLimit.components.seconds))
      }
      waitForOutput()
    }
    drainComplaints()
    return filled
  }

  /// Waits until there is something to read, for a moment at most.
  private mutating func waitForOutput() {
    var descriptors = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
    if isErrorsOpen { descriptors.append(pollfd(fd: errors, events: Int16(POLLIN), revents: 0)) }
    _ = unsafe poll(&descriptors, nfds_t(descriptors.count), Self.pollInterval)
    drainComplaints()
  }

  /// Reads what was written to the standard error, so that the program never waits for it.
  private mutating func drainComplaints() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while isErrorsOpen {
      let count = unsafe Glibc.read(errors, &buffer, buffer.count)
      if count == 0 { isErrorsOpen = false }
      guard count > 0 else { return }
      complaints += buffer[..<count]
      complaints = Array(complaints.suffix(Self.complaintLimit))
    }
  }

  /// Waits for the program to end by itself, for `limit` at most, and then kills it.
  ///
  /// - Parameter limit: How long it may take after its last output.
  /// - Returns: Its exit status; `nil` if a signal ended it.
  mutating func exitStatus(within limit: Duration = .seconds(10)) -> Int32? {
    let deadline = ContinuousClock.now + limit
    var status: Int32 = 0
    while unsafe waitpid(process, &status, WNOHANG) == 0 {
      drainComplaints()
      if ContinuousClock.now > deadline { kill(process, SIGKILL) }
      usleep(2000)
    }
    drainComplaints()
    process = 0
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }

  /// The last line that says something of what the program complained of, without its own marks.
  var reason: String {
    let text = String(decoding: complaints, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map(Self.withoutMarks)
      .filter { !$0.isEmpty }
    return lines.last { $0 != Self.platitude } ?? lines.last ?? "it gave no reason"
  }

  /// What FFmpeg says of everything that it cannot read, after the true reason.
  private static let platitude = "Invalid data found when processing input"

  /// `[mov,mp4 @ 0x55] moov atom not found` and `/proc/self/fd/3: Invalid data` without what comes
  /// before the words.
  private static func withoutMarks(_ line: Substring) -> String {
    var line = line
    while line.hasPrefix("["), let end = line.firstIndex(of: "]") {
      line = line[line.index(after: end)...].drop { $0 == " " }
    }
    for mark in [VideoInput.path + ": ", VideoInput.cachedPath + ": "] where line.hasPrefix(mark) {
      line = line.dropFirst(mark.count)
    }
    return String(line)
  }
}

/// Calls `body` with a list of C strings that a null pointer ends.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe texts.map { unsafe strdup($0) }
  defer { unsafe pointers.forEach { unsafe free($0) } }
  unsafe pointers.append(nil)
  return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("the list is never empty") }
    return unsafe body(base)
  }
}
