/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Sendable, Comparable {
  public let milliseconds: Int64
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }
}

/// When a camera says a picture was taken.
///
/// Cameras write local time and often no offset; `localTime` is that clock read as if it were
/// UTC, so that pictures of one camera still sort rightly when the offset is unknown.
public struct CaptureTime: Hashable, Sendable {
  /// The camera's clock, read as if its time zone were UTC.
  public let localTime: Timestamp
  /// Seconds east of UTC, if the file says so.
  public let offsetSeconds: Int32?

  public init(localTime: Timestamp, offsetSeconds: Int32?) {
    self.localTime = localTime
    self.offsetSeconds = offsetSeconds
  }

  /// The moment itself; with an unknown offset, the camera's clock taken as UTC.
  public var moment: Timestamp {
    Timestamp(milliseconds: localTime.milliseconds - Int64(offsetSeconds ?? 0) * 1000)
  }
}

/// A place on the earth, WGS 84, in degrees: north and east are positive.
public struct GeographicPosition: Hashable, Sendable {
  public let latitude: Double
  public let longitude: Double

  /// Wraps a position; `nil` outside ±90 and ±180 degrees.
  public init?(latitude: Double, longitude: Double) {
    guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }
}
