internal import CLinux
internal import Glibc

/// A thread of our own that runs an event loop until it is told to stop.
///
/// Dispatch and Swift's cooperative pool are left out of it: both have few threads, and one that
/// waits for ever would be missing there.
public final class LoopThread: Sendable {
  public let loop: EventLoop
  private let thread: pthread_t

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - loop: the loop to run.
  ///   - name: shown by `ps` and debuggers; 15 bytes at most.
  /// - Throws: ``SocketError/system(call:code:path:)`` if the system has no thread left.
  public init(running loop: EventLoop, name: String) throws(SocketError) {
    self.loop = loop
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(loop)
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      unsafe context.release()
      throw .system(call: "pthread_create", code: status)
    }
    self.thread = thread
    _ = unsafe pthread_setname_np(thread, String(name.prefix(15)))
  }

  /// Stops the loop and waits for the thread to end; not to be called from the loop's own thread.
  public func stopAndWait() {
    loop.stop()
    _ = pthread_join(thread, nil)
  }
}
