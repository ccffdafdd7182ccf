internal import CLinux
internal import Glibc

/// Signals that arrive on an event loop instead of interrupting a thread.
///
/// ``block(_:)`` must come first in the program, before any other thread exists: every thread
/// inherits the blocked set, and so no signal is lost however early it comes. Programs that are
/// started as children inherit it too unless they are given their own set.
public final class SignalWatch: Sendable {
  private let descriptor: FileDescriptor
  private let loop: EventLoop
  private let watch: EventLoop.Watch

  /// Keeps signals pending instead of letting them end the process.
  public static func block(_ signals: [Int32]) {
    var set = Self.set(of: signals)
    let status = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    precondition(status == 0, "signal numbers are valid")
  }

  /// Calls `handler` on the loop's thread for each signal, including those pending already.
  ///
  /// - Precondition: the signals were blocked with ``block(_:)``.
  public init(
    _ signals: [Int32], on loop: EventLoop, handler: @escaping @Sendable (Int32) -> Void
  ) throws(SocketError) {
    var set = Self.set(of: signals)
    let flags = Int32(SFD_CLOEXEC | SFD_NONBLOCK)
    let number = unsafe signalfd(-1, &set, flags)
    guard number >= 0 else { throw .lastCall("signalfd") }
    descriptor = FileDescriptor(owning: number)
    self.loop = loop
    watch = try loop.watch(descriptor, for: .read) { _ in
      var information = signalfd_siginfo()
      let size = MemoryLayout<signalfd_siginfo>.size
      while unsafe read(number, &information, size) == size {
        handler(Int32(information.ssi_signo))
      }
    }
  }

  deinit { loop.remove(watch) }

  private static func set(of signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    return set
  }
}
