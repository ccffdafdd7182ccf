internal import Dispatch
internal import Synchronization

/// What `body` makes of the numbers from 0 to `count`, computed side by side on all processors.
///
/// - Parameters:
///   - count: how many there are; of a single one the calling thread takes care.
///   - body: called from several threads at once.
/// - Returns: in the order of the numbers.
public func concurrently<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
  guard count != 1 else { return [body(0)] }
  let results = Results<Result>(count: count)
  withoutActuallyEscaping(body) { body in
    let shared = Shared(body: body)
    DispatchQueue.concurrentPerform(iterations: count) { results.set($0, shared.body($0)) }
  }
  return results.all()
}

/// `@unchecked Sendable`: whoever calls ``concurrently(_:_:)`` gives what may run side by side.
private struct Shared<Result>: @unchecked Sendable {
  let body: (Int) -> Result
}

/// `@unchecked Sendable`: the lock protects the results.
private final class Results<Result>: @unchecked Sendable {
  private let lock = Mutex<Void>(())
  private var results: [Result?]

  init(count: Int) { results = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ result: Result) { lock.withLock { _ in results[index] = result } }

  func all() -> [Result] { lock.withLock { _ in results.compactMap { $0 } } }
}
