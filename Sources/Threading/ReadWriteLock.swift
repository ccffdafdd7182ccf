internal import Glibc

/// A lock that many readers or one writer hold.
///
/// `@unchecked Sendable`: the POSIX object is made to be shared and never moves.
@safe
public final class ReadWriteLock: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  /// - Parameter prefersWriters: no reader comes in while a writer waits, so that readers who follow
  ///   one another closely do not keep it out.
  public init(prefersWriters: Bool = false) {
    unsafe lock = .allocate(capacity: 1)
    unsafe lock.initialize(to: pthread_rwlock_t())
    var attributes = pthread_rwlockattr_t()
    unsafe pthread_rwlockattr_init(&attributes)
    if prefersWriters {
      unsafe pthread_rwlockattr_setkind_np(
        &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    }
    let failed = unsafe pthread_rwlock_init(lock, &attributes) != 0
    unsafe pthread_rwlockattr_destroy(&attributes)
    precondition(!failed, "a lock needs memory only")
  }

  deinit {
    unsafe pthread_rwlock_destroy(lock)
    unsafe lock.deallocate()
  }

  /// Runs `body` beside other readers, while nobody writes.
  ///
  /// Not re-entrant.
  public func read<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_rwlock_rdlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    return try body()
  }

  /// Runs `body` alone.
  ///
  /// Not re-entrant.
  public func write<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_rwlock_wrlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    return try body()
  }
}
