internal import Glibc

/// A mutual exclusion lock on which threads can also wait for a change.
///
/// `@unchecked Sendable`: the two POSIX objects are made to be shared and never move.
@safe
public final class Condition: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  public init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe condition = .allocate(capacity: 1)
    unsafe condition.initialize(to: pthread_cond_t())
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // Waiting by the monotonic clock: a set wall clock must not end or prolong a wait.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    let failed =
      unsafe pthread_mutex_init(mutex, nil) != 0
      || pthread_cond_init(condition, &attributes) != 0
    unsafe pthread_condattr_destroy(&attributes)
    precondition(!failed, "a mutex needs memory only")
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` while holding the lock.
  ///
  /// Not re-entrant.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Gives the lock up until another thread calls ``wakeAll()``; may also wake for no reason.
  ///
  /// - Precondition: the caller holds the lock.
  public func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// As ``wait()``, for `milliseconds` at most; `false` if they passed.
  public func wait(milliseconds: Int) -> Bool {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_sec += milliseconds / 1000
    deadline.tv_nsec += milliseconds % 1000 * 1_000_000
    if deadline.tv_nsec >= 1_000_000_000 {
      deadline.tv_nsec -= 1_000_000_000
      deadline.tv_sec += 1
    }
    return unsafe pthread_cond_timedwait(condition, mutex, &deadline) == 0
  }

  /// Wakes every waiting thread.
  public func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}
