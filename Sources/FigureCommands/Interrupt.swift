internal import Dispatch
internal import Glibc
internal import Synchronization

/// What Ctrl-C does while a command waits: first it stops the work in good order, then it quits.
package final class Interrupt: Sendable {
  // Dispatch's own objects may be used from any thread; the overlay does not say so on Linux.
  nonisolated(unsafe) private let source: any DispatchSourceSignal
  private let count = Atomic(0)
  /// Whether Ctrl-C has been pressed.
  package var hasOccurred: Bool { count.load(ordering: .acquiring) > 0 }

  /// - Parameter first: what the first Ctrl-C does, on a thread of its own; the second ends the
  ///   process at once.
  package init(first: @escaping @Sendable () -> Void) {
    // The source is told of a signal only if its default, ending the process, is off.
    _ = signal(SIGINT, SIG_IGN)
    unsafe source = DispatchSource.makeSignalSource(
      signal: SIGINT, queue: DispatchQueue(label: "Ctrl-C"))
    unsafe source.setEventHandler { [weak self] in
      guard let self else { return }
      if count.add(1, ordering: .acquiringAndReleasing).oldValue > 0 {
        exit(ExitCode.interrupted.rawValue)
      }
      first()
    }
    unsafe source.resume()
  }

  deinit {
    unsafe source.cancel()
    _ = signal(SIGINT, SIG_DFL)
  }
}
