/// A row of the store, named by what it stands for so that two kinds cannot be confused.
///
/// Row keys are what analysis, clustering and the store exchange. They never leave the daemon:
/// on the wire an object is known by its ``PublicIdentifier``.
public protocol RowIdentifier: RawRepresentable<Int64>, Hashable, Sendable, Comparable,
  CustomStringConvertible
{
  /// Wraps the key of a row.
  init(rawValue: Int64)
}

extension RowIdentifier {
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  public var description: String { "\(rawValue)" }
}

/// A library: a namespace of media and of the people in them.
public struct LibraryID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A medium: one photograph or one video of a library.
public struct MediaID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A figure: one face found in one medium.
public struct FigureID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A FigureCluster: everything in one library that shows one person.
public struct ClusterID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A collection of people enrolled by example.
public struct RecognitionLibraryID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A person enrolled by example.
public struct EntityID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A task: work that outlives the request that asked for it.
public struct TaskID: RowIdentifier {
  public let rawValue: Int64
  public init(rawValue: Int64) { self.rawValue = rawValue }
}
