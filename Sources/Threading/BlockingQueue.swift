/// A first-in-first-out queue between threads; a full one makes its producers wait.
///
/// `@unchecked Sendable`: `condition` protects every field.
public final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
  private let condition = Condition()
  private let capacity: Int
  private var elements: [Element] = []
  private var head = 0
  private var isClosed = false

  /// Holds at most `capacity` elements.
  public init(capacity: Int) { self.capacity = capacity }

  public var count: Int { condition.withLock { elements.count - head } }

  /// Waits for room and appends; `false` if the queue is closed.
  public func put(_ element: Element) -> Bool {
    condition.withLock {
      while elements.count - head >= capacity && !isClosed { condition.wait() }
      guard !isClosed else { return false }
      elements.append(element)
      condition.wakeAll()
      return true
    }
  }

  /// Waits for an element; `nil` once the queue is closed and empty.
  public func take() -> Element? {
    condition.withLock {
      while elements.count == head && !isClosed { condition.wait() }
      return removeFirst()
    }
  }

  /// What a bounded wait for an element came to.
  public enum Taken {
    case element(Element)
    /// The queue is closed and empty.
    case closed
  }

  /// Waits for an element for a while; `nil` if none came.
  public func take(within duration: Duration) -> Taken? {
    let deadline = ContinuousClock.now + duration
    return condition.withLock {
      while elements.count == head && !isClosed {
        let (seconds, attoseconds) = (deadline - .now).components
        let milliseconds = Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        guard milliseconds > 0 else { return nil }
        _ = condition.wait(milliseconds: milliseconds)
      }
      return removeFirst().map(Taken.element) ?? .closed
    }
  }

  /// No more elements are taken in; those queued are still handed out.
  public func close() {
    condition.withLock {
      isClosed = true
      condition.wakeAll()
    }
  }

  private func removeFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    if head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    condition.wakeAll()
    return element
  }
}
