internal import Glibc

/// A closure on its way into a thread.
private final class ThreadBody {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a detached thread of our own.
///
/// - Parameters:
///   - name: shown by `top -H`; its first 15 bytes count.
///   - stackSize: bytes; decoders of images need some hundred kilobytes.
///   - nice: how far below normal priority, 0…19; Linux keeps it for each thread.
///   - body: what the thread does.
public func startThread(
  named name: String, stackSize: Int = 2 << 20, nice: Int32 = 0,
  _ body: @escaping @Sendable () -> Void
) {
  let threadBody = ThreadBody {
    nameThisThread(name)
    // Zero names the calling thread; a refusal leaves it at normal priority, which does no harm.
    if nice > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, nice) }
    body()
  }
  var attributes = pthread_attr_t()
  unsafe pthread_attr_init(&attributes)
  unsafe pthread_attr_setstacksize(&attributes, stackSize)
  unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  var thread = pthread_t()
  let status = unsafe pthread_create(
    &thread, &attributes,
    { argument in
      guard let argument = unsafe argument else { return nil }
      unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, Unmanaged.passRetained(threadBody).toOpaque())
  unsafe pthread_attr_destroy(&attributes)
  precondition(status == 0, "the system has no room for the thread \(name): error \(status)")
}

/// Names the calling thread for `top` and debuggers; without `/proc` it keeps the program's name.
private func nameThisThread(_ name: String) {
  let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  let bytes = Array(name.utf8.prefix(15))
  _ = unsafe write(descriptor, bytes, bytes.count)
  close(descriptor)
}
