internal import Synchronization

/// Values kept in memory until they were not used for a while.
final class ExpiringTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  fileprivate struct Entry {
    let value: Value
    /// The number of its last use: no two are the same.
    var use: Int
    var lastUse: ContinuousClock.Instant
  }

  fileprivate struct Content {
    var entries: [Key: Entry] = [:]
    /// Keys in the order of their uses, the latest last; what was used again later counts there.
    var uses: [(key: Key, use: Int)] = []
    /// Uses before this place are done with.
    var first = 0
    var nextUse = 0
  }

  private let content = Mutex(Content())
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
    content.withLock { content in
      guard let entry = content.entries[key], now - entry.lastUse < lifetime else {
        content.entries[key] = nil
        return nil
      }
      content.use(entry.value, as: key, now)
      return entry.value
    }
  }

  /// Keeps `value` under `key`, in place of what was there.
  func keep(_ value: Value, as key: Key, now: ContinuousClock.Instant = .now) {
    content.withLock { content in
      content.forgetOldest { content, entry in
        now - entry.lastUse >= lifetime
          || content.entries.count >= capacity && content.entries[key] == nil
      }
      content.use(value, as: key, now)
    }
  }

  /// Forgets what `isUnwanted`.
  func forget(where isUnwanted: (Key) -> Bool) {
    content.withLock { $0.entries = $0.entries.filter { !isUnwanted($0.key) } }
  }
}

extension ExpiringTable.Content {
  /// Notes a use of a value.
  fileprivate mutating func use(_ value: Value, as key: Key, _ now: ContinuousClock.Instant) {
    entries[key] = .init(value: value, use: nextUse, lastUse: now)
    uses.append((key, nextUse))
    nextUse += 1
    // Half of the list is done with, or was used again later.
    if uses.count > 64, uses.count > 4 * entries.count {
      uses = uses[first...].filter { entries[$0.key]?.use == $0.use }
      first = 0
    }
  }

  /// Forgets the values that were not used for longest while they are unwanted.
  fileprivate mutating func forgetOldest(
    while isUnwanted: (Self, ExpiringTable.Entry) -> Bool
  ) {
    while first < uses.count {
      let (key, use) = uses[first]
      if let entry = entries[key], entry.use == use {
        guard isUnwanted(self, entry) else { return }
        entries[key] = nil
      }
      first += 1
    }
  }
}
