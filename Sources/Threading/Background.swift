/// A value that a thread of its own computes, while others do something else.
///
/// `@unchecked Sendable`: `condition` protects the result.
public final class Background<Value: Sendable>: @unchecked Sendable {
  private let condition = Condition()
  private var result: Result<Value, any Error>?

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - name: of the thread; its first 15 bytes count.
  ///   - body: computes the value.
  public init(named name: String, _ body: @escaping @Sendable () throws -> Value) {
    startThread(named: name) { [self] in
      let result = Result { try body() }
      condition.withLock {
        self.result = result
        condition.wakeAll()
      }
    }
  }

  /// Waits for the value.
  ///
  /// - Throws: what the computation threw.
  public func value() throws -> Value {
    try condition.withLock {
      while true {
        if let result { return try result.get() }
        condition.wait()
      }
    }
  }
}
