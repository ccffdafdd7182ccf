internal import CLinux
internal import Glibc
internal import Synchronization

/// Waits for descriptors, timers and work from other threads, and handles them one after the other.
///
/// One thread runs it; every handler is called there and must not block. All methods may be called
/// from any thread.
public final class EventLoop: Sendable {
  /// What a descriptor is watched for.
  public struct Interest: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let read = Interest(rawValue: 1 << 0)
    public static let write = Interest(rawValue: 1 << 1)
  }

  /// What has happened to a descriptor.
  public struct Readiness: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Bytes, a connection or the end of the stream can be read.
    public static let readable = Readiness(rawValue: 1 << 0)
    public static let writable = Readiness(rawValue: 1 << 1)
    /// The other side is gone in both directions; reported whether watched for or not.
    public static let hungUp = Readiness(rawValue: 1 << 2)
  }

  /// A descriptor that is being watched.
  public struct Watch: Hashable, Sendable {
    fileprivate let key: UInt64
    fileprivate let number: Int32
  }

  /// A timer that has been set.
  public struct Timer: Hashable, Sendable {
    fileprivate let key: UInt64
  }

  private struct PendingTimer {
    var deadline: ContinuousClock.Instant
    let interval: Duration?
    let action: @Sendable () -> Void
  }

  private struct State {
    var lastKey = EventLoop.wakeKey
    var handlers: [UInt64: @Sendable (Readiness) -> Void] = [:]
    var timers: [UInt64: PendingTimer] = [:]
    var work: [@Sendable () -> Void] = []
    var isStopping = false

    mutating func makeKey() -> UInt64 {
      lastKey += 1
      return lastKey
    }
  }

  private static let wakeKey: UInt64 = 0
  private static let eventsAtOnce = 64

  private let epoll: FileDescriptor
  private let wake: FileDescriptor
  private let state = Mutex(State())

  /// Makes a loop that watches nothing.
  public init() throws(SocketError) {
    let epollNumber = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epollNumber >= 0 else { throw .lastCall("epoll_create1") }
    epoll = FileDescriptor(owning: epollNumber)
    let wakeNumber = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard wakeNumber >= 0 else { throw .lastCall("eventfd") }
    wake = FileDescriptor(owning: wakeNumber)
    try control(EPOLL_CTL_ADD, wake.rawValue, interest: .read, key: Self.wakeKey)
  }

  // MARK: Descriptors

  /// Watches a descriptor, level-triggered: the handler is called for as long as the state lasts.
  ///
  /// - Parameters:
  ///   - descriptor: must stay open until ``remove(_:)``.
  ///   - interest: what to watch for.
  ///   - handler: called on the loop's thread.
  /// - Returns: what to change and end the watch with.
  /// - Throws: ``SocketError/system(call:code:path:)``.
  public func watch(
    _ descriptor: borrowing FileDescriptor, for interest: Interest,
    handler: @escaping @Sendable (Readiness) -> Void
  ) throws(SocketError) -> Watch {
    try watch(descriptor.rawValue, for: interest, handler: handler)
  }

  func watch(
    _ number: Int32, for interest: Interest, handler: @escaping @Sendable (Readiness) -> Void
  ) throws(SocketError) -> Watch {
    let key = state.withLock { state in
      let key = state.makeKey()
      state.handlers[key] = handler
      return key
    }
    do throws(SocketError) {
      try control(EPOLL_CTL_ADD, number, interest: interest, key: key)
    } catch {
      state.withLock { _ = $0.handlers.removeValue(forKey: key) }
      throw error
    }
    return Watch(key: key, number: number)
  }

  /// Changes what a descriptor is watched for; an empty interest leaves ``Readiness/hungUp`` only.
  public func setInterest(_ interest: Interest, of watch: Watch) throws(SocketError) {
    try control(EPOLL_CTL_MOD, watch.number, interest: interest, key: watch.key)
  }

  /// Ends a watch; its handler is not called again once this has returned on the loop's thread.
  public func remove(_ watch: Watch) {
    state.withLock { _ = $0.handlers.removeValue(forKey: watch.key) }
    _ = epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, watch.number, nil)
  }

  private func control(
    _ operation: Int32, _ number: Int32, interest: Interest, key: UInt64
  ) throws(SocketError) {
    var event = unsafe epoll_event()
    if interest.contains(.read) { unsafe event.events |= EPOLLIN.rawValue }
    if interest.contains(.write) { unsafe event.events |= EPOLLOUT.rawValue }
    unsafe event.data.u64 = key
    guard unsafe epoll_ctl(epoll.rawValue, operation, number, &event) == 0 else {
      throw .lastCall("epoll_ctl")
    }
  }

  // MARK: Work and timers

  /// Calls `action` on the loop's thread, soon, after what was asked for before.
  public func perform(_ action: @escaping @Sendable () -> Void) {
    let mustWake = state.withLock { state in
      state.work.append(action)
      return state.work.count == 1
    }
    if mustWake { wakeUp() }
  }

  /// Calls `action` once, when `delay` has passed.
  @discardableResult
  public func schedule(after delay: Duration, action: @escaping @Sendable () -> Void) -> Timer {
    addTimer(
      PendingTimer(deadline: .now + delay, interval: nil, action: action))
  }

  /// Calls `action` again and again until the timer is cancelled.
  ///
  /// - Precondition: `interval` is positive.
  public func schedule(every interval: Duration, action: @escaping @Sendable () -> Void) -> Timer {
    precondition(interval > .zero, "an interval is positive")
    return addTimer(
      PendingTimer(deadline: .now + interval, interval: interval, action: action))
  }

  /// Forgets a timer; does nothing if it is past.
  public func cancel(_ timer: Timer) {
    state.withLock { _ = $0.timers.removeValue(forKey: timer.key) }
  }

  private func addTimer(_ timer: PendingTimer) -> Timer {
    let key = state.withLock { state in
      let key = state.makeKey()
      state.timers[key] = timer
      return key
    }
    wakeUp()
    return Timer(key: key)
  }

  private func wakeUp() {
    var one: UInt64 = 1
    // A full counter (EAGAIN) wakes as well.
    _ = retryingInterrupted { unsafe write(wake.rawValue, &one, 8) }
  }

  // MARK: Running

  /// Runs on the calling thread until ``stop()``.
  public func run() {
    var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.eventsAtOnce)
    while true {
      let (timeout, isStopping) = state.withLock { state in
        (Self.milliseconds(untilNextOf: state), state.isStopping)
      }
      if isStopping { break }
      let count = unsafe epoll_wait(
        epoll.rawValue, &events, Int32(Self.eventsAtOnce), timeout)
      // Interrupted by a signal: -1, and nothing to handle.
      for index in 0..<max(0, Int(count)) {
        unsafe handle(key: events[index].data.u64, events: events[index].events)
      }
      runDueTimers()
      runWork()
    }
    runWork()
  }

  /// Ends ``run()`` after what is being handled, and after the work that was asked for before.
  public func stop() {
    state.withLock { $0.isStopping = true }
    wakeUp()
  }

  private func handle(key: UInt64, events: UInt32) {
    guard key != Self.wakeKey else {
      var count: UInt64 = 0
      _ = unsafe read(wake.rawValue, &count, 8)
      return
    }
    var readiness: Readiness = []
    if events & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
    if events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
    if events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.insert(.hungUp) }
    // An earlier handler of this round may have removed the watch.
    let handler = state.withLock { $0.handlers[key] }
    handler?(readiness)
  }

  private func runWork() {
    let work = state.withLock { state in
      var work: [@Sendable () -> Void] = []
      swap(&work, &state.work)
      return work
    }
    for action in work { action() }
  }

  private func runDueTimers() {
    let now = ContinuousClock.now
    let due = state.withLock { state in
      state.timers.filter { $0.value.deadline <= now }.sorted {
        ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key)
      }.map(\.key)
    }
    for key in due {
      // An earlier action may have cancelled it.
      let action = state.withLock { state -> (@Sendable () -> Void)? in
        guard let timer = state.timers.removeValue(forKey: key) else { return nil }
        if let interval = timer.interval {
          // Ticks that were missed are not made up for.
          state.timers[key] = PendingTimer(
            deadline: max(timer.deadline + interval, now), interval: interval,
            action: timer.action)
        }
        return timer.action
      }
      action?()
    }
  }

  /// What `epoll_wait` takes: −1 for ever, rounded up so that a timer is never early.
  private static func milliseconds(untilNextOf state: State) -> Int32 {
    if !state.work.isEmpty { return 0 }
    guard let deadline = state.timers.values.map(\.deadline).min() else { return -1 }
    return wholeMilliseconds(until: deadline)
  }
}
