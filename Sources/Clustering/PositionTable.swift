/// Positions by keys that stand elsewhere, at the positions themselves: four bytes a slot.
///
/// Open addressing with linear probing (Knuth, The Art of Computer Programming, volume 3, section 6.4,
/// algorithms L and R).
struct PositionTable: Sendable {
  /// −1 where nothing is; a power of two of them, of which at most three quarters are in use.
  private var slots: [Int32] = []
  private(set) var count = 0
  private var shift: UInt64 = 64

  private static let empty: Int32 = -1
  private static let fewestSlots = 16

  /// None yet.
  init() {}

  /// None yet, with room for so many.
  init(expecting count: Int) {
    var size = Self.fewestSlots
    while 4 * count > 3 * size { size *= 2 }
    makeSlots(size)
  }

  /// Positions whose keys all differ.
  ///
  /// - Parameters:
  ///   - positions: less than 2³¹ each.
  ///   - count: how many there are.
  ///   - keyAt: the key at each.
  init(_ positions: some Sequence<Int>, count: Int, _ keyAt: (Int) -> Int64) {
    self.init(expecting: count)
    for position in positions { place(Int32(position), home: home(of: keyAt(position))) }
    self.count = count
  }

  /// Looks up a key.
  ///
  /// - Parameters:
  ///   - key: what is sought.
  ///   - keyAt: the key at a position that is in the table.
  /// - Returns: its position; `nil` if it is not there.
  func position(of key: Int64, _ keyAt: (Int) -> Int64) -> Int? {
    guard let slot = slot(of: key, keyAt) else { return nil }
    return Int(slots[slot])
  }

  /// Takes in a position, in the place of another one with its key if there is one.
  ///
  /// - Parameters:
  ///   - position: less than 2³¹.
  ///   - keyAt: the key at a position that is in the table, and at this one.
  /// - Returns: the position that it took the place of; `nil` if its key is new.
  @discardableResult
  mutating func replace(_ position: Int, _ keyAt: (Int) -> Int64) -> Int? {
    let key = keyAt(position)
    if let slot = slot(of: key, keyAt) {
      defer { slots[slot] = Int32(position) }
      return Int(slots[slot])
    }
    if 4 * (count + 1) > 3 * slots.count { grow(keyAt) }
    place(Int32(position), home: home(of: key))
    count += 1
    return nil
  }

  /// Forgets a key; does nothing if it is not there.
  ///
  /// - Parameters:
  ///   - key: what is forgotten.
  ///   - keyAt: the key at a position that is in the table.
  mutating func remove(_ key: Int64, _ keyAt: (Int) -> Int64) {
    guard var hole = slot(of: key, keyAt) else { return }
    var next = hole
    while true {
      next = (next + 1) & (slots.count - 1)
      guard slots[next] != Self.empty else { break }
      // It may fill the hole unless its home lies behind the hole.
      let home = home(of: keyAt(Int(slots[next])))
      if (next - home) & (slots.count - 1) >= (next - hole) & (slots.count - 1) {
        slots[hole] = slots[next]
        hole = next
      }
    }
    slots[hole] = Self.empty
    count -= 1
  }

  private func slot(of key: Int64, _ keyAt: (Int) -> Int64) -> Int? {
    guard count > 0 else { return nil }
    var slot = home(of: key)
    while slots[slot] != Self.empty {
      if keyAt(Int(slots[slot])) == key { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Multiplicative hashing by the golden ratio: the upper bits of the product.
  private func home(of key: Int64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: key) &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  private mutating func place(_ position: Int32, home: Int) {
    var slot = home
    while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = position
  }

  private mutating func makeSlots(_ size: Int) {
    slots = [Int32](repeating: Self.empty, count: size)
    shift = UInt64(64 - size.trailingZeroBitCount)
  }

  private mutating func grow(_ keyAt: (Int) -> Int64) {
    let old = slots
    makeSlots(max(Self.fewestSlots, 2 * old.count))
    for position in old where position != Self.empty {
      place(position, home: home(of: keyAt(Int(position))))
    }
  }
}
