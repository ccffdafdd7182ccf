public import FaceTypes

/// Which way a list is sorted.
public enum SortOrder: UInt8, Hashable, Sendable {
  case ascending = 0
  case descending = 1
}

/// Which part of a list is wanted.
public enum PageRequest: Hashable, Sendable {
  /// The `count` objects after a cursor; from the start without one.
  ///
  /// Stable under change: an object that stays where it is in the order comes exactly once, however
  /// many others come, go or move between the pages.
  case after(PageCursor?, count: Int)
  /// Page `number`, counted from 1, of `size` objects each.
  case numbered(Int, size: Int)

  /// The first `count` objects.
  public static func first(_ count: Int) -> PageRequest { .after(nil, count: count) }
}

/// A part of a list.
public struct Page<Record: Sendable>: Sendable {
  public let records: [Record]
  /// Where the next page starts; `nil` at the end of the list.
  public let next: PageCursor?
  /// How many objects the whole list has; `nil` unless it was asked for.
  public let total: Int?

  public init(records: [Record], next: PageCursor?, total: Int?) {
    self.records = records
    self.next = next
    self.total = total
  }
}

/// A span of time, both ends included; an end that is `nil` is open.
public struct TimestampRange: Hashable, Sendable {
  public var earliest: Timestamp?
  public var latest: Timestamp?

  public init(earliest: Timestamp? = nil, latest: Timestamp? = nil) {
    self.earliest = earliest
    self.latest = latest
  }
}

/// A field of an update: left alone, or given a value.
public enum Update<Value: Sendable & Hashable>: Sendable, Hashable {
  case keep
  case set(Value)
}
