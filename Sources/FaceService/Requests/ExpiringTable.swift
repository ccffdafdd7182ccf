internal import Synchronization

/// Values kept in memory until they were not used for a while.
final class ExpiringTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    let value: Value
    var lastUse: ContinuousClock.Instant
  }

  private let entries = Mutex<[Key: Entry]>([:])
  private let lifetime: Duration
  private let capacity: Int

  /// - Parameters:
  ///   - lifetime: how long after its last use a value expires.
  ///   - capacity: values kept at a time; the one that was not used for longest goes first.
  init(lifetime: Duration, capacity: Int) {
    self.lifetime = lifetime
    self.capacity = capacity
  }

  /// The value under `key`, whose life this prolongs; `nil` if there is none or it expired.
  func value(_ key: Key, now: ContinuousClock.Instant = .now) -> Value? {
    entries.withLock { entries in
      guard var entry = entries[key], now - entry.lastUse < lifetime else {
        entries[key] = nil
        return nil
      }
      entry.lastUse = now
      entries[key] = entry
      return entry.value
    }
  }

  /// Keeps `value` under `key`, in place of what was there.
  func keep(_ value: Value, as key: Key, now: ContinuousClock.Instant = .now) {
    entries.withLock { entries in
      if entries.count >= capacity, entries[key] == nil {
        entries = entries.filter { now - $0.value.lastUse < lifetime }
      }
      if entries.count >= capacity, entries[key] == nil,
        let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
      {
        entries[oldest] = nil
      }
      entries[key] = Entry(value: value, lastUse: now)
    }
  }

  /// Forgets what `isUnwanted`.
  func forget(where isUnwanted: (Key) -> Bool) {
    entries.withLock { $0 = $0.filter { !isUnwanted($0.key) } }
  }
}
