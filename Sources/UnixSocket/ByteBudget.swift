internal import Synchronization

/// A number of bytes that many threads share.
final class ByteBudget: Sendable {
  let limit: Int
  private let taken = Atomic(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Bytes taken and not given back.
  var used: Int { taken.load(ordering: .relaxed) }

  /// Whether there was enough left; nothing is taken otherwise.
  func take(_ count: Int) -> Bool {
    let total = taken.wrappingAdd(count, ordering: .relaxed).newValue
    if total <= limit { return true }
    giveBack(count)
    return false
  }

  func giveBack(_ count: Int) {
    _ = taken.wrappingSubtract(count, ordering: .relaxed)
  }
}

/// A line from a peer.
///
/// Its bytes count against ``LineServerLimits/totalLineBytes`` until the last reference is gone, so it
/// should be dropped as soon as it is parsed.
public final class ReceivedLine: Sendable {
  /// Without the newline.
  public let bytes: [UInt8]
  private let budget: ByteBudget

  /// What a line costs beside its bytes, so that empty ones are not free.
  private static let overhead = 64

  /// `nil` if the budget has not enough left.
  init?(_ bytes: [UInt8], budget: ByteBudget) {
    guard budget.take(bytes.count + Self.overhead) else { return nil }
    self.bytes = bytes
    self.budget = budget
  }

  deinit { budget.giveBack(bytes.count + Self.overhead) }
}
