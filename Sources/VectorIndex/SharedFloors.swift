internal import Synchronization

/// The least similarity that is good enough for each of some queries, known to all threads that search
/// parts of the rows: whoever has found enough raises it for all.
///
/// What is not kept out by it is sorted out when the parts come together, so that the outcome does not
/// depend on which thread was faster.
public final class SharedFloors: Sendable {
  private let floors: Mutex<[Float]>

  /// - Parameter floors: the first ones.
  public init(_ floors: [Float]) { self.floors = Mutex(floors) }

  /// The floors as they are.
  public var all: [Float] { floors.withLock { $0 } }

  /// Raises the floor of a query, if it is lower than what a thread has found.
  ///
  /// - Returns: the floor that is valid now.
  public func raise(_ query: Int, to floor: Float) -> Float {
    floors.withLock { floors in
      floors[query] = max(floors[query], floor)
      return floors[query]
    }
  }
}
